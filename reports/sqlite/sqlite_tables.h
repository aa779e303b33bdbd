// SPDX-License-Identifier: Apache-2.0
//
// Tables as an SQLite database. The library is loaded when a database is asked for, so that mbench
// needs none to start; the driver sqlite, which needs it too, is another shared library.
#pragma once

#include <memory>
#include <string>

#include "reports/model/result_tables.h"

namespace mbench {

class SqliteTables final : public TableSink {
 public:
  // Makes the file. Fails with kUsage: there is no library, or no room for a file.
  static Result<std::unique_ptr<SqliteTables>> Open(const std::string& path);
  ~SqliteTables() override;

  Status Begin(const ResultTable& table) override;
  Status Add(const TableRow& row) override;
  Status End() override;

 private:
  class Database;
  explicit SqliteTables(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace mbench
