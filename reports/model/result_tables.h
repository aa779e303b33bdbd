// SPDX-License-Identifier: Apache-2.0
//
// Results as tables, for programs that work with tables: pandas, R, SQL. All that a row is about
// stands in it, so that tables of several runs can be put together; `run` is the name of the
// folder.
//
//   runs      a row per run: what it was, on which host, whether it is valid
//   summary   a row per op, per part of one (step or label), and one called "all" of each run
//   seconds   the same per second, without parts; columns as in reports/README.md, "Seconds as CSV"
//   figures   a row per second and figure of the system or the host
//   errors    a row per op and class of errors
//   objectives, events
//
// A column is empty where it does not apply or where nothing was measured. Names carry units.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "harness/base/result.h"
#include "harness/result/run_result.h"

namespace mbench {

enum class CellType { kText, kWhole, kReal };

struct TableColumn {
  std::string name;
  CellType type = CellType::kText;
  int digits = 6;  // of a kReal that is written as text
};

struct ResultTable {
  std::string name;
  std::vector<TableColumn> columns;
};

using TableCell = std::variant<std::monostate, std::string, std::int64_t, double>;
using TableRow = std::vector<TableCell>;

// Takes tables, one after another. An error ends the writing.
class TableSink {
 public:
  virtual ~TableSink() = default;
  virtual Status Begin(const ResultTable& table) = 0;
  virtual Status Add(const TableRow& row) = 0;  // of the table that began last
  virtual Status End() = 0;                     // of all
};

// Reads the results, more than once, and hands on all their tables. Seconds are never held all at
// once. Fails as ReadResult does, or as the sink.
Status WriteTables(std::span<const std::string> results, TableSink* sink);

// ---- pieces ----

const ResultTable& SecondsTable();
// The rows of an interval; none of the warm-up, which is not measured.
using RowVisitor = std::function<void(const TableRow&)>;
void VisitSecondRows(const RunResult& run, const Interval& interval, const RowVisitor& visit);

// The seconds of a stored run with their latencies, and what the log does not hold of them.
Status ForEachStoredSecond(const RunResult& run,
                           const std::function<Status(const Interval&)>& visit);

}  // namespace mbench
