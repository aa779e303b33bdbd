// SPDX-License-Identifier: Apache-2.0
#include "reports/csv/csv_tables.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace mbench {
namespace {

// Names may hold anything.
std::string Field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string CellText(const TableColumn& column, const TableCell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return Field(*text);
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&cell))
    return fmt::format("{:.{}g}", *real, column.digits);
  return {};
}

}  // namespace

std::string CsvHeader(const ResultTable& table) {
  std::string line;
  for (const TableColumn& column : table.columns) line += (line.empty() ? "" : ",") + column.name;
  return line + "\n";
}

std::string CsvRow(const ResultTable& table, const TableRow& row) {
  std::string line;
  for (std::size_t i = 0; i < table.columns.size() && i < row.size(); ++i)
    line += (i == 0 ? "" : ",") + CellText(table.columns[i], row[i]);
  return line + "\n";
}

Status CsvTables::Begin(const ResultTable& table) {
  if (file_.is_open()) {
    if (Status ended = End(); !ended) return ended;
  }
  table_ = table;
  file_.open(folder_ + "/" + table.name + ".csv", std::ios::binary | std::ios::trunc);
  return Write(CsvHeader(table));
}

Status CsvTables::Add(const TableRow& row) { return Write(CsvRow(table_, row)); }

// What lay in a buffer may have found no room.
Status CsvTables::End() {
  file_.close();
  return Written();
}

Status CsvTables::Write(const std::string& text) {
  file_ << text;
  return Written();
}

Status CsvTables::Written() const {
  if (file_) return {};
  return BadConfig("cannot write {}/{}.csv: {}", folder_, table_.name, std::strerror(errno));
}

}  // namespace mbench
