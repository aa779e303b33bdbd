// SPDX-License-Identifier: Apache-2.0
//
// Stalls that come by the clock, and series that have none; how often it errs is in
// stall_rates_test.cc.
#include "reports/compare/stalls.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/compare/stall_soak.h"

namespace mbench {
namespace {

std::optional<StallTrain> Find(const StallSoak& soak, StallSide side = StallSide::kUp) {
  Rng rng(1);
  return FindStalls(SecondsOf(soak, &rng), 1, side);
}

TEST(Stalls, AreFoundWithPeriodLengthAndHeight) {
  const std::optional<StallTrain> stalls = Find({.every_s = 30});
  ASSERT_TRUE(stalls);
  EXPECT_NEAR(stalls->period_s, 30, 0.05);
  EXPECT_EQ(stalls->length_s, 2);
  EXPECT_GE(stalls->times, 57U);
  EXPECT_NEAR(static_cast<double>(stalls->turns), 60, 1);
  EXPECT_NEAR(stalls->usual, 5e6, 0.2e6);
  EXPECT_NEAR(stalls->reached, 10e6, 1.5e6);
  EXPECT_EQ(stalls->at_s.size(), stalls->times);
}

TEST(Stalls, PeriodsNeedNotBeWholeSeconds) {
  const std::optional<StallTrain> stalls = Find({.every_s = 47.3});
  ASSERT_TRUE(stalls);
  EXPECT_NEAR(stalls->period_s, 47.3, 0.1);
}

TEST(Stalls, OfARateAreDips) {
  EXPECT_TRUE(Find({.every_s = 60, .times = 0.3}, StallSide::kDown));
  EXPECT_FALSE(Find({.every_s = 60, .times = 0.3}, StallSide::kUp));
  const std::optional<StallTrain> nothing = Find({.every_s = 60, .times = 0}, StallSide::kDown);
  ASSERT_TRUE(nothing) << "nothing at all is a dip too";
  EXPECT_EQ(nothing->reached, 0);
}

TEST(Stalls, AtAnyTimeAreNotByTheClock) {
  EXPECT_FALSE(Find({.chance = 1.0 / 30}));
  EXPECT_FALSE(Find({.rho = 0.9, .chance = 1.0 / 60}));
}

TEST(Stalls, FiveAreTooFew) {
  EXPECT_FALSE(Find({.every_s = 350}));
  EXPECT_TRUE(Find({.every_s = 200}));
}

TEST(Stalls, SeriesThatSayNothingHaveNone) {
  EXPECT_FALSE(FindStalls({}, 1, StallSide::kUp));
  EXPECT_FALSE(FindStalls(std::vector<double>(1800, 5.0), 1, StallSide::kUp));
  EXPECT_FALSE(FindStalls(std::vector<double>(1800, 0.0), 1, StallSide::kUp));
  EXPECT_FALSE(FindStalls(std::vector<double>(1800, std::numeric_limits<double>::quiet_NaN()), 1,
                          StallSide::kDown));
}

TEST(Stalls, WhatMovesWithThemIsFoundAndWhatDoesNotIsNot) {
  Rng rng(2);
  const StallSoak soak{.every_s = 30};
  const std::vector<double> latency = SecondsOf(soak, &rng);
  const std::optional<StallTrain> stalls = FindStalls(latency, 1, StallSide::kUp);
  ASSERT_TRUE(stalls);
  std::vector<double> checkpoints(latency.size(), 0), other;
  for (const double at_s : stalls->at_s) checkpoints[static_cast<std::size_t>(at_s)] = 1;
  for (std::size_t i = 0; i < latency.size(); ++i) other.push_back(DrawNormal(&rng));
  const auto with = HowItMoves(checkpoints, 1, *stalls), without = HowItMoves(other, 1, *stalls);
  ASSERT_TRUE(with && without);
  EXPECT_GT(with->standard_errors, 5);
  EXPECT_GT(with->inside, with->outside);
  EXPECT_LT(std::abs(without->standard_errors), 3);
  const auto constant = HowItMoves(std::vector<double>(latency.size(), 7), 1, *stalls);
  ASSERT_TRUE(constant);
  EXPECT_EQ(constant->standard_errors, 0);
}

}  // namespace
}  // namespace mbench
