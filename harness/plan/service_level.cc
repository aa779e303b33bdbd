// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/service_level.h"

#include <algorithm>

#include "harness/base/check.h"

namespace mbench {

const ServiceLevel* FindServiceLevel(std::string_view name) {
  const auto found = std::ranges::find(kServiceLevels, name, &ServiceLevel::name);
  return found == kServiceLevels.end() ? nullptr : &*found;
}

std::vector<SloPlan> ObjectivesOf(const ServiceLevel& level) {
  std::vector<SloPlan> objectives;
  for (const std::string_view text : level.objectives) {
    Result<SloPlan> objective = ParseSlo(text);
    MB_CHECK(objective, "{} of {}", text, level.name);
    objectives.push_back(*std::move(objective));
  }
  return objectives;
}

const ServiceLevel* ReachedServiceLevel(double p50, double p99, double rate) {
  const ServiceLevel* reached = nullptr;
  for (const ServiceLevel& level : kServiceLevels) {
    const std::vector<SloPlan> limits = ObjectivesOf(level);
    if (p50 < limits[0].value && p99 < limits[1].value && rate >= limits[2].value) reached = &level;
  }
  return reached;
}

}  // namespace mbench
