// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/percentile_name.h"

#include "harness/base/units.h"

namespace mbench {

std::optional<double> ParsePercentileName(std::string_view name) {
  if (!name.starts_with('p') || name.size() < 2) return std::nullopt;
  name.remove_prefix(1);
  if (name.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  const Result<double> percentile = ParseNumber(name);
  return percentile ? std::optional(*percentile) : std::nullopt;
}

}  // namespace mbench
