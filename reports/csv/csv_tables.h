// SPDX-License-Identifier: Apache-2.0
//
// Tables as comma-separated values (RFC 4180, lines end with \n).
#pragma once

#include <fstream>
#include <string>

#include "reports/model/result_tables.h"

namespace mbench {

std::string CsvHeader(const ResultTable& table);
std::string CsvRow(const ResultTable& table, const TableRow& row);

// A file NAME.csv per table, in a folder that is there. Errors name the file.
class CsvTables final : public TableSink {
 public:
  explicit CsvTables(std::string folder) : folder_(std::move(folder)) {}
  Status Begin(const ResultTable& table) override;
  Status Add(const TableRow& row) override;
  Status End() override;

 private:
  Status Write(const std::string& text);
  Status Written() const;
  const std::string folder_;
  ResultTable table_;
  std::ofstream file_;
};

}  // namespace mbench
