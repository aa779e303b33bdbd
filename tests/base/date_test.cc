// SPDX-License-Identifier: Apache-2.0
#include "harness/base/date.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace mbench {
namespace {

std::string Written(std::int64_t ms, bool with_time = true) {
  std::array<char, kDateSize> room;
  return std::string(room.data(), WriteDate(ms, with_time, room.data()));
}

TEST(Date, IsReadAsIso8601WritesIt) {
  EXPECT_EQ(ParseDate("1970-01-01"), 0);
  EXPECT_EQ(ParseDate("2026-01-31"), 1769817600000);
  EXPECT_EQ(ParseDate("2026-01-31T12:00:00Z"), 1769860800000);
  EXPECT_EQ(ParseDate("2026-01-31 12:00"), 1769860800000) << "a blank, and no seconds";
  EXPECT_EQ(ParseDate("2026-01-31T12:00:00.25"), 1769860800250);
  EXPECT_EQ(ParseDate("2026-01-31T14:00:00+02:00"), 1769860800000);
  EXPECT_EQ(ParseDate("2026-01-31T09:30:00-0230"), 1769860800000);
  EXPECT_EQ(ParseDate("1930-06-01"), -1249257600000) << "before 1970";
}

TEST(Date, WhatIsNoDateIsRefused) {
  for (const char* text :
       {"", "2026", "2026-1-31", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10",
        "0000-01-01", "31.01.2026", "01/31/2026", "2026-01-31T", "2026-01-31T24:00:00Z",
        "2026-01-31T12:60Z", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00Zz", "2026-01-31x",
        "2026-01-31T12:00:00+2", "-026-01-31", "20260131"}) {
    EXPECT_FALSE(ParseDate(text)) << text;
  }
}

TEST(Date, WhatIsWrittenIsReadAgain) {
  EXPECT_EQ(Written(1769860800250), "2026-01-31T12:00:00.250Z");
  EXPECT_EQ(Written(1769860800250, false), "2026-01-31");
  EXPECT_EQ(Written(-1), "1969-12-31T23:59:59.999Z");
  for (std::int64_t ms = -62135596800000; ms < 253402300800000; ms += 86399'999'123) {
    ASSERT_EQ(ParseDate(Written(ms)), ms) << Written(ms);
  }
}

}  // namespace
}  // namespace mbench
