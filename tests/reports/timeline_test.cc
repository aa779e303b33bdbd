// SPDX-License-Identifier: Apache-2.0
#include "reports/model/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "reports/model/knee.h"
#include "tests/result/sample_run.h"

namespace mbench {
namespace {

RunResult HeadOf(Ticks length, const std::string& plan = "{}") {
  RunResult head;
  head.op_names = {"read"};
  head.planned_length = head.measured_length = length;
  head.provenance.plan_json = plan;
  return head;
}

Interval SecondAt(Ticks begin, Ticks latency, std::uint64_t count) {
  Interval interval{.begin = begin, .end = begin + kSecond};
  interval.ops.resize(1);
  if (count > 0) interval.ops[0].response[0].RecordMany(latency, count);
  interval.offered = count;
  return interval;
}

void Feed(const Interval& interval, TimelineMaker* maker) {
  maker->OnSecond(MakeSeriesPoint(interval));
  maker->OnInterval(interval);
}

double Highest(const std::vector<double>& values) {
  double highest = 0;
  for (const double value : values) highest = std::max(highest, value);
  return highest;
}

TEST(Timeline, HasNoMorePointsThanAPageCanHold) {
  for (const Ticks length : {kSecond, kMinute, kHour, 24 * kHour, 400 * 24 * kHour})
    EXPECT_LE(length / BucketWidth(length), static_cast<Ticks>(kMostBuckets)) << length;
  EXPECT_EQ(BucketWidth(10 * kMinute), kSecond);
  EXPECT_EQ(BucketWidth(24 * kHour), 120 * kSecond);
}

TEST(Timeline, ASpikeOfOneSecondNeverVanishes) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(10'000 * kSecond));
  for (Ticks s = 0; s < 10'000; ++s) {
    Interval second = SecondAt(s * kSecond, s == 7'777 ? 3 * kSecond : kMillisecond, 2);
    second.planned_level = s == 5'001 ? 90'000 : 100;
    second.in_flight = s == 3'002 ? 512 : 1;
    Feed(second, &maker);
  }
  const Timeline timeline = maker.Get();
  EXPECT_LE(timeline.max_ns.size(), kMostBuckets);
  EXPECT_GE(Highest(timeline.max_ns), 3e9);
  EXPECT_EQ(Highest(timeline.planned), 90'000);
  EXPECT_EQ(Highest(timeline.in_flight), 512);
  EXPECT_GE(timeline.heat.edges_ns.back(), 3e9);
}

// Buckets of two seconds.
TEST(Timeline, HasWhatWasMovedPerSecondAndAGapWhereThatIsNotKnown) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(1'800 * kSecond));
  for (Ticks s = 0; s < 4; ++s) {
    Interval second = SecondAt(s * kSecond, kMillisecond, 10);
    second.ops[0].moved = {.bytes_sent = 100,
                           .bytes_received = 1000 * static_cast<std::uint64_t>(s + 1),
                           .items = 30,
                           .known = s != 2};
    Feed(second, &maker);
  }
  const Timeline timeline = maker.Get();
  ASSERT_EQ(timeline.received_per_s.size(), 2u);
  EXPECT_DOUBLE_EQ(timeline.received_per_s[0], 1500);
  EXPECT_DOUBLE_EQ(timeline.sent_per_s[0], 100);
  EXPECT_DOUBLE_EQ(timeline.items_per_s[0], 30);
  EXPECT_TRUE(std::isnan(timeline.received_per_s[1]));
  EXPECT_TRUE(timeline.moved_bytes);
  EXPECT_TRUE(timeline.items_differ);
}

// Buckets of two seconds.
TEST(Timeline, HasTheMeanOfWhatTheSystemSaidAndAGapWhereItSaidNothing) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(1'800 * kSecond));
  for (Ticks s = 0; s < 6; ++s) {
    Interval second = SecondAt(s * kSecond, kMillisecond, 1);
    if (s != 2 && s != 3) second.system["cache_bytes"] = 10.0 * static_cast<double>(s);
    if (s == 5) second.system["late"] = 7;
    Feed(second, &maker);
  }
  const Timeline timeline = maker.Get();
  ASSERT_EQ(timeline.load_at_s.size(), 3u);
  EXPECT_THAT(timeline.figures[0].at("cache_bytes"),
              ::testing::ElementsAre(5, ::testing::IsNan(), 45));
  EXPECT_THAT(timeline.figures[0].at("late"),
              ::testing::ElementsAre(::testing::IsNan(), ::testing::IsNan(), 7));
}

TEST(Timeline, ForgetsFiguresOfMoreNamesThanAPageCanHold) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(10 * kSecond));
  Interval second = SecondAt(0, kMillisecond, 1);
  for (std::size_t i = 0; i < 10 * kMostFigures; ++i) second.system[std::to_string(i)] = 1;
  Feed(second, &maker);
  EXPECT_EQ(maker.Get().figures[0].size(), kMostFigures);
}

TEST(Timeline, HasTheTailOfPartsToo) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(3 * kSecond));
  for (Ticks s = 0; s < 3; ++s) {
    Interval second = SecondAt(s * kSecond, kMillisecond, 1);
    OpStats late;
    late.response[static_cast<std::size_t>(Outcome::kOk)].Record((s + 1) * kMillisecond);
    late.response[static_cast<std::size_t>(Outcome::kFailed)].Record(kMinute);
    if (s > 0) second.parts[PartName("read", "hit")] = late;
    Feed(second, &maker);
  }
  const std::vector<double> line = maker.Get().part_p99_ns.at("read:hit");
  ASSERT_EQ(line.size(), 3u);
  EXPECT_TRUE(std::isnan(line[0]));
  EXPECT_NEAR(line[1], 2e6, 2e3) << "failures are no responses";
  EXPECT_NEAR(line[2], 3e6, 3e3);
}

