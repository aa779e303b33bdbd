// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/events.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace mbench {
namespace {

TEST(Events, RunTheirCommandsAndKeepTheExitCodes) {
  PhaseTimes times;
  times.zero = Clock::Now();
  Events events({{.at = 2 * kMillisecond, .name = "fails", .run = "exit 3"},
                 {.at = 0, .name = "works", .run = "true"},
                 {.at = 4 * kMillisecond, .name = "only a mark", .run = ""}},
                &times);
  Clock::SleepUntil(times.zero + 4 * kMillisecond);
  std::map<std::string, EventRecord> by_name;
  for (const EventRecord& record : events.Finish()) by_name[record.name] = record;
  ASSERT_EQ(by_name.size(), 3u);
  EXPECT_EQ(by_name["works"].exit_code, 0);
  EXPECT_EQ(by_name["fails"].exit_code, 3);
  EXPECT_GE(by_name["fails"].at, 2 * kMillisecond);
  EXPECT_EQ(by_name["only a mark"].exit_code, std::nullopt);
}

TEST(Events, WhoseTimeHasNotComeWhenTheRunIsOverDoNotHappen) {
  PhaseTimes times;
  times.zero = Clock::Now();
  Events events({{.at = kHour, .name = "late", .run = "true"}}, &times);
  EXPECT_TRUE(events.Finish().empty());
}

}  // namespace
}  // namespace mbench
