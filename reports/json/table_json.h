// SPDX-License-Identifier: Apache-2.0
//
// Tables as one object: {"runs": [{"run": ..., ...}], "seconds": [...], ...}. A cell without a
// value is null.
#pragma once

#include <functional>
#include <string_view>

#include "reports/model/result_tables.h"

namespace mbench {

class JsonTables final : public TableSink {
 public:
  // Takes the text piece by piece.
  using Sink = std::function<Status(std::string_view)>;
  explicit JsonTables(Sink sink) : sink_(std::move(sink)) {}
  Status Begin(const ResultTable& table) override;
  Status Add(const TableRow& row) override;
  Status End() override;

 private:
  Sink sink_;
  ResultTable table_;
  bool has_table_ = false, has_row_ = false;
};

}  // namespace mbench