// Two seconds in one bucket: 990 fast ops, then 10 slow ones. The mean of the two medians would be
// 50 ms, and that of the two p99 as well.
TEST(Timeline, MergesHistogramsAndNotPercentiles) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(1'800 * kSecond));
  Feed(SecondAt(0, kMillisecond, 990), &maker);
  Feed(SecondAt(kSecond, 100 * kMillisecond, 10), &maker);
  const Timeline timeline = maker.Get();
  ASSERT_EQ(timeline.percentiles_ns[0].size(), 1u);
  EXPECT_NEAR(timeline.percentiles_ns[0][0], 1e6, 2e3);  // p50
  EXPECT_NEAR(timeline.percentiles_ns[2][0], 1e6, 2e3);  // p99: exactly 990 of 1000
  EXPECT_NEAR(timeline.percentiles_ns[3][0], 1e8, 2e5);  // p99.9
  EXPECT_EQ(timeline.answered_per_s, std::vector<double>{500});
}

TEST(Timeline, TheDrainHasLatenciesAndNoRate) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(2 * kSecond));
  for (Ticks s = 0; s < 3; ++s) Feed(SecondAt(s * kSecond, kMillisecond, 10), &maker);
  const Timeline timeline = maker.Get();
  // Apart from the measured phase, to which a line would lead down a cliff that is not there.
  EXPECT_EQ(timeline.latency_at_s, (std::vector<double>{0.5, 1.5, 2, 2.5}));
  EXPECT_TRUE(std::isnan(timeline.percentiles_ns[0][2]));
  EXPECT_EQ(timeline.load_at_s, (std::vector<double>{0.5, 1.5}));
}

TEST(Timeline, ASecondWithoutOpsIsAGap) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(3 * kSecond));
  for (Ticks s = 0; s < 3; ++s) Feed(SecondAt(s * kSecond, kMillisecond, s == 1 ? 0 : 10), &maker);
  const Timeline timeline = maker.Get();
  EXPECT_TRUE(std::isfinite(timeline.max_ns[0]));
  EXPECT_TRUE(std::isnan(timeline.max_ns[1]));
  EXPECT_TRUE(std::isnan(timeline.percentiles_ns[2][1]));
  EXPECT_EQ(timeline.answered_per_s[1], 0);
}

TEST(Timeline, OfARunThatGoesOnShowsWhatIsThereSoFar) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(kHour));
  EXPECT_TRUE(maker.Get().max_ns.empty());
  for (Ticks s = 0; s < 7; ++s) {
    Feed(SecondAt(s * kSecond, kMillisecond, 10), &maker);
    EXPECT_EQ(maker.Get().answered_per_s.back(), 10) << s;
  }
  EXPECT_EQ(maker.Get().max_ns.size(), 2u);  // 5 s each
}

