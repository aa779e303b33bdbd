// SPDX-License-Identifier: Apache-2.0
#include "reports/json/use_json.h"

#include <fmt/format.h>

namespace mbench {
namespace {

// What was not observed is missing.
OrderedJson NumbersJson(const UseLine::Numbers& numbers) {
  OrderedJson json = OrderedJson::object();
  for (std::size_t aspect = 0; aspect < kUseAspects; ++aspect) {
    const Number& number = numbers[aspect];
    if (number.known)
      json[fmt::format("{}{}", kNamesOf<UseAspect>[aspect], Suffix(number.unit))] = number.value;
  }
  return json;
}

}  // namespace

OrderedJson UseJson(const UseComparison& use) {
  OrderedJson json;
  json["sentence"] = use.sentence;
  if (!use.first.empty()) json["first"] = use.first;
  for (const UseColumn& column : use.columns) json["levels"][column.name] = column.level;
  json["resources"] = OrderedJson::array();
  for (const UseLine& line : use.lines) {
    OrderedJson& item = json["resources"].emplace_back();
    item["name"] = line.name;
    item["part_of_another"] = line.of_another;
    item["near_its_limit"] = line.saturated;
    for (std::size_t i = 0; i < use.columns.size(); ++i)
      item[use.columns[i].name] = NumbersJson(line.by_column[i]);
  }
  return json;
}

}  // namespace mbench
