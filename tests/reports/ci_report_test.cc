// SPDX-License-Identifier: Apache-2.0
//
// What CI systems get: JUnit XML, Markdown for a pull request, workflow commands of GitHub. Names
// come from files of strangers, and may neither break out of their place nor be lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/github/annotations.h"
#include "reports/junit/comparison_junit.h"
#include "reports/junit/run_junit.h"
#include "reports/markdown/comparison_markdown.h"
#include "reports/markdown/run_markdown.h"
#include "tests/reports/shown_runs.h"

namespace mbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kTime = "2026-01-31T12:34:56";

ComparedMetric Metric(const std::string& name, Verdict verdict) {
  ComparedMetric metric;
  metric.name = name;
  metric.primary = true;
  metric.a = MakeLatency(1'000'000);
  metric.b = MakeLatency(1'200'000);
  metric.change = MakeRatio(1.2);
  metric.low = MakeRatio(1.15);
  metric.high = MakeRatio(1.25);
  metric.margin = 0.1;
  metric.p = metric.adjusted_p = 0.008;
  metric.verdict = verdict;
  metric.sentence = "the whole interval is beyond the margin";
  return metric;
}

ComparisonModel Model(Verdict verdict, std::vector<ComparedMetric> metrics) {
  ComparisonModel model;
  model.subject = {.title = "steady", .a = "baseline main", .b = "steady.yaml"};
  model.verdict = verdict;
  model.reason = "p99: the whole interval is beyond the margin";
  model.runs_a = model.runs_b = 5;
  model.metrics = std::move(metrics);
  return model;
}

ComparisonModel Hostile() {
  const std::string text = "a<b>&\"c'|`d`*_[x](http://y)@team #1 ::error::\n::warning::\x01\xff%";
  ComparisonModel model = Model(Verdict::kWorse, {Metric("p99(" + text + ")", Verdict::kWorse)});
  model.subject = {.title = text, .a = text, .b = text};
  model.reason = text;
  model.metrics[0].sentence = text;
  model.left_out = {{'B', text, {text}}};
  model.forbidden = {{text, text, text}};
  model.notes = {text};
  return model;
}

std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(Junit, HasACasePerPrimaryMetricAndOneForTheRuns) {
  ComparedMetric exploratory = Metric("p95", Verdict::kWorse);
  exploratory.primary = false;
  const std::string xml = RenderComparisonJunit(
      Model(Verdict::kWorse, {Metric("rate", Verdict::kSame), Metric("p50", Verdict::kInconclusive),
                              Metric("p99", Verdict::kWorse), exploratory}),
      kTime);
  EXPECT_THAT(xml, HasSubstr("<testsuites tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("name=\"runs\""));
  EXPECT_THAT(xml, HasSubstr("timestamp=\"2026-01-31T12:34:56\""));
  EXPECT_THAT(xml, Not(HasSubstr("p95")));
  EXPECT_EQ(Count(xml, "<testcase "), 4u);
  EXPECT_EQ(Count(xml, "<failure "), 1u);
  EXPECT_EQ(Count(xml, "<skipped "), 1u);
  EXPECT_LT(xml.find("name=\"p99\""), xml.find("<failure "));
}

TEST(Junit, IsAnErrorWhenTheRunsCannotBeCompared) {
  ComparisonModel model = Model(Verdict::kIncomparable, {});
  model.forbidden = {{"load.stages.0.from", "1", "2"}};
  const std::string xml = RenderComparisonJunit(model, kTime);
  EXPECT_THAT(xml, HasSubstr("tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\""));
  EXPECT_THAT(xml, HasSubstr("<error "));
  EXPECT_THAT(xml, HasSubstr("load.stages.0.from is 1 in one and 2 in the other"));
}

TEST(Junit, IsAFailureWhenTheLoadIsTooMuch) {
  const std::string xml = RenderComparisonJunit(Model(Verdict::kSaturated, {}), kTime);
  EXPECT_THAT(xml, HasSubstr("tests=\"1\" failures=\"1\""));
}

