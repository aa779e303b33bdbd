// SPDX-License-Identifier: Apache-2.0
#include "reports/text/use_table.h"

namespace mbench {
namespace {

constexpr std::size_t kShownName = 60;

}  // namespace

std::string UseLimit(const UseComparison& use, const TextStyle& style) {
  return Wrap("LIMIT     " + Printable(use.sentence), style.Prose(), 10);
}

std::string RenderUse(const UseComparison& use, const TextStyle& style) {
  if (use.lines.empty()) return "";
  Columns columns;
  std::vector<std::string> loads = {""}, heads = {"resource"};
  for (const UseColumn& column : use.columns) {
    loads.insert(loads.end(), {"at " + column.load, "", ""});
    heads.insert(heads.end(), {"utilisation", "saturation", "errors"});
  }
  columns.Add(std::move(loads));
  columns.Add(std::move(heads));
  for (const UseLine& line : use.lines) {
    std::vector<std::string> row = {(line.of_another ? "  " : "") +
                                    Printable(line.name, kShownName)};
    for (const UseLine::Numbers& numbers : line.by_column)
      for (const Number& number : numbers) row.push_back(UseText(number));
    columns.Add(std::move(row));
  }
  const std::vector<std::string> lines = columns.Lines();
  std::string out = "\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Color color = i < 2                        ? Color::kDim
                        : use.lines[i - 2].saturated ? Color::kRed
                                                     : Color::kNone;
    out += Paint(lines[i], color, style.color) + "\n";
  }
  return out;
}

}  // namespace mbench
