// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "reports/json/comparison_json.h"
#include "reports/text/columns.h"
#include "reports/text/comparison_table.h"
#include "tests/reports/golden.h"
#include "tests/reports/shown_comparisons.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ComparisonModel Worse() { return ShownModel(ShownRuns(8, 1), ShownRuns(8, 1.2)); }
ComparisonModel TooFew() { return ShownModel(ShownRuns(3, 1), ShownRuns(3, 1.03)); }
ComparisonModel OneRunEach() { return ShownModel(ShownRuns(1, 1), ShownRuns(1, 1.2)); }

// One run of B is not valid, and its folder tries to play tricks with the terminal.
ComparisonModel LeftOut() {
  std::vector<RunSample> b = ShownRuns(7, 1);
  b[2].invalid = {"the load generator was full: busiest worker 99.00%"};
  b[2].folder = "results/\x1b[2Jb";
  return ShownModel(ShownRuns(6, 1), b);
}

ComparisonModel Incomparable() {
  std::vector<RunSample> b = ShownRuns(5, 1);
  for (RunSample& run : b)
    run.identity.plan_json = R"({"driver":{"options":{"cache":"1G"}},"load":{"from":2000}})";
  return ShownModel(ShownRuns(5, 1), b);
}

TEST(ComparisonTable, OfAChangeForTheWorse) {
  ExpectGolden("worse_comparison.txt", RenderComparisonTable(Worse(), {}));
}
TEST(ComparisonTable, InColour) {
  ExpectGolden("worse_comparison_colour.txt", RenderComparisonTable(Worse(), {.color = true}));
}
// Greyed, with why, and without a verdict of any of them.
TEST(ComparisonTable, OfInvalidRunsHasTheirFigures) {
  std::vector<RunSample> b = ShownRuns(3, 1.2);
  for (RunSample& run : b) run.invalid = {"the load generator was full"};
  const ComparisonModel model = ShownModel(ShownRuns(3, 1), b);
  EXPECT_EQ(model.verdict, Verdict::kInvalid);
  const std::string text = RenderComparisonTable(model, {});
  EXPECT_THAT(text, HasSubstr("not all are valid, so nothing is concluded from it"));
  EXPECT_THAT(text, ::testing::ContainsRegex("p99 +1.05ms +1.26ms +1.200"));
  EXPECT_THAT(text, HasSubstr("left out  B  results/steady-0: the load generator was full"));
  EXPECT_THAT(text, Not(HasSubstr("interval")));
  EXPECT_THAT(RenderComparisonTable(model, {.color = true}),
              ::testing::ContainsRegex("\x1b\\[2mp99 +1.05ms"));
  const auto json = nlohmann::json::parse(RenderComparisonJson(model));
  EXPECT_TRUE(json["metrics"].empty());
  EXPECT_NEAR(json["figures"][2]["ratio"].get<double>(), 1.2, 0.01);
  EXPECT_EQ(RenderComparisonJson(Worse()).find("\"figures\""), std::string::npos);
}

TEST(ComparisonTable, OfTooFewRuns) {
  ExpectGolden("few_runs_comparison.txt", RenderComparisonTable(TooFew(), {}));
}
TEST(ComparisonTable, WithARunLeftOut) {
  ExpectGolden("left_out_comparison.txt", RenderComparisonTable(LeftOut(), {}));
}
TEST(ComparisonTable, OfRunsOfDifferentThings) {
  ExpectGolden("incomparable.txt", RenderComparisonTable(Incomparable(), {}));
}

TEST(ComparisonTable, OfOneRunEachHasNoIntervals) {
  const std::string text = RenderComparisonTable(OneRunEach(), {});
  EXPECT_THAT(text, HasSubstr("unknown"));
  EXPECT_THAT(text, Not(HasSubstr("inf")));
  EXPECT_THAT(text, Not(HasSubstr("nan")));
  EXPECT_THAT(text, HasSubstr("SUGGESTIVE"));
}

TEST(ComparisonTable, FitsAPullRequestAndPlaysNoTricks) {
  for (const ComparisonModel& model :
       {Worse(), TooFew(), OneRunEach(), LeftOut(), Incomparable()}) {
    std::istringstream lines(RenderComparisonTable(model, {}));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(Width(line), 110u) << line;
      EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
    }
  }
}

TEST(ComparisonTable, GivesALongNameALineOfItsOwn) {
  ComparisonModel model = Worse();
  model.metrics[0].name = "rate(BM_SomethingWithAVeryLongName/threads:16/real_time)";
  const std::string text = RenderComparisonTable(model, {});
  EXPECT_THAT(text, HasSubstr("\nrate(BM_SomethingWithAVeryLongName/threads:16/real_time)\n"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(Width(line), 110u) << line;
}

TEST(ComparisonJson, OfAChangeForTheWorse) {
  ExpectGolden("worse_comparison.json", RenderComparisonJson(Worse()));
}

TEST(ComparisonJson, HasNullWhereNothingIsKnown) {
  const auto json = nlohmann::json::parse(RenderComparisonJson(OneRunEach()));
  EXPECT_EQ(json["verdict"], "suggestive");
  EXPECT_TRUE(json["metrics"][0]["ratio"]["high"].is_null());
  EXPECT_TRUE(json["metrics"][0]["detectable"].is_null());
}

TEST(ComparisonJson, NamesTheKeysThatForbidIt) {
  const auto json = nlohmann::json::parse(RenderComparisonJson(Incomparable()));
  EXPECT_EQ(json["verdict"], "incomparable");
  EXPECT_EQ(json["forbidden"][0]["key"], "load.from");
  EXPECT_EQ(json["forbidden"][0]["b"], "2000");
}

TEST(ComparisonModel, KnowsWhichWayIsBetter) {
  const ComparisonModel model = Worse();
  EXPECT_EQ(model.metrics[0].name, "rate");
  EXPECT_EQ(model.metrics[0].a.better, Better::kHigher);
  EXPECT_EQ(model.metrics[1].change.better, Better::kLower);
}

TEST(ComparisonModel, SaysHowManyRunsWouldDecideAllThatIsOpen) {
  const ComparisonModel model = TooFew();
  ASSERT_TRUE(model.more_runs);
  std::size_t most = 0;
  for (const ComparedMetric& metric : model.metrics)
    if (metric.primary) most = std::max(most, metric.more_runs.value_or(0));
  EXPECT_EQ(*model.more_runs, most);
}

TEST(SizeText, HasTwoDigits) {
  EXPECT_EQ(SizeText(0.05, true), "5%");
  EXPECT_EQ(SizeText(0.0312, true), "3.1%");
  EXPECT_EQ(SizeText(1.234, true), "123%");
  EXPECT_EQ(SizeText(0.001, false), "0.1pp");
  EXPECT_EQ(SizeText(1 / 0.0, true), "-");
}

}  // namespace
}  // namespace mbench
