// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/fleet.h"

namespace mbench {

std::uint64_t FleetPlan::Series() const {
  std::uint64_t series = 1;
  for (const FleetTag& tag : tags) {
    series *= tag.values.size();
    if (series > kMostSeries) return kMostSeries + 1;
  }
  return series;
}

double FleetPlan::PointsPerSecond() const {
  return static_cast<double>(Series()) * static_cast<double>(kSecond) / static_cast<double>(every);
}

std::string_view FleetPlan::ColumnName(std::size_t column) const {
  if (column < tags.size()) return tags[column].name;
  column -= tags.size();
  return column < fields.size() ? std::string_view(fields[column].name) : kTime;
}

ValueType FleetPlan::ColumnType(std::size_t column) const {
  if (column < tags.size()) return ValueType::kText;
  column -= tags.size();
  if (column == fields.size()) return ValueType::kInteger;
  if (fields[column].kind == SignalKind::kPick) return ValueType::kText;
  return fields[column].kind == SignalKind::kCounter ? ValueType::kInteger : ValueType::kDouble;
}

std::size_t FleetPlan::FindColumn(std::string_view name) const {
  std::size_t column = 0;
  while (column < Columns() && ColumnName(column) != name) ++column;
  return column;
}

}  // namespace mbench
