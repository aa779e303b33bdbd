// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/result/judge.h"
#include "reports/compare/calibration.h"
#include "reports/compare/compare_options.h"
#include "reports/compare/run_blocks.h"

namespace mbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const MetricName kP99{MetricKind::kPercentile, 99};
const MetricName kRate{MetricKind::kRate};
const MetricName kErrors{MetricKind::kErrors};

RunSample OneRun(const MetricName& metric, double value) {
  RunSample run;
  run.name = "a workload";
  run.identity.plan_json =
      R"({"load":{"stages":[{"from":100}]},"driver":{"options":{"cache":"1G"}}})";
  run.identity.driver = "rocksdb";
  run.metrics.push_back({metric, value, 1000});
  return run;
}

// Runs whose values are spread evenly around `center`, as far as `spread` tells.
std::vector<RunSample> Runs(const MetricName& metric, double center, double spread,
                            std::size_t count = 8) {
  std::vector<RunSample> runs;
  for (std::size_t i = 0; i < count; ++i) {
    const double at =
        count == 1 ? 0 : 2.0 * static_cast<double>(i) / static_cast<double>(count - 1) - 1;
    runs.push_back(OneRun(metric, center + 1.5 * spread * at));
  }
  return runs;
}

CompareOptions Only(const MetricName& metric) { return {.primary = {metric}}; }

Verdict VerdictOf(const MetricName& metric, double change, double spread, std::size_t runs = 8) {
  return Compare(Runs(metric, 0, spread, runs), Runs(metric, change, spread, runs), Only(metric))
      .verdict;
}

TEST(Verdict, IsWorseWhenTheWholeIntervalIsBeyondTheMargin) {
  const Comparison comparison = Compare(Runs(kP99, 0, 0.01), Runs(kP99, 0.3, 0.01), Only(kP99));
  EXPECT_EQ(comparison.verdict, Verdict::kWorse);
  EXPECT_EQ(comparison.rows[0].rule, "worse than the margin, beyond chance");
  EXPECT_TRUE(comparison.rows[0].claims.worse);
  EXPECT_TRUE(comparison.rows[0].claims.changed);
  EXPECT_FALSE(comparison.rows[0].claims.not_worse);
  EXPECT_NEAR(comparison.rows[0].change, std::exp(0.3), 1e-9);
  EXPECT_LT(comparison.rows[0].low, std::exp(0.3));
  EXPECT_GT(comparison.rows[0].high, std::exp(0.3));
}

// As much as the margin is neither more than it nor less.
TEST(Verdict, IsChangedWhenItIsWorseButMaybeNotByMoreThanTheMargin) {
  const Comparison comparison =
      Compare(Runs(kP99, 0, 0.03), Runs(kP99, std::log(1.10), 0.03), Only(kP99));
  EXPECT_EQ(comparison.verdict, Verdict::kChanged);
  EXPECT_TRUE(comparison.rows[0].claims.changed);
  EXPECT_FALSE(comparison.rows[0].claims.worse);
}

TEST(Verdict, IsNotWorseWhenTheOneSidedBoundIsWithinTheMargin) {
  EXPECT_EQ(VerdictOf(kP99, -0.08, 0.05), Verdict::kNotWorse);
  const MetricRow row = Compare(Runs(kP99, 0, 0.05), Runs(kP99, -0.08, 0.05), Only(kP99)).rows[0];
  EXPECT_TRUE(row.claims.not_worse);
  EXPECT_LT(row.at_worst, 1.1);
  EXPECT_GT(row.at_worst, row.change);
  EXPECT_LT(row.at_worst, row.high);
}

// No refusal: what such runs can see is what they are asked for.
TEST(Verdict, IsJudgedByWhatCanBeSeenWhenThatIsAskedFor) {
  CompareOptions options = Only(kP99);
  EXPECT_EQ(Compare(Runs(kP99, 0, 0.2), Runs(kP99, 0, 0.2), options).verdict,
            Verdict::kInconclusive);
  options.judge_visible = true;
  const Comparison comparison = Compare(Runs(kP99, 0, 0.2), Runs(kP99, 0, 0.2), options);
  EXPECT_EQ(comparison.verdict, Verdict::kNotWorse);
  EXPECT_GT(comparison.rows[0].judged, 0.2);
  EXPECT_EQ(comparison.rows[0].margin, 0.1);
  options.floor = {{"p99", {0.4, 9}}};
  EXPECT_GT(Compare(Runs(kP99, 0, 0.2), Runs(kP99, 0, 0.2), options).rows[0].judged,
            comparison.rows[0].judged);
}

