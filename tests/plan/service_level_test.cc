// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/service_level.h"

#include <gtest/gtest.h>

namespace mbench {
namespace {

std::string_view Reached(double p50_ms, double p99_ms, double rate) {
  const ServiceLevel* const level = ReachedServiceLevel(p50_ms * 1e6, p99_ms * 1e6, rate);
  return level == nullptr ? "none" : level->name;
}

TEST(ServiceLevel, IsTheHighestWhoseThreeLimitsHold) {
  EXPECT_EQ(Reached(4.9, 49.9, 100e3), "expert");
  EXPECT_EQ(Reached(4.9, 49.9, 99.9e3), "advanced") << "too slow a rate";
  EXPECT_EQ(Reached(5, 49.9, 100e3), "advanced") << "a limit is not below itself";
  EXPECT_EQ(Reached(4.9, 150, 100e3), "intermediate") << "a long tail";
  EXPECT_EQ(Reached(60, 150, 100e3), "beginner");
  EXPECT_EQ(Reached(1, 1, 999), "none");
}

TEST(ServiceLevel, HasObjectivesThatGetHarderFromLevelToLevel) {
  std::vector<SloPlan> before;
  for (const ServiceLevel& level : kServiceLevels) {
    const std::vector<SloPlan> objectives = ObjectivesOf(level);
    ASSERT_EQ(objectives.size(), 3u);
    if (!before.empty()) {
      EXPECT_LT(objectives[0].value, before[0].value) << level.name;
      EXPECT_LT(objectives[1].value, before[1].value) << level.name;
      EXPECT_GT(objectives[2].value, before[2].value) << level.name;
    }
    before = objectives;
  }
}

}  // namespace
}  // namespace mbench
