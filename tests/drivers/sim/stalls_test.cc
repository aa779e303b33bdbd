// SPDX-License-Identifier: Apache-2.0
#include "drivers/sim/stalls.h"

#include <gmock/gmock.h>

namespace mbench::sim {
namespace {

using ::testing::HasSubstr;

Stalls Parse(std::string_view text) {
  const Result<Stalls> stalls = Stalls::Parse(text);
  EXPECT_TRUE(stalls) << stalls.error().message;
  return stalls ? *stalls : Stalls();
}

TEST(Stalls, WithoutAnyWorkIsDoneInItsTime) { EXPECT_EQ(Parse("").Finish(10, 5), 15); }

TEST(Stalls, WorkThatMeetsAStallRestsForItsLength) {
  const Stalls stalls = Parse("5s+500ms");
  EXPECT_EQ(stalls.Finish(4 * kSecond, 2 * kSecond), 6 * kSecond + 500 * kMillisecond);
}

TEST(Stalls, WorkThatArrivesDuringAStallBeginsAtItsEnd) {
  const Stalls stalls = Parse("5s+500ms");
  EXPECT_EQ(stalls.Finish(5 * kSecond + 100 * kMillisecond, kMillisecond), 5501 * kMillisecond);
}

TEST(Stalls, WorkBeforeAndAfterAStallIsNotTouched) {
  const Stalls stalls = Parse("5s+500ms");
  EXPECT_EQ(stalls.Finish(4 * kSecond, kSecond), 5 * kSecond) << "ends as the stall begins";
  EXPECT_EQ(stalls.Finish(5500 * kMillisecond, 7), 5500 * kMillisecond + 7) << "begins as it ends";
}

TEST(Stalls, AListInAnyOrderCountsAllOfThem) {
  const Stalls stalls = Parse(" 10s+1s,5s+500ms ");
  EXPECT_EQ(stalls.Finish(4 * kSecond, 8 * kSecond), 13500 * kMillisecond);
}

TEST(Stalls, EveryRepeatsForEver) {
  const Stalls stalls = Parse("every 5s for 500ms");
  EXPECT_EQ(stalls.Finish(0, kSecond), kSecond) << "none at the start";
  EXPECT_EQ(stalls.Finish(0, 11 * kSecond), 12 * kSecond);
  EXPECT_EQ(stalls.Finish(5 * kHour, 1), 5 * kHour + 500 * kMillisecond + 1);
  EXPECT_EQ(stalls.Finish(5 * kHour + 500 * kMillisecond, 1), 5 * kHour + 500 * kMillisecond + 1);
}

TEST(Stalls, MistakesAreNamed) {
  const std::pair<const char*, const char*> kCases[] = {
      {"5s", "not a stall: '5s'"},
      {"5s+soon", "soon"},
      {"late+5s", "late"},
      {"every 5s", "no length"},
      {"every 5s for 6s", "shorter"},
      {"every 5s for 0s", "longer than nothing"},
      {"every 1us for 1ns", "too often"},
      {"5s+2s, 6s+1s", "overlap"},
      {"5s+1s,", "not a stall: ''"},
  };
  for (const auto& [text, expected] : kCases) {
    const Result<Stalls> stalls = Stalls::Parse(text);
    ASSERT_FALSE(stalls) << text;
    EXPECT_THAT(stalls.error().message, HasSubstr("option 'stalls'")) << text;
    EXPECT_THAT(stalls.error().message, HasSubstr(expected)) << text;
  }
}

}  // namespace
}  // namespace mbench::sim
