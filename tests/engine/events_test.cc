// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/events.h"

#include <gtest/gtest.h>

namespace mbench {
namespace {

TEST(Events, RunTheirCommandsAndKeepTheExitCodes) {
  Timeline timeline;
  timeline.zero = Clock::Now();
  Events events({{.at = 2 * kMillisecond, .name = "second", .run = "exit 3"},
                 {.at = 0, .name = "first", .run = "true"},
                 {.at = 4 * kMillisecond, .name = "mark", .run = ""}},
                &timeline);
  Clock::SleepUntil(timeline.zero + 10 * kMillisecond);
  const std::vector<EventRecord> records = events.Finish();
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].name, "first");
  EXPECT_EQ(records[0].exit_code, 0);
  EXPECT_EQ(records[1].exit_code, 3);
  EXPECT_GE(records[1].at, 2 * kMillisecond);
  EXPECT_EQ(records[2].exit_code, std::nullopt);
}

TEST(Events, WhoseTimeHasNotComeWhenTheRunIsOverDoNotHappen) {
  Timeline timeline;
  timeline.zero = Clock::Now();
  Events events({{.at = kHour, .name = "late", .run = "true"}}, &timeline);
  EXPECT_TRUE(events.Finish().empty());
}

}  // namespace
}  // namespace mbench
