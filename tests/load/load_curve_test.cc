// SPDX-License-Identifier: Apache-2.0
#include "harness/load/load_curve.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/load/stages.h"

namespace mbench {
namespace {

TEST(LoadCurve, RampIsHalfWayUpAtHalfTime) {
  const LoadCurve curve(OneStage(Ramp(100, 300, 10 * kSecond)));
  EXPECT_DOUBLE_EQ(curve.LevelAt(0), 100);
  EXPECT_DOUBLE_EQ(curve.LevelAt(5 * kSecond), 200);
  EXPECT_DOUBLE_EQ(curve.TotalArea(), 2000);
}

TEST(LoadCurve, SpikeStandsBetweenAtAndAtPlusFor) {
  const LoadCurve curve(OneStage(Spike(10, 100, 3 * kSecond, 2 * kSecond, 10 * kSecond)));
  EXPECT_DOUBLE_EQ(curve.LevelAt(3 * kSecond - 1), 10);
  EXPECT_DOUBLE_EQ(curve.LevelAt(3 * kSecond), 100);
  EXPECT_DOUBLE_EQ(curve.LevelAt(5 * kSecond - 1), 100);
  EXPECT_DOUBLE_EQ(curve.LevelAt(5 * kSecond), 10);
  EXPECT_DOUBLE_EQ(curve.TotalArea(), 8 * 10 + 2 * 100);
}

TEST(LoadCurve, StepsAreEquallyLongAndReachBothEnds) {
  const LoadCurve curve(OneStage(Steps(10, 50, 5, 10 * kSecond)));
  for (int i = 0; i < 5; ++i) {
    EXPECT_DOUBLE_EQ(curve.LevelAt(i * 2 * kSecond), 10 + 10 * i);
    EXPECT_DOUBLE_EQ(curve.LevelAt((i + 1) * 2 * kSecond - 1), 10 + 10 * i);
  }
}

TEST(LoadCurve, SineStartsInTheMiddleAndKeepsItsMean) {
  const LoadCurve curve(OneStage(Sine(0, 200, 4 * kSecond, 20 * kSecond)));
  EXPECT_NEAR(curve.LevelAt(0), 100, 1e-9);
  EXPECT_NEAR(curve.LevelAt(1 * kSecond), 200, 1e-9);
  EXPECT_NEAR(curve.LevelAt(3 * kSecond), 0, 1e-9);
  EXPECT_NEAR(curve.TotalArea(), 100 * 20, 1e-6);
}

TEST(LoadCurve, ReplayHoldsEachRateUntilTheNextLine) {
  StagePlan stage{.profile = Profile::kReplay, .over = 10 * kSecond};
  stage.points = {{0, 5}, {4 * kSecond, 50}};
  const LoadCurve curve(OneStage(stage));
  EXPECT_DOUBLE_EQ(curve.LevelAt(4 * kSecond - 1), 5);
  EXPECT_DOUBLE_EQ(curve.LevelAt(4 * kSecond), 50);
  EXPECT_DOUBLE_EQ(curve.TotalArea(), 4 * 5 + 6 * 50);
}

TEST(LoadCurve, WarmUpLiesBeforeZeroAtTheFirstLevel) {
  LoadPlan plan = OneStage(Ramp(100, 300, 10 * kSecond));
  plan.warmup = 5 * kSecond;
  const LoadCurve curve(plan);
  EXPECT_EQ(curve.Begin(), -5 * kSecond);
  EXPECT_DOUBLE_EQ(curve.LevelAt(-1), 100);
  EXPECT_DOUBLE_EQ(curve.AreaAt(0), 500);
  EXPECT_DOUBLE_EQ(curve.TotalArea(), 2500);
}

TEST(LoadCurve, WarmUpOfARampFromNothingRunsAtATenthOfThePeak) {
  LoadPlan plan = OneStage(Ramp(0, 300, 10 * kSecond));
  plan.warmup = 1 * kSecond;
  EXPECT_DOUBLE_EQ(LoadCurve(plan).LevelAt(-1), 30);
}

// For every profile: the inverse of the area is the inverse, and the level is its derivative.
TEST(LoadCurve, TimeOfAreaInvertsAreaAtForEveryProfile) {
  for (const auto& [name, plan] : EveryProfile()) {
    const LoadCurve curve(plan);
    std::size_t hint = 0;
    Ticks previous = curve.Begin();
    for (double area = 0; area < curve.TotalArea(); area += curve.TotalArea() / 1009) {
      const Ticks time = curve.TimeOfArea(area, &hint);
      EXPECT_GE(time, previous) << name;
      // One tick of rounding is worth at most level * 1 ns.
      EXPECT_NEAR(curve.AreaAt(time), area, 1e-6 * std::max(1.0, curve.MaxLevel())) << name;
      previous = time;
    }
  }
}

TEST(LoadCurve, TimeOfAreaDoesNotDependOnTheHint) {
  for (const auto& [name, plan] : EveryProfile()) {
    const LoadCurve curve(plan);
    std::size_t last = 1000;
    std::size_t first = 0;
    EXPECT_EQ(curve.TimeOfArea(curve.TotalArea() / 3, &last),
              curve.TimeOfArea(curve.TotalArea() / 3, &first))
        << name;
    EXPECT_EQ(first, last) << name;
  }
}

}  // namespace
}  // namespace mbench
