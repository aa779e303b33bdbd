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
#include "harness/result/baseline_store.h"
#include "reports/compare/accepted_store.h"
#include "reports/compare/compare_options.h"
#include "reports/json/history_json.h"
#include "reports/text/history_table.h"

namespace mbench {
namespace {

struct HistoryFlags {
  std::vector<std::string> results;
  std::vector<std::string> metrics;
  std::vector<std::string> allow;
  std::string root = std::string(kBaselinesFolder);
  std::string accept;  // the reason
  bool json = false;
};

// The primary metrics of the workload, and those that were asked for.
Result<std::vector<MetricName>> MetricsOf(const HistoryFlags& flags,
                                          const CompareOptions& options) {
  std::vector<MetricName> metrics = options.primary.empty() ? DefaultPrimary() : options.primary;
  for (const std::string& text : flags.metrics) {
    const Result<MetricName> metric = ParseComparedMetric(text);
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

// All that raise an alarm now.
std::vector<AcceptedChange> AlarmsOf(const HistoryModel& model, const std::string& reason) {
  std::vector<AcceptedChange> accepted;
  for (const HistoryMetric& metric : model.metrics)
    for (const HistoryChange& change : metric.changes)
      if (change.alarm)
        accepted.push_back({model.title, metric.name, change.since.started_at, reason});
  return accepted;
}

ExitCode AcceptAlarms(const HistoryModel& model, const HistoryFlags& flags) {
  const std::vector<AcceptedChange> alarms = AlarmsOf(model, flags.accept);
  if (alarms.empty()) {
    PrintError("there is no alarm to accept");
    return ExitCode::kPass;
  }
  const Result<std::string> path = AddAccepted(flags.root, alarms);
  if (!path) return Report(path.error());
  PrintError(fmt::format("accepted {} {} in {}", alarms.size(),
                         alarms.size() == 1 ? "change" : "changes", *path));
  return ExitCode::kPass;
}

// An alarm first: it is one whatever else there is.
ExitCode CodeOf(const HistoryModel& model) {
  if (model.runs.empty()) return ExitCode::kInvalid;
  if (HasAlarm(model)) return ExitCode::kBroken;
  return model.enough ? ExitCode::kPass : ExitCode::kInconclusive;
}

ExitCode History(const HistoryFlags& flags) {
  HistoryOptions options;
  const Result<CompareOptions> compare = OptionsOfResult(flags.results.front());
  if (!compare) return Report(compare.error());
  options.compare = *compare;
  Result<std::vector<AcceptedChange>> accepted = ReadAccepted(flags.root);
  if (!accepted) return Report(accepted.error());
  options.accepted = *std::move(accepted);
  const Result<std::vector<MetricName>> metrics = MetricsOf(flags, options.compare);
  if (!metrics) return Report(metrics.error());
  Result<std::vector<RunSample>> runs = LoadRuns(flags.results, {.primary = *metrics});
  if (!runs) return Report(runs.error());
  if (Status distinct = CheckDistinct(*runs); !distinct) return Report(distinct.error());
  std::ranges::stable_sort(*runs, {}, &RunSample::started_at);
  if (Status same = CheckComparable(*runs, flags.allow); !same) return Report(same.error());

  const HistoryModel model = MakeHistoryModel(*runs, *metrics, options);
  if (Status measured = CheckMeasured(model); !measured) return Report(measured.error());
  PrintResult(flags.json ? RenderHistoryJson(model) : RenderHistoryTable(model, StdoutStyle()));
  return flags.accept.empty() ? CodeOf(model) : AcceptAlarms(model, flags);
}

}  // namespace

Action AddHistory(CLI::App* app) {
  const auto flags = std::make_shared<HistoryFlags>();
  app->add_option("results", flags->results, "Result folders, or their run.json")->required();
  AddRepeatable(app, "--metric", &flags->metrics, "TEXT",
                "A metric beside the primary ones, such as p99.9(read); repeatable");
  AddRepeatable(app, "--allow", &flags->allow, "KEY",
                "A key in which the runs may differ, such as system; repeatable");
  app->add_option("--accept", flags->accept,
                  "Keep the changes that raise an alarm now as known ones, and why")
      ->type_name("REASON");
  app->add_option("--baselines", flags->root, "Folder that has the accepted changes")
      ->capture_default_str();
  app->add_flag("--json", flags->json, "One JSON object instead of the table");
  return [flags] { return History(*flags); };
}

}  // namespace mbench
