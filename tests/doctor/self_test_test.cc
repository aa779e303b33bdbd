// SPDX-License-Identifier: Apache-2.0
#include "harness/doctor/self_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/doctor/loopback.h"

namespace mbench {
namespace {

TEST(SelfTest, AHostThatIsLateOrUnevenIsToldSo) {
  SelfTest test{.clock_read_ns = 9,
                .wake_p50 = 50 * kMicrosecond,
                .wake_p99 = 80 * kMicrosecond,
                .loop_p50 = kMillisecond,
                .loop_p99 = kMillisecond + 20 * kMicrosecond,
                .noop_per_s = 12e6,
                .loopback_per_s = 2e5};
  std::vector<Finding> rows = Findings(test);
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[1].state, FindingState::kWell);
  EXPECT_EQ(rows[2].is, "1 of 100 equal loops of 1.00ms takes 2.0 % longer");
  EXPECT_EQ(rows[3].is, "12.0M/s");
  test.wake_p99 = 3 * kMillisecond;
  test.loop_p99 = 2 * kMillisecond;
  test.loopback_per_s = 0;
  rows = Findings(test);
  EXPECT_EQ(rows[1].state, FindingState::kMind);
  EXPECT_EQ(rows[2].state, FindingState::kMind);
  EXPECT_EQ(rows[4].state, FindingState::kUnknown);
}

TEST(SelfTest, LoopbackGivesAnswers) { EXPECT_GT(LoopbackRate(20 * kMillisecond), 0); }

}  // namespace
}  // namespace mbench
