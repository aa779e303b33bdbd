// SPDX-License-Identifier: Apache-2.0
#include "reports/model/use_table.h"

#include <fmt/format.h>

namespace mbench {

PageTable MakeUseTable(const UseComparison& use) {
  PageTable table{.id = "use-table",
                  .caption =
                      "Utilisation, what waited, and errors of each resource; - where it was "
                      "not observed"};
  table.unlike = true;
  table.columns = {{"resource"}};
  for (const UseColumn& column : use.columns)
    for (const std::string_view aspect : kNamesOf<UseAspect>)
      table.columns.push_back({fmt::format("{} at {}", aspect, column.load), true});
  for (const UseLine& line : use.lines) {
    PageRow row;
    row.cells = {{line.of_another ? "    " + line.name : line.name}};
    for (const UseLine::Numbers& numbers : line.by_column)
      for (const Number& number : numbers) row.cells.push_back({UseText(number)});
    if (line.saturated) row.cells[row.cells.size() - kUseAspects].tone = Tone::kBad;
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace mbench
