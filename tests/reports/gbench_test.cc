// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/base/rng.h"
#include "reports/gbench/gbench_reader.h"
#include "reports/gbench/gbench_writer.h"
#include "tests/reports/shown_comparisons.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kTwoRepetitions = R"({
  "context": {"host_name": "here", "num_cpus": 2, "library_build_type": "release"},
  "benchmarks": [
    {"name": "BM_a/8", "run_name": "BM_a/8", "run_type": "iteration", "repetitions": 2,
     "repetition_index": 0, "iterations": 10, "real_time": 2.0, "cpu_time": 1.5, "time_unit": "us"},
    {"name": "BM_a/8", "run_name": "BM_a/8", "run_type": "iteration", "repetitions": 2,
     "repetition_index": 1, "iterations": 10, "real_time": 4.0, "cpu_time": 3.5, "time_unit": "us"},
    {"name": "BM_a/8_mean", "run_name": "BM_a/8", "run_type": "aggregate", "aggregate_name": "mean",
     "real_time": 3.0, "cpu_time": 2.5, "time_unit": "us"}
  ]
})";

std::string ErrorOf(std::string_view text) {
  const Result<GbenchFile> file = ReadGbenchText(text, "x.json");
  return file ? std::string() : file.error().message;
}

TEST(GbenchReader, MakesARunOfEveryRepetition) {
  const Result<GbenchFile> file = ReadGbenchText(kTwoRepetitions, "x.json");
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->runs.size(), 2u);
  ASSERT_EQ(file->rates.size(), 1u);
  EXPECT_EQ(Name(file->rates[0]), "rate(BM_a/8)");
  const MetricSample* const rate = file->runs[1].Find(file->rates[0]);
  ASSERT_NE(rate, nullptr);
  EXPECT_NEAR(std::exp(rate->value), 250'000, 1e-6);
  const MetricSample* const cpu = file->runs[0].Find({MetricKind::kClientCpu, 0, "BM_a/8"});
  ASSERT_NE(cpu, nullptr);
  EXPECT_NEAR(std::exp(cpu->value), 1.5e-6, 1e-12);
  EXPECT_EQ(file->runs[0].identity.cores, 2u);
}

TEST(GbenchReader, LeavesOutRepetitionsThatEndedInAnError) {
  const std::string text = R"({"benchmarks": [
    {"name": "a", "real_time": 1, "cpu_time": 1, "time_unit": "ns"},
    {"name": "a", "error_occurred": true, "error_message": "no", "real_time": 0, "cpu_time": 0}]})";
  const Result<GbenchFile> file = ReadGbenchText(text, "x.json");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->runs.size(), 1u);
}

TEST(GbenchReader, NamesWhatIsWrongAndWhere) {
  EXPECT_THAT(ErrorOf("[]"), HasSubstr("x.json"));
  EXPECT_THAT(ErrorOf("{}"), HasSubstr("benchmarks"));
  EXPECT_THAT(ErrorOf(R"({"benchmarks": []})"), HasSubstr("no benchmarks"));
  EXPECT_THAT(ErrorOf(R"({"benchmarks": [3]})"), HasSubstr("benchmarks"));
  EXPECT_THAT(ErrorOf(R"({"benchmarks": [{"name": "a", "real_time": "x", "cpu_time": 1}]})"),
              HasSubstr("real_time"));
  EXPECT_THAT(ErrorOf(R"({"benchmarks": [{"name": "a", "real_time": 0, "cpu_time": 1}]})"),
              HasSubstr("not above 0"));
  EXPECT_THAT(ErrorOf(R"({"benchmarks": [{"name": "a", "real_time": 1, "cpu_time": 1,
                                          "time_unit": "years"}]})"),
              HasSubstr("time_unit"));
  EXPECT_THAT(ErrorOf(R"({"benchmarks": [{"name": "a", "error_occurred": true}]})"),
              HasSubstr("ended in an error"));
}

// One odd entry is named, and the others count.
TEST(GbenchReader, LeavesOutWhatHasNoTimeAndNamesIt) {
  const Result<GbenchFile> file = ReadGbenchText(R"({"benchmarks": [
    {"name": "good", "real_time": 1, "cpu_time": 1},
    {"name": "nan", "real_time": NaN, "cpu_time": 1},
    {"name": "far", "real_time": -Infinity, "cpu_time": 1},
    {"name": "zero", "real_time": 0, "cpu_time": 0},
    {"name": "NaN in a \"name\"", "real_time": 2, "cpu_time": 0, "counter": inf},
    {"name": "off", "skipped": true, "skip_message": "no device"},
    {"name": "off too", "error_occurred": true, "error_message": "no file"}]})",
                                                 "x.json");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->rates.size(), 2U);
  EXPECT_THAT(file->left_out,
              testing::ElementsAre("nan: its time is no number", "far: its time is no number",
                                   "zero: its time is not above 0", "off: skipped: no device",
                                   "off too: ended in an error: no file"));
  EXPECT_EQ(file->failed.size(), 5U);
}

