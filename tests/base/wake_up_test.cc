// SPDX-License-Identifier: Apache-2.0
#include "harness/base/wake_up.h"

#include <gtest/gtest.h>

#include "harness/base/rng.h"

namespace mbench {
namespace {

TEST(WakeUp, IsEarlyUntilItKnowsTheHost) {
  WakeUp wake_up;
  for (int i = 0; i < 100; ++i) wake_up.Learn(kMicrosecond);
  EXPECT_EQ(wake_up.Lead(), 60 * kMicrosecond);
}

TEST(WakeUp, IsInTimeForNinetyNineOfAHundred) {
  WakeUp wake_up;
  Rng rng(42);
  int in_time = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto late = static_cast<Ticks>(5000 * rng.Exponential());
    if (i >= 1000) in_time += late <= wake_up.Lead() ? 1 : 0;
    wake_up.Learn(late);
  }
  EXPECT_GE(in_time, 18'700);  // 98.4 %
  EXPECT_LT(wake_up.Lead(), 40 * kMicrosecond);
}

TEST(WakeUp, FollowsTheHost) {
  WakeUp wake_up;
  for (int i = 0; i < 300; ++i) wake_up.Learn(3 * kMicrosecond);
  EXPECT_EQ(wake_up.Lead(), 4 * kMicrosecond);
  for (int i = 0; i < 300; ++i) wake_up.Learn(20 * kMicrosecond);
  EXPECT_EQ(wake_up.Lead(), 21 * kMicrosecond);
}

// A sleep that ended a whole scheduling turn late is no reason to spin for as long before each op.
TEST(WakeUp, SpinsNeverLongerThanItDidBefore) {
  WakeUp wake_up;
  for (int i = 0; i < 300; ++i) wake_up.Learn(4 * kMillisecond);
  EXPECT_EQ(wake_up.Lead(), 60 * kMicrosecond);
}

}  // namespace
}  // namespace mbench
