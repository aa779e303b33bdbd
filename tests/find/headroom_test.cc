// SPDX-License-Identifier: Apache-2.0
#include "harness/find/headroom.h"

#include <gtest/gtest.h>

namespace mbench {
namespace {

constexpr CapacityInterval kFound = {SearchEnd::kFound, 80'000, 84'000};

TEST(Headroom, IsToldAtBothEndsOfTheInterval) {
  const Headroom headroom = HeadroomOf(kFound, {.peak = 50'000, .growth_per_month = 0.04});
  EXPECT_DOUBLE_EQ(headroom.times_low, 1.6);
  EXPECT_DOUBLE_EQ(headroom.times_high, 1.68);
  // 50,000 x 1.04^11.98 = 80,000
  EXPECT_NEAR(headroom.months_low, 11.98, 0.01);
  EXPECT_NEAR(headroom.months_high, 13.23, 0.01);
}

TEST(Headroom, HasANodeToSpare) {
  EXPECT_EQ(HeadroomOf(kFound, {.peak = 50'000}).nodes, 2);
  EXPECT_EQ(HeadroomOf(kFound, {.peak = 80'000}).nodes, 2);
  EXPECT_EQ(HeadroomOf(kFound, {.peak = 80'001}).nodes, 3);
}

TEST(Headroom, IsBehindWhenThePeakIsAboveTheCapacity) {
  const Headroom headroom = HeadroomOf(kFound, {.peak = 100'000, .growth_per_month = 0.04});
  EXPECT_LT(headroom.times_high, 1);
  EXPECT_LT(headroom.months_high, 0);
}

TEST(Headroom, KnowsWhatAMillionOpsCost) {
  // 80,000/s are 288 million ops an hour.
  EXPECT_NEAR(HeadroomOf(kFound, {.cost_per_hour = 0.52}).cost_per_million, 0.52 / 288, 1e-9);
  // Two nodes for 180 million.
  EXPECT_NEAR(HeadroomOf(kFound, {.peak = 50'000, .cost_per_hour = 0.52}).cost_per_million_at_peak,
              1.04 / 180, 1e-9);
}

}  // namespace
}  // namespace mbench