TEST(Verdict, IsSameWhenBothOneSidedBoundsAreWithinTheMargin) {
  EXPECT_EQ(VerdictOf(kP99, 0, 0.03), Verdict::kSame);
  // A real change, but one that does not matter.
  EXPECT_EQ(VerdictOf(kP99, 0.02, 0.001), Verdict::kSame);
}

TEST(Verdict, IsInconclusiveInNoiseAndSaysHowManyRunsWouldDecide) {
  const Comparison comparison = Compare(Runs(kP99, 0, 0.2), Runs(kP99, 0.05, 0.2), Only(kP99));
  EXPECT_EQ(comparison.verdict, Verdict::kInconclusive);
  ASSERT_TRUE(comparison.rows[0].more_runs);
  EXPECT_GT(*comparison.rows[0].more_runs, 10U);
  EXPECT_GT(comparison.rows[0].detectable, 0.2);
}

TEST(Verdict, KnowsThatLessLatencyAndMoreRateAreBetter) {
  EXPECT_EQ(VerdictOf(kP99, -0.3, 0.01), Verdict::kBetter);
  EXPECT_EQ(VerdictOf(kRate, 0.3, 0.01), Verdict::kBetter);
  EXPECT_EQ(VerdictOf(kRate, -0.3, 0.01), Verdict::kWorse);
}

TEST(Verdict, ComparesErrorsByTheirDifferenceSoThatNoneAreAllowed) {
  EXPECT_EQ(VerdictOf(kErrors, 0, 0), Verdict::kSame);
  const Comparison comparison =
      Compare(Runs(kErrors, 0, 0), Runs(kErrors, 0.01, 0.001), Only(kErrors));
  EXPECT_EQ(comparison.verdict, Verdict::kWorse);
  EXPECT_NEAR(comparison.rows[0].change, 0.01, 1e-12);
}

TEST(Verdict, IsOnlySuggestiveWithFewerThanFiveRuns) {
  const Comparison comparison =
      Compare(Runs(kP99, 0, 0.01, 4), Runs(kP99, 0.3, 0.01, 4), Only(kP99));
  EXPECT_EQ(comparison.verdict, Verdict::kSuggestive);
  EXPECT_EQ(comparison.rows[0].leaning, Verdict::kWorse);
  EXPECT_EQ(comparison.rows[0].more_runs, 1U);
  EXPECT_EQ(VerdictOf(kP99, 0.3, 0.01, 1), Verdict::kSuggestive);
  EXPECT_EQ(VerdictOf(kP99, 0.3, 0.01, 5), Verdict::kWorse);
}

TEST(Verdict, OneWorseMetricOutweighsBetterOnes) {
  std::vector<RunSample> a = Runs(kP99, 0, 0.01);
  std::vector<RunSample> b = Runs(kP99, 0.3, 0.01);
  for (RunSample& run : a) run.metrics.push_back({kRate, run.metrics[0].value});
  for (RunSample& run : b) run.metrics.push_back({kRate, run.metrics[0].value});
  EXPECT_EQ(Compare(a, b, {.primary = {kRate, kP99}}).verdict, Verdict::kWorse);
}

TEST(Verdict, ExploratoryMetricsAreShownAndDecideNothing) {
  std::vector<RunSample> a = Runs(kP99, 0, 0.01);
  std::vector<RunSample> b = Runs(kP99, 0, 0.01);
  for (RunSample& run : a) run.metrics.push_back({kRate, run.metrics[0].value});
  for (RunSample& run : b) run.metrics.push_back({kRate, run.metrics[0].value - 1});
  const Comparison comparison = Compare(a, b, Only(kP99));
  ASSERT_EQ(comparison.rows.size(), 2U);
  EXPECT_FALSE(comparison.rows[1].primary);
  EXPECT_EQ(comparison.rows[1].verdict, Verdict::kWorse);
  EXPECT_EQ(comparison.verdict, Verdict::kSame);
}