TEST(Timeline, RareErrorsAreTogetherAndNoneIsLost) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(4 * kSecond));
  for (Ticks s = 0; s < 4; ++s) {
    Interval second = SecondAt(s * kSecond, kMillisecond, 10);
    for (int kind = 0; kind < 100; ++kind)
      second.ops[0].errors["error " + std::to_string(kind)] = kind == 42 ? 1000 : 1;
    Feed(second, &maker);
  }
  const Timeline timeline = maker.Get();
  ASSERT_EQ(timeline.errors_per_s.size(), kMostErrors + 1);
  EXPECT_EQ(timeline.errors_per_s.back().first, "other errors");
  double sum = 0;
  for (const auto& [name, line] : timeline.errors_per_s)
    sum += std::accumulate(line.begin(), line.end(), 0.0);
  EXPECT_EQ(sum, 4 * (99 + 1000));
}

TEST(Timeline, KnowsWhenErrorsWereAndOfWhichOps) {
  TimelineMaker maker;
  RunResult head = HeadOf(5 * kSecond);
  head.op_names = {"read", "update"};
  maker.OnHead(head);
  for (Ticks s = 0; s < 5; ++s) {
    Interval second = SecondAt(s * kSecond, kMillisecond, 10);
    second.ops.resize(2);
    if (s == 1 || s == 3) second.ops[1].errors["lost"] = 2;
    if (s == 2) second.ops[0].errors["lost"] = 5;
    if (s == 4) Responses(&second, 0, Outcome::kTimedOut).Record(kSecond);
    Feed(second, &maker);
  }
  const std::vector<ErrorSpan> errors = maker.Get().errors;
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].name, "lost");
  EXPECT_EQ(errors[0].count, 9u);
  EXPECT_EQ(errors[0].first_s, 1);
  EXPECT_EQ(errors[0].last_s, 4);
  EXPECT_EQ(errors[0].ops, (std::map<std::size_t, std::uint64_t>{{0, 5}, {1, 4}}));
  EXPECT_EQ(errors[1].name, "timed out");
}

TEST(Timeline, ErrorsOfTheDrainAreNoCliff) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(2 * kSecond));
  for (Ticks s = 0; s < 3; ++s) {
    Interval second = SecondAt(s * kSecond, kMillisecond, 10);
    if (s < 2) second.ops[0].errors["lost"] = 3;
    Feed(second, &maker);
  }
  const Timeline timeline = maker.Get();
  EXPECT_EQ(timeline.errors_at_s, (std::vector<double>{0.5, 1.5, 2, 2.5}));
  EXPECT_TRUE(std::isnan(timeline.errors_per_s[0].second[2]));
  EXPECT_EQ(timeline.errors_per_s[0].second[3], 0);
}

TEST(Timeline, HasThePercentilesOfEachOpWithTheGapBeforeTheDrain) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(2 * kSecond));
  for (Ticks s = 0; s < 3; ++s) Feed(SecondAt(s * kSecond, (s + 1) * kMillisecond, 10), &maker);
  const Timeline timeline = maker.Get();
  const std::vector<double>& p99 = timeline.op_latencies_ns[0][1];
  ASSERT_EQ(p99.size(), timeline.latency_at_s.size());
  EXPECT_NEAR(p99[1], 2e6, 4e3);
  EXPECT_TRUE(std::isnan(p99[2]));
  EXPECT_NEAR(p99[3], 3e6, 6e3);
}

TEST(Timeline, KnowsTheLevelsOfSteps) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(9 * kSecond, R"({"load":{"stages":[
      {"profile":"step","over_s":9,"from":10,"to":30,"steps":3}]}})"));
  for (Ticks s = 0; s < 9; ++s) {
    Interval second = SecondAt(s * kSecond, (s / 3 + 1) * kMillisecond, 10);
    second.planned_level = static_cast<double>(10 * ((s + 1) / 3 + 1));  // at its end
    Feed(second, &maker);
  }
  const Timeline timeline = maker.Get();
  ASSERT_EQ(timeline.levels.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const double step = static_cast<double>(i + 1);
    EXPECT_EQ(timeline.levels[i].level, 10 * step);
    EXPECT_NEAR(timeline.levels[i].p99_ns, step * 1e6, step * 1e3);
    EXPECT_EQ(timeline.levels[i].samples, 30u);
  }
}

