// SPDX-License-Identifier: Apache-2.0
#include "harness/base/clock.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mbench {
namespace {

TEST(FakeClock, MovesOnlyWhenSomebodyWaits) {
  FakeClock clock(5 * kSecond);
  EXPECT_EQ(Clock::Name(), "fake");
  EXPECT_EQ(Clock::Now(), 5 * kSecond);
  EXPECT_EQ(Clock::Now(), 5 * kSecond);
  Clock::WaitUntil(kHour);
  EXPECT_EQ(Clock::Now(), kHour);
  Clock::SleepUntil(2 * kHour);
  EXPECT_EQ(Clock::Now(), 2 * kHour);
  clock.Advance(kSecond);
  EXPECT_EQ(Clock::Now(), 2 * kHour + kSecond);
}

TEST(FakeClock, NeverGoesBack) {
  FakeClock clock(kHour);
  clock.AdvanceTo(kSecond);
  EXPECT_EQ(Clock::Now(), kHour);
}

TEST(FakeClock, StepsAtEveryReadingWhenAsked) {
  FakeClock clock(0, 10);
  EXPECT_EQ(Clock::Now(), 0);
  EXPECT_EQ(Clock::Now(), 10);
  EXPECT_EQ(Clock::Now(), 20);
}

TEST(FakeClockDeathTest, TwoAtATimeAreABug) {
  FakeClock clock;
  EXPECT_DEATH(FakeClock(), "a second fake clock");
}

TEST(Clock, NeverGoesBack) {
  Ticks last = Clock::Now();
  for (int i = 0; i < 100'000; ++i) {
    const Ticks now = Clock::Now();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(Clock, ACalibrationLeavesTimesComparable) {
  const Ticks before = Clock::Now();
  Clock::Calibrate();
  const Ticks calibrated = Clock::Now();
  EXPECT_GE(calibrated, before);
  EXPECT_LT(std::abs(Clock::DriftPpm()), 1000);
  const std::string_view name = Clock::Name();
  Clock::Calibrate();
  EXPECT_EQ(Clock::Name(), name);
  EXPECT_GE(Clock::Now(), calibrated);
}

TEST(Clock, WaitingForThePastReturnsWithoutASpin) {
  EXPECT_EQ(Clock::WaitUntil(Clock::Now() - kSecond), 0);
}

TEST(Clock, AWaitDoesNotEndBeforeItsTime) {
  const Ticks until = Clock::Now() + kMillisecond;
  Clock::WaitUntil(until);
  EXPECT_GE(Clock::Now(), until);
}

TEST(Clock, AStopEndsAWait) {
  const std::atomic<bool> stop = true;
  const Ticks until = Clock::Now() + kHour;
  Clock::WaitUntil(until, &stop);
  EXPECT_LT(Clock::Now(), until);
}

TEST(Clock, SecondsAndTicksTurnIntoEachOther) {
  EXPECT_EQ(FromSeconds(1.5), 1500 * kMillisecond);
  EXPECT_DOUBLE_EQ(ToSeconds(1500 * kMillisecond), 1.5);
}

}  // namespace
}  // namespace mbench