// ---- errors decide, whatever was asked for ----

// Runs of which p99 is the same and this part of the ops failed.
std::vector<RunSample> Failing(double share, double spread, std::size_t count = 8) {
  std::vector<RunSample> runs = Runs(kErrors, share, spread, count);
  for (RunSample& run : runs) run.metrics.push_back({kP99, 0});
  return runs;
}

TEST(Verdict, IsWorseWhenOpsFailThoughNobodyAskedForErrors) {
  const Comparison comparison = Compare(Failing(0, 0), Failing(0.043, 0.002), Only(kP99));
  EXPECT_EQ(comparison.verdict, Verdict::kWorse);
  EXPECT_THAT(comparison.reason, HasSubstr("errors: "));
  ASSERT_EQ(comparison.rows.size(), 2U);
  EXPECT_TRUE(comparison.rows[1].primary);
  EXPECT_EQ(Compare(Failing(0, 0), Failing(0.043, 0.002)).verdict, Verdict::kWorse);
  EXPECT_EQ(Compare(Failing(0.043, 0.002), Failing(0, 0), Only(kP99)).verdict, Verdict::kBetter);
  EXPECT_EQ(Compare(Failing(0, 0), Failing(0, 0), Only(kP99)).verdict, Verdict::kSame);
}

TEST(Verdict, ErrorsOfOneOpDoNotStandForThoseOfAll) {
  const MetricName of_read{MetricKind::kErrors, 0, "read"};
  std::vector<RunSample> a = Failing(0, 0);
  std::vector<RunSample> b = Failing(0.043, 0.002);
  for (std::vector<RunSample>* side : {&a, &b})
    for (RunSample& run : *side) run.metrics.push_back({of_read, 0});
  EXPECT_EQ(Compare(a, b, Only(of_read)).verdict, Verdict::kWorse);
}

TEST(Verdict, ErrorsThatComeAndGoLeaveItOpen) {
  const Comparison comparison = Compare(Failing(0.01, 0.003), Failing(0.012, 0.003), Only(kP99));
  EXPECT_EQ(comparison.verdict, Verdict::kInconclusive);
  EXPECT_THAT(comparison.reason, HasSubstr("errors: "));
}

TEST(Verdict, ErrorsThatAreTheSameInAllRunsTakeNoShareOfAlpha) {
  std::vector<RunSample> a = Runs(kP99, 0, 0.01);
  std::vector<RunSample> b = Runs(kP99, 0.02, 0.01);
  const MetricRow alone = Compare(a, b, Only(kP99)).rows[0];
  for (std::vector<RunSample>* side : {&a, &b})
    for (RunSample& run : *side) run.metrics.push_back({kErrors, 0.001});
  const MetricRow beside = Compare(a, b, Only(kP99)).rows[0];
  EXPECT_EQ(alone.adjusted_p, beside.adjusted_p);
  EXPECT_EQ(alone.detectable, beside.detectable);
}

TEST(Verdict, OfOneRunASideTheIntervalIsUnknown) {
  const Comparison comparison =
      Compare(Runs(kP99, 0, 0.01, 1), Runs(kP99, 0.3, 0.01, 1), Only(kP99));
  EXPECT_EQ(comparison.verdict, Verdict::kSuggestive);
  EXPECT_EQ(comparison.rows[0].leaning, Verdict::kInconclusive);
  EXPECT_EQ(comparison.rows[0].low, 0);
  EXPECT_TRUE(std::isinf(comparison.rows[0].high));
}

// It is taken to vary as they do: one more draw from the same spread.
TEST(Verdict, OneRunAgainstSeveralHasAPredictionInterval) {
  const Comparison comparison =
      Compare(Runs(kP99, 0, 0.01, 8), Runs(kP99, 0.3, 0.01, 1), Only(kP99));
  EXPECT_EQ(comparison.verdict, Verdict::kSuggestive);
  EXPECT_EQ(comparison.rows[0].leaning, Verdict::kWorse);
  EXPECT_LT(comparison.rows[0].high, std::exp(0.3 + 0.05));
}