TEST(Timeline, ASteadyLoadHasNoLevels) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(2 * kSecond, R"({"load":{"stages":[{"profile":"steady","over_s":9}]}})"));
  Feed(SecondAt(0, kMillisecond, 10), &maker);
  EXPECT_TRUE(maker.Get().levels.empty());
}

TEST(Timeline, TakesAnyTimeAFileClaims) {
  TimelineMaker maker;
  maker.OnHead(HeadOf(2 * kSecond));
  Feed(SecondAt(0, kMillisecond, 1), &maker);
  Feed(SecondAt(kNever / 2, kMillisecond, 1), &maker);
  EXPECT_EQ(maker.Get().max_ns.size(), 3u) << "with the gap before the drain";
}

TEST(PlanStages, OfAPlanThatSaysSomethingElseAreNone) {
  for (const char* plan :
       {"", "[]", "{}", R"({"load":1})", R"({"load":{"stages":[1]}})", "{\"load\""})
    EXPECT_TRUE(StagesOf(plan).empty()) << plan;
}

TEST(PlanStages, AreNamedAsPeopleSayIt) {
  const auto stages = StagesOf(R"({"load":{"stages":[
      {"profile":"ramp","over_s":8,"from":1,"to":64},{"profile":"steady","over_s":4,"from":2000}]}})");
  ASSERT_EQ(stages.size(), 2u);
  EXPECT_EQ(LabelOf(stages[0], false), "ramp 1 to 64 clients");
  EXPECT_EQ(LabelOf(stages[1], true), "steady 2.00k/s");
  EXPECT_EQ(stages[1].begin_s, 8);
  EXPECT_EQ(stages[1].end_s, 12);
}

// ---- the knee ----

TEST(Knee, IsWhereLatencyTurnsUp) {
  const std::vector<double> load = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const std::vector<double> latency = {1, 1, 1.1, 1.1, 1.2, 1.2, 1.3, 4, 9, 20};
  ASSERT_TRUE(FindKnee(load, latency));
  EXPECT_EQ(FindKnee(load, latency)->at, 6u);
}

TEST(Knee, IsNotWhereLatencyHardlyRises) {
  const std::vector<double> load = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(FindKnee(load, std::vector<double>{5, 5, 5, 5, 5, 5}), std::nullopt);
  EXPECT_EQ(FindKnee(load, std::vector<double>{5, 5.2, 5, 5.1, 5.3, 6}), std::nullopt);
}

TEST(Knee, IsNotOnAStraightLine) {
  const std::vector<double> load = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(FindKnee(load, load), std::nullopt);
}

TEST(Knee, IsNotMovedByOneBadSecond) {
  const std::vector<double> load = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const std::vector<double> latency = {1, 1, 30, 1.1, 1.2, 1.2, 1.3, 4, 9, 20};
  ASSERT_TRUE(FindKnee(load, latency));
  EXPECT_EQ(FindKnee(load, latency)->at, 6u);
}

TEST(Knee, NeedsAFewLevelsThatWereMeasured) {
  const double none = std::nan("");
  EXPECT_EQ(FindKnee({}, {}), std::nullopt);
  EXPECT_EQ(FindKnee(std::vector<double>{1, 2, 3, 4}, std::vector<double>{1, none, none, 9}),
            std::nullopt);
  const auto knee =
      FindKnee(std::vector<double>{1, 2, 3, 4, 5, 6}, std::vector<double>{1, none, 1, 1, 1.1, 50});
  ASSERT_TRUE(knee);
  EXPECT_EQ(knee->at, 4u);
}

TEST(Knee, IsNotInNoise) {
  const std::vector<double> load = {1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<double> latency = {2, 5, 2.2, 4, 2.1, 5, 2.5, 6};
  EXPECT_EQ(FindKnee(load, latency), std::nullopt);
}

TEST(Knee, IsSaidWithThoseAroundItThatMayBeItAsWell) {
  const std::vector<double> load = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const auto sharp = FindKnee(load, std::vector<double>{1, 1, 1, 1, 1, 1, 1, 1, 1, 40});
  ASSERT_TRUE(sharp);
  EXPECT_EQ(sharp->at, 8u);
  const auto soft = FindKnee(load, std::vector<double>{1, 1, 1.1, 1.5, 3, 6, 10, 15, 22, 30});
  ASSERT_TRUE(soft);
  EXPECT_LT(soft->low, soft->at);
  EXPECT_GT(soft->high, soft->at);
}

}  // namespace
}  // namespace mbench
