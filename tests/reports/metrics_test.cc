// SPDX-License-Identifier: Apache-2.0
//
// What monitoring systems get: the model, both of its spellings, and the dashboard that uses them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <set>

#include "harness/result/json_text.h"
#include "reports/model/metrics_model.h"
#include "reports/otlp/otlp_json.h"
#include "reports/prometheus/exposition.h"
#include "tests/live/watched.h"
#include "tests/reports/golden.h"
#include "tests/reports/shown_runs.h"

namespace mbench {
namespace {

// Two seconds of a run, in its phase of measuring.
struct Measured {
  explicit Measured(const RunPlan& plan) : story(plan), last(OneSecond(2 * kSecond, plan)) {
    story.result().folder = "results/shop-20260131T123456Z";
    for (const Ticks end : {kSecond, 2 * kSecond})
      AddInterval(OneSecond(end, plan), &story.result());
  }
  std::vector<Metric> Metrics(std::string side = {}) {
    return MakeMetrics(story.result(), {.phase = RunPhase::kMeasure,
                                        .side = std::move(side),
                                        .loaded_records = 1000,
                                        .last = &last});
  }
  WatchedStory story;
  Interval last;
};

const Metric& Find(const std::vector<Metric>& metrics, std::string_view name) {
  const auto found = std::ranges::find(metrics, name, &Metric::name);
  EXPECT_NE(found, metrics.end()) << name;
  return *found;
}

TEST(Metrics, CountWhatTheResultCounts) {
  Measured run((OpenPlan()));
  const std::vector<Metric> metrics = run.Metrics();
  double ended = 0;
  for (const MetricPoint& point : Find(metrics, "mbench.operations").points) ended += point.value;
  EXPECT_EQ(ended, 2 * 1'001);
  const std::vector<MetricPoint>& response = Find(metrics, "mbench.response").points;
  ASSERT_EQ(response.size(), 2);
  EXPECT_EQ(response[0].Count(), 2 * 901) << "those that failed fast are no responses";
  EXPECT_NEAR(response[0].sum, 2 * (900 * 0.001 + 0.030), 0.001);
}

TEST(Metrics, HaveStepsLabelsAndWhatTheSystemSays) {
  RunResult run;
  run.name = "shop";
  run.op_names = {"checkout"};
  run.total.ops.resize(1);
  OpStats& part = run.total.parts[PartName("checkout", "debit: again")];
  part.response[static_cast<std::size_t>(Outcome::kOk)].RecordMany(2 * kMillisecond, 3);
  part.response[static_cast<std::size_t>(Outcome::kFailed)].Record(kMillisecond);
  Interval last;
  last.system["cache_used_bytes"] = 4096;
  const std::vector<Metric> metrics = MakeMetrics(run, {.last = &last});

  using Label = std::pair<std::string, std::string>;
  const std::vector<MetricPoint>& ended = Find(metrics, "mbench.part_operations").points;
  ASSERT_EQ(ended.size(), kOutcomes);
  EXPECT_THAT(ended[0].labels,
              ::testing::ElementsAre(Label("run", "shop"), Label("op", "checkout"),
                                     Label("part", "debit: again"), Label("outcome", "ok")));
  EXPECT_EQ(ended[0].value, 3);
  EXPECT_EQ(ended[static_cast<std::size_t>(Outcome::kFailed)].value, 1);
  EXPECT_EQ(Find(metrics, "mbench.part_response").points.at(0).Count(), 3u);
  const MetricPoint& figure = Find(metrics, "mbench.system").points.at(0);
  EXPECT_THAT(figure.labels, ::testing::Contains(Label("figure", "cache_used_bytes")));
  EXPECT_EQ(figure.value, 4096);
}

TEST(Metrics, PutEveryLatencyIntoTheBucketOfItsBound) {
  RunResult run;
  run.op_names = {"read"};
  run.total.ops.resize(1);
  Histogram& latencies = run.total.ops[0].response[0];
  for (const double bound_s : BucketBoundsS()) latencies.Record(FromSeconds(bound_s * 0.99));
  latencies.Record(100 * kSecond);
  const std::vector<Metric> metrics = MakeMetrics(run, {});
  EXPECT_THAT(Find(metrics, "mbench.response").points[0].buckets, testing::Each(1));
}

TEST(Metrics, SayWhichSideOfADiffTheyAreOf) {
  Measured run((OpenPlan()));
  for (const Metric& metric : run.Metrics("B"))
    for (const MetricPoint& point : metric.points)
      EXPECT_THAT(point.labels, testing::Contains(testing::Pair("side", "B"))) << metric.name;
}

TEST(Prometheus, IsSpeltAsPrometheusReadsIt) {
  Measured open((OpenPlan()));
  Measured closed((ClosedPlan()));
  std::string text = RenderPrometheus(open.Metrics());
  // What differs in the closed model.
  const std::vector<Metric> metrics = closed.Metrics("A");
  const Metric clients = Find(metrics, "mbench.planned_clients");
  text += RenderPrometheus(std::span(&clients, 1));
  ExpectGolden("metrics.prom.golden", text);
}

TEST(Prometheus, SurvivesNamesFromStrangers) {
  const std::string text = RenderPrometheus(MakeMetrics(HostileRun(), {}));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\xff'), std::string::npos) << "not UTF-8: the whole scrape would be refused";
  for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1))
    EXPECT_TRUE(rest.starts_with("mbench_") || rest.starts_with("# ")) << rest.substr(0, 80);
}

TEST(Otlp, IsSpeltAsCollectorsReadIt) {
  Measured run((OpenPlan()));
  const OtlpContext context = {.resource = {{"service.name", "mbench"}, {"host.name", "bench-1"}},
                               .version = "1.2.3",
                               .start_ns = 1'769'862'896'789'000'000,
                               .time_ns = 1'769'862'898'789'000'000};
  const std::string body = RenderOtlp(run.Metrics(), context);
  ExpectGolden("metrics.otlp.json.golden", Json::parse(body).dump(1) + "\n");
}

TEST(Otlp, KeepsTheSumOfBucketsAndTheCountEqual) {
  Measured run((OpenPlan()));
  const Json body = Json::parse(RenderOtlp(run.Metrics(), {}));
  int histograms = 0;
  for (const Json& metric : body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]) {
    if (!metric.contains("histogram")) continue;
    for (const Json& point : metric["histogram"]["dataPoints"]) {
      ++histograms;
      EXPECT_EQ(point["bucketCounts"].size(), point["explicitBounds"].size() + 1);
      std::uint64_t sum = 0;
      for (const Json& count : point["bucketCounts"]) sum += std::stoull(count.get<std::string>());
      EXPECT_EQ(std::to_string(sum), point["count"]);
    }
  }
  EXPECT_EQ(histograms, 6) << "response and service of two ops, lag, delay";
}