TEST(Verdict, InvalidRunsAreLeftOutAndNamed) {
  std::vector<RunSample> b = Runs(kP99, 0, 0.01, 9);
  b[0].metrics[0].value = 5;
  b[0].invalid = {"limited by the load generator"};
  b[0].folder = "results/broken";
  const Comparison comparison = Compare(Runs(kP99, 0, 0.01), b, Only(kP99));
  EXPECT_EQ(comparison.runs_b, 8U);
  ASSERT_EQ(comparison.left_out.size(), 1U);
  EXPECT_EQ(comparison.left_out[0].side, 'B');
  EXPECT_EQ(comparison.left_out[0].run, "results/broken");
  EXPECT_EQ(comparison.verdict, Verdict::kSame);
}

TEST(Verdict, IsInvalidWithoutAValidRun) {
  std::vector<RunSample> b = Runs(kP99, 0, 0.01);
  for (RunSample& run : b) run.invalid = {"too many errors"};
  const Comparison comparison = Compare(Runs(kP99, 0, 0.01), b, Only(kP99));
  EXPECT_EQ(comparison.verdict, Verdict::kInvalid);
  EXPECT_EQ(comparison.reason, "no run of B is valid");
  EXPECT_EQ(Compare({}, b).reason, "there is no run of A");
}

TEST(Verdict, AnOpThatWasNotMeasuredIsNamed) {
  const Comparison comparison = Compare(Runs(kRate, 0, 0.01), Runs(kRate, 0, 0.01), Only(kP99));
  EXPECT_EQ(comparison.verdict, Verdict::kInconclusive);
  EXPECT_THAT(comparison.reason, HasSubstr("measured no p99"));
}

TEST(Verdict, RunsOfDifferentThingsAreIncomparableAndTheKeysAreNamed) {
  std::vector<RunSample> b = Runs(kP99, 0, 0.01);
  for (RunSample& run : b) {
    run.identity.plan_json =
        R"({"load":{"stages":[{"from":200}]},"driver":{"options":{"cache":"4G"}}})";
    run.identity.system = "RocksDB 9";
  }
  CompareOptions options = Only(kP99);
  options.compared = {"driver.cache"};
  const Comparison comparison = Compare(Runs(kP99, 0, 0.01), b, options);
  EXPECT_EQ(comparison.verdict, Verdict::kIncomparable);
  std::vector<std::string> keys;
  for (const PlanDifference& difference : comparison.forbidden) keys.push_back(difference.key);
  EXPECT_THAT(keys, ElementsAre("load.stages.0.from", "system"));
}

TEST(Verdict, WhatIsComparedMayDifferBetweenTheSidesButNotWithinOne) {
  std::vector<RunSample> b = Runs(kP99, 0, 0.01);
  for (RunSample& run : b) run.identity.system = "RocksDB 9";
  CompareOptions options = Only(kP99);
  options.compared = {"system"};
  EXPECT_EQ(Compare(Runs(kP99, 0, 0.01), b, options).verdict, Verdict::kSame);
  b[3].identity.system = "RocksDB 8";
  EXPECT_EQ(Compare(Runs(kP99, 0, 0.01), b, options).verdict, Verdict::kIncomparable);
}

TEST(Verdict, NamesSeedsAndFoldersMayDiffer) {
  RunIdentity a;
  RunIdentity b;
  a.plan_json =
      R"({"name":"x","engine":{"seed":1},"driver":{"options":{"path":"p"}},"slo":["p99 < 1s"]})";
  b.plan_json = R"({"name":"y","engine":{"seed":2},"driver":{"options":{"path":"q"}},"slo":[],)"
                R"("verify":{"checks":[{"count":"a","expect":"1"}]}})";
  EXPECT_TRUE(FindDifferences(a, b).empty());
  b.memory_bytes = 64ULL << 30;
  EXPECT_THAT(Describe(FindDifferences(a, b).at(0)), HasSubstr("host.memory is 0GiB"));
}

// ---- saturation, as the rules of validity of a stored run say it ----

RunSample OpenRun(std::uint64_t answered) {
  RunResult run;
  run.name = "open";
  run.open_model = true;
  run.op_names = {"read"};
  run.planned_length = run.measured_length = 60 * kSecond;
  run.account.offered = 60'000;
  run.account.ended[0] = answered;
  run.account.waiting = 60'000 - answered;
  Interval interval;
  interval.end = 60 * kSecond;
  interval.ops.resize(1);
  interval.ops[0].response[0].RecordMany(kMillisecond, answered);
  interval.ops[0].service.RecordMany(kMillisecond, answered);
  AddInterval(interval, &run);
  JudgeValidity({}, &run);
  RunBlocks blocks(run);
  blocks.Add(interval);
  return MakeSample(run, blocks, {});
}