TEST(GbenchReader, TakesEntriesOfSeveralProcessesForRepetitions) {
  const Result<GbenchFile> file = ReadGbenchText(R"({"benchmarks": [
    {"name": "a", "repetition_index": 0, "real_time": 1, "cpu_time": 1, "items_per_second": 5},
    {"name": "a", "repetition_index": 1, "real_time": 2, "cpu_time": 1, "items_per_second": 6},
    {"name": "a", "repetition_index": 0, "real_time": 3, "cpu_time": 1, "items_per_second": 7}]})",
                                                 "x.json");
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->runs.size(), 3U);
  const MetricSample* const items = file->runs[2].Find({MetricKind::kItemsRate, 0, "a"});
  ASSERT_NE(items, nullptr);
  EXPECT_NEAR(std::exp(items->value), 7, 1e-9);
}

TEST(GbenchReader, OfAFileOfAggregatesItTakesTheMeansAsOneRun) {
  const Result<GbenchFile> file = ReadGbenchText(R"({"benchmarks": [
    {"name": "a_mean", "run_name": "a", "run_type": "aggregate", "aggregate_name": "mean",
     "real_time": 4, "cpu_time": 1},
    {"name": "a_stddev", "run_name": "a", "run_type": "aggregate", "aggregate_name": "stddev",
     "real_time": 1, "cpu_time": 1}]})",
                                                 "x.json");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(file->aggregates_only);
  ASSERT_EQ(file->runs.size(), 1U);
  EXPECT_NEAR(std::exp(file->runs[0].metrics[0].value), 2.5e8, 1);
}

TEST(GbenchReader, RefusesEveryTruncationWithAMessage) {
  const std::string_view whole = kTwoRepetitions;
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THAT(ErrorOf(whole.substr(0, length)), HasSubstr("x.json")) << length;
}

TEST(GbenchReader, SurvivesBytesThatWereChanged) {
  constexpr std::uint64_t kSeed = 20260131;
  Rng rng(kSeed);
  for (int i = 0; i < 3000; ++i) {
    std::string text(kTwoRepetitions);
    for (int change = 0; change < 3; ++change)
      text[rng.Below(text.size())] = static_cast<char>(rng.Below(256));
    const Result<GbenchFile> file = ReadGbenchText(text, "x.json");
    if (file) {
      EXPECT_FALSE(file->runs.empty()) << "seed " << kSeed << ", change " << i;
    } else {
      EXPECT_THAT(file.error().message, HasSubstr("x.json")) << "seed " << kSeed;
    }
  }
}

TEST(GbenchWriter, WritesARepetitionPerRun) {
  const std::string text = RenderGbench(ShownRuns(9, 1));
  const auto json = nlohmann::json::parse(text);
  std::size_t p99 = 0;
  for (const auto& entry : json["benchmarks"]) {
    if (entry["name"] != "steady/all/p99") continue;
    EXPECT_EQ(entry["repetitions"], 9);
    EXPECT_EQ(entry["repetition_index"], p99++);
    EXPECT_EQ(entry["run_type"], "iteration");
    EXPECT_NEAR(entry["real_time"].get<double>(), 1'050'000, 20'000);
  }
  EXPECT_EQ(p99, 9u);
}

TEST(GbenchWriter, LeavesInvalidRunsOut) {
  std::vector<RunSample> runs = ShownRuns(3, 1);
  runs[1].invalid = {"something"};
  const auto json = nlohmann::json::parse(RenderGbench(runs));
  for (const auto& entry : json["benchmarks"]) EXPECT_EQ(entry["repetitions"], 2);
}

TEST(GbenchWriter, IsReadBackAsItWas) {
  const Result<GbenchFile> file = ReadGbenchText(RenderGbench(ShownRuns(5, 1)), "x.json");
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->runs.size(), 5u);
  const MetricSample* const rate =
      file->runs[3].Find({MetricKind::kRate, 0, "steady/all/time_per_op"});
  ASSERT_NE(rate, nullptr);
  EXPECT_NEAR(rate->value, ShownRun(3, 1).Find({MetricKind::kRate})->value, 1e-9);
}

}  // namespace
}  // namespace mbench