// All series that there can be, of both models.
std::set<std::string> NamesOfSeries() {
  std::set<std::string> names;
  for (const RunPlan& plan : {OpenPlan(), ClosedPlan()})
    for (const Metric& metric : Measured(plan).Metrics()) {
      const std::string name = PrometheusName(metric);
      if (metric.kind != MeterKind::kHistogram) names.insert(name);
      if (metric.kind == MeterKind::kHistogram)
        for (const char* end : {"_bucket", "_sum", "_count"}) names.insert(name + end);
    }
  return names;
}

void CollectStrings(const Json& json, std::vector<std::string>* strings) {
  if (json.is_string()) strings->push_back(json);
  if (json.is_structured())
    for (const Json& item : json) CollectStrings(item, strings);
}

TEST(Dashboard, AsksOnlyForMetricsThatThereAre) {
  std::ifstream file(MBENCH_DASHBOARD);
  const Json dashboard = Json::parse(file);
  std::vector<std::string> strings;
  CollectStrings(dashboard, &strings);
  const std::set<std::string> names = NamesOfSeries();
  std::set<std::string> asked;
  constexpr std::string_view kOfNames = "abcdefghijklmnopqrstuvwxyz0123456789_";
  for (const std::string& text : strings)
    for (std::size_t at = text.find("mbench_"); at != std::string::npos;) {
      const std::size_t end = std::min(text.find_first_not_of(kOfNames, at), text.size());
      asked.insert(text.substr(at, end - at));
      at = text.find("mbench_", end);
    }
  EXPECT_GE(asked.size(), 15);
  for (const std::string& each : asked) EXPECT_TRUE(names.contains(each)) << each;
}

}  // namespace
}  // namespace mbench