TEST(Junit, KeepsStrangersInTheirPlace) {
  const std::string xml = RenderComparisonJunit(Hostile(), kTime);
  EXPECT_EQ(Count(xml, "<b>"), 0u);
  EXPECT_EQ(Count(xml, "&\""), 0u);
  EXPECT_EQ(xml.find('\x01'), std::string::npos);
  EXPECT_EQ(xml.find('\xff'), std::string::npos);
  EXPECT_THAT(xml, HasSubstr("a&lt;b&gt;&amp;&quot;c"));
  EXPECT_EQ(Count(xml, "<testcase "), Count(xml, "</testcase>"));
}

TEST(Markdown, ShowsTheVerdictTheTableAndTheReasons) {
  const std::string text =
      RenderComparisonMarkdown(Model(Verdict::kWorse, {Metric("p99", Verdict::kWorse)}));
  EXPECT_THAT(text, StartsWith("### steady: worse\n"));
  EXPECT_THAT(text, HasSubstr("| p99 | 1.00ms | 1.20ms | 1.200 | 1.150..1.250 | 10% | 0.008 | "
                              "**worse** |"));
  EXPECT_THAT(text, HasSubstr("- p99: the whole interval is beyond the margin"));
  EXPECT_THAT(text, HasSubstr("A: baseline main, 5 runs. B: steady.yaml, 5 runs."));
}

TEST(Markdown, KeepsExploratoryMetricsBehindAClick) {
  ComparedMetric exploratory = Metric("p95", Verdict::kWorse);
  exploratory.primary = false;
  const std::string text =
      RenderComparisonMarkdown(Model(Verdict::kSame, {Metric("p99", Verdict::kSame), exploratory}));
  EXPECT_LT(text.find("| p99 |"), text.find("<details>"));
  EXPECT_LT(text.find("<details>"), text.find("| p95 |"));
}

TEST(Markdown, StrangersCanNeitherFormatNorLinkNorMention) {
  const std::string text = RenderComparisonMarkdown(Hostile());
  for (const char* bad : {"<b>", "@team", "](", "http://", "`", " #1 ", "\x01", "\xff"})
    EXPECT_THAT(text, Not(HasSubstr(bad)));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_THAT(line, Not(StartsWith("::")));
    if (line.starts_with("| p99")) {
      EXPECT_EQ(Count(line, "|"), 9u) << line;
    }
  }
}

TEST(MarkdownText, IsTheTextItself) {
  EXPECT_EQ(MarkdownText("p99.9(read) 12.5% 10k/s a-b c+d"), "p99.9(read) 12.5% 10k/s a-b c+d");
  EXPECT_EQ(MarkdownText("a|b"), "a&#124;b");
  EXPECT_EQ(MarkdownText("https://x www.x"), "https&#58;//x &#119;ww.x");
  EXPECT_EQ(MarkdownText("caf\xc3\xa9\nbar"), "caf\xc3\xa9 bar");
}

TEST(Annotations, OneLineForTheVerdictAndOnePerMetricThatNeedsALook) {
  const std::string text = RenderAnnotations(
      Model(Verdict::kWorse, {Metric("rate", Verdict::kSame), Metric("p50", Verdict::kInconclusive),
                              Metric("p99", Verdict::kWorse)}),
      "workloads/steady.yaml");
  EXPECT_EQ(Count(text, "\n"), 3u);
  EXPECT_THAT(text, StartsWith("::error file=workloads/steady.yaml,title=steady%3A worse::"));
  EXPECT_THAT(text, HasSubstr("\n::warning file=workloads/steady.yaml,title=steady%3A p50 is "
                              "inconclusive::1.00ms -> 1.20ms"));
  EXPECT_THAT(text, HasSubstr("\n::error file=workloads/steady.yaml,title=steady%3A p99 is worse"));
}

