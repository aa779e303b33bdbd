// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/compare/compare_options.h"
#include "reports/json/history_json.h"
#include "reports/text/history_table.h"
#include "tests/reports/golden.h"
#include "tests/reports/shown_comparisons.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;

// Ten runs, p99 grows by a fifth with the seventh; the third was not valid.
std::vector<RunSample> ChangedRuns() {
  std::vector<RunSample> runs;
  for (std::size_t i = 0; i < 14; ++i) runs.push_back(ShownRun(i, i < 7 ? 1 : 1.2));
  runs[2].invalid = {"did not reach its offered load"};
  return runs;
}

TEST(HistoryModel, FindsTheRunWithWhichTheLevelChanged) {
  const HistoryModel model = MakeHistoryModel(ChangedRuns(), DefaultPrimary());
  ASSERT_EQ(model.metrics.size(), 3u);
  EXPECT_TRUE(model.metrics[0].changes.empty());
  ASSERT_EQ(model.metrics[2].changes.size(), 1u);
  const HistoryChange& change = model.metrics[2].changes[0];
  EXPECT_EQ(change.since.run, "results/steady-7");
  EXPECT_TRUE(change.worse);
  EXPECT_NEAR(change.change.value, 1.2, 0.01);
  EXPECT_LT(change.p, 0.01);
}

TEST(HistoryModel, LeavesInvalidRunsOutAndNamesThem) {
  const HistoryModel model = MakeHistoryModel(ChangedRuns(), DefaultPrimary());
  EXPECT_EQ(model.runs.size(), 13u);
  ASSERT_EQ(model.left_out.size(), 1u);
  EXPECT_EQ(model.left_out[0].run, "results/steady-2");
}

TEST(HistoryModel, CallsAHigherRateBetter) {
  std::vector<RunSample> runs;
  for (std::size_t i = 0; i < 12; ++i) {
    runs.push_back(ShownRun(i, 1));
    if (i >= 6) runs[i].metrics[0].value += 0.3;
  }
  const HistoryModel model = MakeHistoryModel(runs, DefaultPrimary());
  ASSERT_EQ(model.metrics[0].changes.size(), 1u);
  EXPECT_FALSE(model.metrics[0].changes[0].worse);
}

TEST(HistoryModel, SaysWhenThereAreTooFewRuns) {
  for (const std::size_t count : {0u, 1u, 5u}) {
    const HistoryModel model = MakeHistoryModel(ShownRuns(count, 1), DefaultPrimary());
    EXPECT_FALSE(model.enough) << count;
    EXPECT_THAT(RenderHistoryTable(model, {}), HasSubstr("valid runs in all")) << count;
  }
}

TEST(HistoryTable, OfAChange) {
  ExpectGolden("history.txt",
               RenderHistoryTable(MakeHistoryModel(ChangedRuns(), DefaultPrimary()), {}));
}

TEST(HistoryJson, OfAChange) {
  const auto json =
      nlohmann::json::parse(RenderHistoryJson(MakeHistoryModel(ChangedRuns(), DefaultPrimary())));
  EXPECT_EQ(json["runs"].size(), 13u);
  EXPECT_EQ(json["metrics"][2]["metric"], "p99");
  EXPECT_EQ(json["metrics"][2]["values_ns"].size(), 13u);
  EXPECT_EQ(json["metrics"][2]["changes"][0]["since"]["run"], "results/steady-7");
  EXPECT_EQ(json["left_out"][0]["run"], "results/steady-2");
}

}  // namespace
}  // namespace mbench
