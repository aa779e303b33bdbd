// SPDX-License-Identifier: Apache-2.0
#include "reports/json/table_json.h"

#include <cmath>

#include "harness/result/json_text.h"

namespace mbench {
namespace {

OrderedJson CellJson(const TableCell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return *whole;
  const auto* real = std::get_if<double>(&cell);
  return real != nullptr && std::isfinite(*real) ? OrderedJson(*real) : OrderedJson(nullptr);
}

}  // namespace

Status JsonTables::Begin(const ResultTable& table) {
  table_ = table;
  has_row_ = false;
  const std::string head = has_table_ ? "\n],\n" : "{\n";
  has_table_ = true;
  return sink_(head + DumpJson(OrderedJson(table.name)) + ": [");
}

Status JsonTables::Add(const TableRow& row) {
  OrderedJson json;
  for (std::size_t i = 0; i < table_.columns.size() && i < row.size(); ++i)
    json[table_.columns[i].name] = CellJson(row[i]);
  const std::string line = (has_row_ ? ",\n" : "\n") + DumpJson(json);
  has_row_ = true;
  return sink_(line);
}

Status JsonTables::End() { return sink_(has_table_ ? "\n]\n}\n" : "{}\n"); }

}  // namespace mbench