TEST(Verdict, IsSaturatedWhenBCannotCarryTheLoad) {
  const std::vector<RunSample> a(8, OpenRun(60'000));
  const std::vector<RunSample> b(8, OpenRun(40'000));
  ASSERT_TRUE(a[0].Valid()) << a[0].invalid[0];
  ASSERT_TRUE(b[0].saturated) << testing::PrintToString(b[0].invalid);
  EXPECT_EQ(Compare(a, b).verdict, Verdict::kSaturated);
  EXPECT_THAT(Compare(a, b).reason, HasSubstr("667/s of 1.00k/s"));
  EXPECT_EQ(Compare(b, a).verdict, Verdict::kInvalid);
  EXPECT_EQ(Compare(b, b).verdict, Verdict::kInvalid);
}

TEST(RunSample, HasThePercentilesOfItsHistogram) {
  const RunSample run = OpenRun(60'000);
  ASSERT_EQ(run.curve.size(), kCurvePercentiles.size());
  Histogram histogram;
  histogram.RecordMany(kMillisecond, 60'000);
  for (std::size_t i = 0; i < run.curve.size(); ++i) {
    const Ticks value = histogram.ValueAtPercentile(kCurvePercentiles[i]);
    EXPECT_DOUBLE_EQ(run.curve[i], std::log(static_cast<double>(value))) << i;
  }
  const MetricSample* const p99 = run.Find(kP99);
  ASSERT_NE(p99, nullptr);
  EXPECT_DOUBLE_EQ(p99->value, run.curve[20]);
  EXPECT_FALSE(p99->thin);
  EXPECT_NEAR(std::exp(run.Find(kRate)->value), 1000, 1e-6);
  EXPECT_EQ(run.Find(kErrors)->value, 0);
  EXPECT_EQ(run.Find({MetricKind::kPercentile, 99, "update"}), nullptr);
}

// Twelve seconds of 100 reads, each of 5 items and 1 kB; in every other second half of them come
// from a cache.
struct MovingRun {
  MovingRun() {
    for (int second = 0; second < 12; ++second) {
      Interval interval{.begin = second * kSecond, .end = (second + 1) * kSecond};
      interval.ops.resize(1);
      interval.ops[0].response[0].RecordMany(kMillisecond, 100);
      interval.ops[0].moved = {.bytes_sent = 10'000, .bytes_received = 90'000, .items = 500};
      if (second % 2 == 0) {
        interval.parts["read:cache"].response[0].RecordMany(kMillisecond, 50);
        interval.parts["read:cache"].moved = {.bytes_sent = 5'000, .items = 250};
      }
      AddInterval(interval, &run);
      blocks.Add(interval);
      blocks.AddSecond(MakeSeriesPoint(interval));
    }
  }

  std::vector<MetricName> also = {{MetricKind::kBytesRate},
                                  {MetricKind::kItemsRate, 0, "read"},
                                  {MetricKind::kMean},
                                  {MetricKind::kMax},
                                  {MetricKind::kShare, 0, "read:cache"},
                                  {MetricKind::kPercentile, 99, "read:cache"}};
  RunResult run = [] {
    RunResult head;
    head.op_names = {"read"};
    head.planned_length = head.measured_length = 12 * kSecond;
    return head;
  }();
  RunBlocks blocks{run, also};
};

TEST(RunSample, MeasuresItemsBytesAndPartsWhenTheyAreAskedFor) {
  const MovingRun moving;
  const RunSample run = MakeSample(moving.run, moving.blocks, {.also = moving.also});
  const auto value = [&](std::size_t i) {
    const MetricSample* const sample = run.Find(moving.also[i]);
    EXPECT_NE(sample, nullptr) << i;
    return sample == nullptr ? 0 : sample->value;
  };
  EXPECT_NEAR(std::exp(value(0)), 100'000, 1e-3);
  EXPECT_NEAR(std::exp(value(1)), 500, 1e-6);
  EXPECT_NEAR(std::exp(value(2)), 1e6, 1e3);
  EXPECT_NEAR(std::exp(value(3)), 1e6, 1e3);
  EXPECT_DOUBLE_EQ(value(4), 0.25);
  EXPECT_NEAR(std::exp(value(5)), 1e6, 1e3);
  EXPECT_TRUE(run.Find(moving.also[3])->thin) << "the longest of all is one op";
  EXPECT_EQ(run.Find(moving.also[4])->noise.size(), 100U) << "its seconds differ";
  EXPECT_EQ(MakeSample(moving.run, moving.blocks, {}).Find(moving.also[0]), nullptr);
}

TEST(RunSample, WhatAnOlderResultHasNotIsNotMeasured) {
  MovingRun moving;
  for (InTime& in_time : moving.run.in_time) in_time.moved = {.known = false};
  const RunSample run = MakeSample(moving.run, moving.blocks, {.also = moving.also});
  EXPECT_EQ(run.Find(moving.also[0]), nullptr);
  EXPECT_NE(run.Find(kRate), nullptr);
}

TEST(RunSample, ARunThatWasCutOffIsInvalid) {
  RunResult run;
  run.end = RunEnd::kInterrupted;
  run.planned_length = 60 * kSecond;
  run.measured_length = 30 * kSecond;
  const RunSample sample = MakeSample(run, RunBlocks(run), {});
  ASSERT_EQ(sample.invalid.size(), 1U);
  EXPECT_THAT(sample.invalid[0], HasSubstr("cut off after 30.0s of 1m00s"));
}

TEST(RunSample, AFolderThatIsNotThereIsNamed) {
  const Result<RunSample> sample = LoadSample("no/such/result");
  ASSERT_FALSE(sample);
  EXPECT_THAT(sample.error().message, HasSubstr("no/such/result"));
}

// ---- blocks ----

TEST(RunBlocks, ChanceOfAMedianIsThatOfItsOrderStatistics) {
  RunResult run;
  run.op_names = {"read"};
  run.planned_length = run.measured_length = 12 * kSecond;
  RunBlocks blocks(run);
  for (int second = 0; second < 12; ++second) {
    Interval interval;
    interval.begin = second * kSecond;
    interval.end = interval.begin + kSecond;
    interval.ops.resize(1);
    for (int i = 0; i < 1000; ++i)  // uniform between 1 and 2 ms
      interval.ops[0].response[0].Record(kMillisecond + i * kMicrosecond);
    blocks.Add(interval);
  }
  EXPECT_EQ(blocks.Count(), 12U);
  Rng rng(1);
  const std::vector<float> noise = blocks.Noise({MetricKind::kPercentile, 50}, 2000, &rng);
  double squares = 0;
  for (const float deviation : noise) squares += static_cast<double>(deviation) * deviation;
  // Standard deviation of the level sqrt(1/4n), of the logarithm 1/1.5 of that.
  const double expected = std::sqrt(0.25 / 12'000) / 1.5;
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(noise.size())), expected, 0.1 * expected);
}

TEST(RunBlocks, NothingIsKnownOfOpsThatDidNotHappen) {
  RunResult run;
  run.op_names = {"read"};
  run.planned_length = run.measured_length = 12 * kSecond;
  const RunBlocks blocks(run);
  Rng rng(1);
  EXPECT_TRUE(blocks.Noise({MetricKind::kPercentile, 99, "read"}, 100, &rng).empty());
}

// ---- calibration, options ----

TEST(Calibration, MeasuresTheSpreadAndNamesMarginsBelowIt) {
  const Calibration calibration = Calibrate(Runs(kP99, 0, 0.1, 20), 8, Only(kP99), 50);
  EXPECT_EQ(calibration.runs, 20U);
  ASSERT_EQ(calibration.floors.size(), 1U);
  EXPECT_NEAR(calibration.floors[0].spread, 0.091, 0.005);
  EXPECT_EQ(calibration.splits, 50U);
  EXPECT_LE(calibration.false_alarms, 6U);
  const std::vector<std::string> refused = MarginsBelowFloor(Floors(calibration), 8, Only(kP99));
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_THAT(refused[0], HasSubstr("the margin of p99 is 10.00%"));
  EXPECT_TRUE(MarginsBelowFloor({{"p99", {0.001}}}, 8, Only(kP99)).empty());
}

TEST(CompareOptions, ComeFromTheStoredPlan) {
  const Result<CompareOptions> options = OptionsFromPlan(
      R"json({"compare":{"primary":["p99(read)","rate"],"margin":{"rate":0.03}}})json");
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->primary.size(), 2U);
  EXPECT_EQ(MarginOf(kRate, *options), 0.03);
  EXPECT_EQ(MarginOf(kP99, *options), 0.10);
  EXPECT_TRUE(OptionsFromPlan("{}")->primary.empty());
  EXPECT_FALSE(OptionsFromPlan("[]"));
  EXPECT_FALSE(OptionsFromPlan(R"json({"compare":{"primary":["what"],"margin":{}}})json"));
  EXPECT_FALSE(OptionsFromPlan(R"json({"compare":{"primary":[],"margin":{"rate":-1}}})json"));
}

TEST(CompareOptions, AMarginOfAnOpWinsOverThatOfItsFamily) {
  const CompareOptions options{.margin = {{"p99", 0.2}, {"p99(read)", 0.3}}};
  EXPECT_EQ(MarginOf({MetricKind::kPercentile, 99, "read"}, options), 0.3);
  EXPECT_EQ(MarginOf({MetricKind::kPercentile, 99, "update"}, options), 0.2);
}

TEST(SequentialGate, StaysOpenWhileAPrimaryMetricIsInconclusive) {
  EXPECT_TRUE(IsOpen(Compare(Runs(kP99, 0, 0.2), Runs(kP99, 0.1, 0.2), Only(kP99))));
  EXPECT_TRUE(IsOpen(Compare(Runs(kP99, 0, 0.01, 2), Runs(kP99, 0, 0.01, 2), Only(kP99))));
  EXPECT_FALSE(IsOpen(Compare(Runs(kP99, 0, 0.01), Runs(kP99, 0.3, 0.01), Only(kP99))));
}

TEST(SequentialGate, ALookAsksForMoreThanAComparisonThatIsTheOnlyOne) {
  CompareOptions options = Only(kP99);
  const std::vector<RunSample> a = Runs(kP99, 0, 0.03);
  const std::vector<RunSample> b = Runs(kP99, std::log(1.10), 0.03);
  const MetricRow once = Compare(a, b, options).rows[0];
  options.look = true;
  const MetricRow look = Compare(a, b, options).rows[0];
  EXPECT_LT(look.low, once.low);
  EXPECT_GT(look.high, once.high);
  EXPECT_GT(look.p, once.p);
}

TEST(SequentialGate, SeesALargeChangeInThreeRounds) {
  CompareOptions options = Only(kP99);
  options.look = true;
  const auto look = [&](std::size_t runs) {
    return Compare(Runs(kP99, 0, 0.02, runs), Runs(kP99, 1, 0.02, runs), options).verdict;
  };
  EXPECT_EQ(look(2), Verdict::kSuggestive);
  EXPECT_EQ(look(3), Verdict::kWorse);
}

// ---- time ----

RunSample At(RunSample run, int day, int minute) {
  run.started_at = fmt::format("2026-01-{:02}T12:{:02}:00.000Z", day, minute);
  run.length_s = 30;
  return run;
}

// `days`: of each run; runs of one day are a minute apart.
std::vector<RunSample> OnDays(std::vector<RunSample> runs, const std::vector<int>& days,
                              int minute) {
  for (std::size_t i = 0; i < runs.size(); ++i)
    runs[i] = At(runs[i], days[i], minute + static_cast<int>(i));
  return runs;
}

TEST(Sessions, OneAfterTheOtherIsSaidAndWidensTheInterval) {
  const std::vector<RunSample> a = Runs(kP99, 0, 0.01);
  const Comparison in_turns = Compare(a, Runs(kP99, 0, 0.01), Only(kP99));
  const Comparison apart =
      Compare(OnDays(a, std::vector<int>(8, 1), 0),
              OnDays(Runs(kP99, 0, 0.01), std::vector<int>(8, 1), 10), Only(kP99));
  EXPECT_EQ(apart.rows[0].basis, EffectBasis::kSessions);
  EXPECT_GT(apart.rows[0].high, in_turns.rows[0].high * 1.1);
  ASSERT_FALSE(apart.notes.empty());
  EXPECT_THAT(apart.notes[0], HasSubstr("one after the other, in 1 and 1 sessions"));
  EXPECT_THAT(apart.notes[0], HasSubstr("5.00% from one to the next is assumed"));
  CompareOptions known = Only(kP99);
  known.sessions = {{"p99", {0.01, 9}}};
  const Comparison calibrated =
      Compare(OnDays(a, std::vector<int>(8, 1), 0),
              OnDays(Runs(kP99, 0, 0.01), std::vector<int>(8, 1), 10), known);
  EXPECT_LT(calibrated.rows[0].high, apart.rows[0].high);
  EXPECT_THAT(calibrated.notes[0], HasSubstr("as was calibrated"));
}

TEST(Sessions, OfABaselineTellHowFarApartSessionsAre) {
  std::vector<RunSample> a = Runs(kP99, 0, 0.001, 12);
  for (std::size_t i = 0; i < a.size(); ++i)  // six days, 4 % apart
    a[i] = At(OneRun(kP99, 0.04 * static_cast<double>(i / 2 % 2)), static_cast<int>(1 + i / 2),
              static_cast<int>(i % 2));
  const std::vector<RunSample> b = OnDays(Runs(kP99, 0.04, 0.001, 8), std::vector<int>(8, 20), 0);
  const Comparison comparison = Compare(a, b, Only(kP99));
  EXPECT_FALSE(comparison.rows[0].claims.changed) << "B is like a session of A";
  EXPECT_THAT(comparison.notes[0], HasSubstr("in 6 and 1 sessions"));
}

TEST(Sessions, OneRunIsPlacedAmongManySessions) {
  std::vector<int> days;
  for (int day = 1; day <= 10; ++day) days.push_back(day);
  const std::vector<RunSample> a = OnDays(Runs(kP99, 0, 0.01, 10), days, 0);
  const auto verdict = [&](double change) {
    return Compare(a, OnDays({OneRun(kP99, change)}, {20}, 0), Only(kP99)).verdict;
  };
  EXPECT_EQ(verdict(0.5), Verdict::kWorse);
  EXPECT_EQ(verdict(0), Verdict::kSame);
}

TEST(Rounds, AreSeenInTheTimesOfTheRuns) {
  std::vector<RunSample> a;
  std::vector<RunSample> b;
  // What disturbs the host moves both runs of a round, much more than B differs from A.
  const double moved[] = {0, 0.5, 0.1, 0.7, 0.3, 0.9, 0.2, 0.6};
  for (int round = 0; round < 8; ++round) {
    const double small = round % 2 == 0 ? 0.001 : -0.001;
    a.push_back(At(OneRun(kP99, moved[round] + small), 1, 3 * round + round % 2));
    b.push_back(At(OneRun(kP99, moved[round] + 0.2), 1, 3 * round + 1 - round % 2));
  }
  const Comparison comparison = Compare(a, b, Only(kP99));
  EXPECT_EQ(comparison.rows[0].basis, EffectBasis::kRounds);
  EXPECT_EQ(comparison.verdict, Verdict::kWorse);
}

TEST(OddRuns, AreNamedWithWhatWasDifferentAndStayIn) {
  std::vector<RunSample> b = Runs(kP99, 0, 0.01);
  for (RunSample& run : b) run.circumstances = {{"steal", 0.001}, {"host cpu_fraction", 0.5}};
  b[4].metrics[0].value = 2;
  b[4].folder = "results/odd";
  b[4].circumstances["steal"] = 0.3;
  const Comparison comparison = Compare(Runs(kP99, 0, 0.01), b, Only(kP99));
  EXPECT_EQ(comparison.runs_b, 8U);
  EXPECT_EQ(comparison.rows[0].basis, EffectBasis::kTrimmed);
  EXPECT_EQ(comparison.verdict, Verdict::kSame);
  ASSERT_EQ(comparison.odd.size(), 1U);
  EXPECT_EQ(comparison.odd[0].run, "results/odd");
  EXPECT_EQ(comparison.odd[0].what, std::vector<std::string>{"steal 30.00% instead of 0.10%"});
}

}  // namespace
}  // namespace mbench
