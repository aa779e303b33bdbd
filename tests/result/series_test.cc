// SPDX-License-Identifier: Apache-2.0
#include "harness/result/series.h"

#include <gmock/gmock.h>

#include <cmath>

namespace mbench {
namespace {

TEST(Series, KeepsWhatTheSystemSaidButWhatIsNoNumber) {
  Interval interval{.begin = 0, .end = kSecond};
  interval.system = {{"cache_used_bytes", 5e9}, {"reads_per_s", 0.5}, {"lag_s", std::nan("")}};
  const std::string line = SeriesLine(MakeSeriesPoint(interval));
  const auto json = ParseJsonText(line, "line");
  ASSERT_TRUE(json) << json.error().message;
  const auto read = ReadSeriesPoint(*json, 0, "line");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(read->system, ::testing::ElementsAre(::testing::Pair("cache_used_bytes", 5e9),
                                                   ::testing::Pair("reads_per_s", 0.5)));
}

TEST(Series, ALineWithoutItIsThatOfASystemThatSaidNothing) {
  const std::string line = SeriesLine(MakeSeriesPoint({.begin = 0, .end = kSecond}));
  EXPECT_EQ(line.find("system"), std::string::npos);
  const auto read = ReadSeriesPoint(*ParseJsonText(line, "line"), 0, "line");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->system.empty());
}

TEST(Series, ATextAmongTheFiguresIsRefusedWithItsPlace) {
  const auto json = ParseJsonText(
      R"({"begin_s": 0, "end_s": 1, "offered": 0, "ops": [], "p50_ns": 0, "p99_ns": 0, "max_ns": 0,
          "lag_p99_ns": 0, "delay_p99_ns": 0, "planned_level": 0, "in_flight": 0, "warmup_ops": 0,
          "client_cpu_s": 0, "busy": 0, "steal": 0, "rss_bytes": 0, "system": {"cache": "full"}})",
      "line");
  ASSERT_TRUE(json) << json.error().message;
  const auto read = ReadSeriesPoint(*json, 0, "series.jsonl:3");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, ::testing::HasSubstr("series.jsonl:3"));
  EXPECT_THAT(read.error().message, ::testing::HasSubstr("cache"));
}

}  // namespace
}  // namespace mbench
