// SPDX-License-Identifier: Apache-2.0
//
// mbench history RESULT...: the stored runs in the order in which they took place, and where the
// level of a metric changed.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "harness/base/text.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/compare_session.h"
#include "harness/cmd/repeatable.h"
#include "harness/cmd/terminal.h"
#include "reports/compare/compare_options.h"
#include "reports/json/history_json.h"
#include "reports/text/history_table.h"

namespace mbench {
namespace {

struct HistoryFlags {
  std::vector<std::string> results;
  std::vector<std::string> metrics;
  std::vector<std::string> allow;
  bool json = false;
};

// The primary metrics of the workload, and those that were asked for.
Result<std::vector<MetricName>> MetricsOf(const HistoryFlags& flags) {
  const Result<CompareOptions> options = OptionsOfResult(flags.results.front());
  if (!options) return Failed(options);
  std::vector<MetricName> metrics = options->primary.empty() ? DefaultPrimary() : options->primary;
  for (const std::string& text : flags.metrics) {
    const Result<MetricName> metric = ParseMetricName(text);
    if (!metric) return BadConfig("--metric: {}", metric.error().message);
    if (std::ranges::find(metrics, *metric) == metrics.end()) metrics.push_back(*metric);
  }
  return metrics;
}

// Every run has to be of the same thing as the first one, but for what may differ.
Status CheckComparable(const std::vector<RunSample>& runs, const std::vector<std::string>& allow) {
  std::string text;
  for (const RunSample& run : runs)
    for (const PlanDifference& difference : FindDifferences(runs.front().identity, run.identity))
      if (!IsCompared(difference.key, allow))
        text += fmt::format("\n  {}: {}", run.folder, Describe(difference));
  if (text.empty()) return {};
  return Invalid("runs of different things have no history (--allow KEY lets a key differ):{}",
                 text);
}

Status CheckMeasured(const HistoryModel& model) {
  for (const HistoryMetric& metric : model.metrics)
    if (metric.runs == 0 && !model.runs.empty())
      return BadConfig("none of these runs has measured {}", metric.name);
  return {};
}

ExitCode History(const HistoryFlags& flags) {
  const Result<std::vector<MetricName>> metrics = MetricsOf(flags);
  if (!metrics) return Report(metrics.error());
  Result<std::vector<RunSample>> runs = LoadRuns(flags.results, {.primary = *metrics});
  if (!runs) return Report(runs.error());
  if (Status distinct = CheckDistinct(*runs); !distinct) return Report(distinct.error());
  std::ranges::stable_sort(*runs, {}, &RunSample::started_at);
  if (Status same = CheckComparable(*runs, flags.allow); !same) return Report(same.error());

  const HistoryModel model = MakeHistoryModel(*runs, *metrics);
  if (Status measured = CheckMeasured(model); !measured) return Report(measured.error());
  PrintResult(flags.json ? RenderHistoryJson(model)
                         : RenderHistoryTable(model, {.color = StdoutHasColor()}));
  if (model.runs.empty()) return ExitCode::kInvalid;
  return model.enough ? ExitCode::kPass : ExitCode::kInconclusive;
}

}  // namespace

Action AddHistory(CLI::App* app) {
  const auto flags = std::make_shared<HistoryFlags>();
  app->add_option("results", flags->results, "Result folders, or their run.json")->required();
  AddRepeatable(app, "--metric", &flags->metrics, "TEXT",
                "A metric beside the primary ones, such as p99.9(read); repeatable");
  AddRepeatable(app, "--allow", &flags->allow, "KEY",
                "A key in which the runs may differ, such as system; repeatable");
  app->add_flag("--json", flags->json, "One JSON object instead of the table");
  return [flags] { return History(*flags); };
}

}  // namespace mbench