TEST(Annotations, AreANoticeWhenAllIsWell) {
  EXPECT_THAT(RenderAnnotations(Model(Verdict::kSame, {Metric("p99", Verdict::kSame)}), ""),
              AllOf(StartsWith("::notice title=steady%3A same::"), Not(HasSubstr("file="))));
}

TEST(Annotations, StrangersCannotGiveCommands) {
  std::istringstream lines(RenderAnnotations(Hostile(), "a,b:c\n::error::.yaml"));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_THAT(line, StartsWith("::error file=a%2Cb%3Ac%0A%3A%3Aerror%3A%3A.yaml,title="));
    EXPECT_EQ(line.find('\x01'), std::string::npos);
  }
}

// ---- a run ----

SloModel Objective(const std::string& text, SloModel::State state) {
  return {.text = text, .state = state, .measured = MakeLatency(2'000'000)};
}

RunModel JudgedRun() {
  RunModel model = MakeRunModel(GoodRun());
  model.slo = {Objective("p99 < 10ms", SloModel::State::kHeld),
               Objective("p50 < 1ms", SloModel::State::kBroken),
               Objective("p99(scan) < 1s", SloModel::State::kNotJudged)};
  return model;
}

TEST(RunJunit, HasACasePerObjectiveAndOneForTheRun) {
  const std::string xml = RenderRunJunit(JudgedRun(), kTime);
  EXPECT_THAT(xml, HasSubstr("<testsuites tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("name=\"p50 &lt; 1ms\""));
  EXPECT_LT(xml.find("name=\"p50"), xml.find("<failure message=\"measured 2.00ms\""));
}

TEST(RunJunit, AnInvalidRunIsAnErrorAndProvesNothingOfObjectives) {
  RunModel model = JudgedRun();
  model.valid = false;
  model.invalid = {"the load generator was saturated"};
  const std::string xml = RenderRunJunit(model, kTime);
  EXPECT_THAT(xml, HasSubstr("tests=\"4\" failures=\"0\" errors=\"1\" skipped=\"3\""));
  EXPECT_THAT(xml, HasSubstr("<error message=\"the load generator was saturated\""));
}

TEST(RunMarkdown, SaysWhatBrokeAndShowsTheOps) {
  const std::string text = RenderRunMarkdown(JudgedRun());
  EXPECT_THAT(text, StartsWith("### ramp: objectives broken\n"));
  EXPECT_THAT(text, HasSubstr("| p50 &#60; 1ms | 2.00ms | **broken** |"));
  EXPECT_THAT(text, HasSubstr("| p99(scan) &#60; 1s | - | not judged |"));
  EXPECT_THAT(text, HasSubstr("\n| read | "));
}

TEST(RunMarkdown, StrangersCanNeitherFormatNorMention) {
  RunModel model = JudgedRun();
  model.name = model.system = model.ops[0].name = "a<b>`c`|@team";
  const std::string text = RenderRunMarkdown(model);
  for (const char* bad : {"<b>", "@team", "`"}) EXPECT_THAT(text, Not(HasSubstr(bad)));
}

TEST(RunAnnotations, OneLinePerThingThatNeedsALook) {
  const std::string text = RenderRunAnnotations(JudgedRun(), "a.yaml");
  EXPECT_EQ(Count(text, "\n"), 2u);
  EXPECT_THAT(text, StartsWith("::error file=a.yaml,title=ramp%3A p50 < 1ms is broken::measured "));
  EXPECT_THAT(text, HasSubstr("\n::warning file=a.yaml,title=ramp%3A p99(scan) < 1s is open::"));
  RunModel good = JudgedRun();
  good.slo.resize(1);
  EXPECT_THAT(RenderRunAnnotations(good, ""), StartsWith("::notice title=ramp%3A valid::"));
}

}  // namespace
}  // namespace mbench
