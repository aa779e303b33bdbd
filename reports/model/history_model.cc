// SPDX-License-Identifier: Apache-2.0
#include "reports/model/history_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/compare/compare_options.h"
#include "reports/model/comparison_model.h"

namespace mbench {
namespace {

// The first run of a new level may turn out to be a neighbour of the one that was accepted, when
// more runs are there.
constexpr std::size_t kAcceptedWithin = 2;

HistoryRun RunOf(const RunSample& run) { return {run.Label(), run.started_at, run.commit}; }

// From the scale of the calculation to a number with a unit.
Number Shown(const MetricName& metric, double value, bool thin = false) {
  return MakeNumber(metric, ScaleOf(metric) == MetricScale::kRatio ? std::exp(value) : value, thin);
}

using MeasuredRuns = std::vector<const RunSample*>;

std::string AcceptedReason(const MetricName& metric, std::size_t index, const MeasuredRuns& runs,
                           const std::vector<AcceptedChange>& accepted) {
  const std::size_t first = index - std::min(index, kAcceptedWithin);
  const std::size_t last = std::min(index + kAcceptedWithin, runs.size() - 1);
  for (const AcceptedChange& change : accepted) {
    if (change.metric != Name(metric) || change.workload != runs[index]->name) continue;
    if (runs[first]->started_at <= change.since && change.since <= runs[last]->started_at)
      return change.reason.empty() ? "no reason given" : change.reason;
  }
  return {};
}

HistoryChange MakeChange(const MetricName& metric, const ChangePoint& point,
                         const MeasuredRuns& runs, const HistoryOptions& options) {
  HistoryChange change;
  change.since = RunOf(*runs[point.index]);
  change.last_before = RunOf(*runs[point.index - 1]);
  change.before = Shown(metric, point.before);
  change.after = Shown(metric, point.after);
  const double difference = point.after - point.before;
  const bool is_ratio = ScaleOf(metric) == MetricScale::kRatio;
  change.change = is_ratio ? MakeRatio(std::exp(difference)) : MakePoints(difference);
  change.p = point.p;
  change.worse = (difference > 0) == LowerIsBetter(metric);
  const double margin = MarginOf(metric, options.compare);
  change.accepted = AcceptedReason(metric, point.index, runs, options.accepted);
  const double least = is_ratio ? std::log1p(margin) : margin;
  change.alarm = change.worse && std::abs(difference) >= least && change.accepted.empty();
  return change;
}

HistoryMetric MakeMetric(const MeasuredRuns& runs, const MetricName& metric,
                         const HistoryOptions& options) {
  HistoryMetric model;
  model.name = Name(metric);
  std::vector<double> values;
  MeasuredRuns measured;
  for (const RunSample* run : runs) {
    const MetricSample* const sample = run->Find(metric);
    model.values.push_back(sample == nullptr ? Number{.known = false}
                                             : Shown(metric, sample->value, sample->thin));
    if (sample == nullptr) continue;
    values.push_back(sample->value);
    measured.push_back(run);
  }
  model.runs = values.size();
  for (Number* number : {&model.first, &model.last, &model.lowest, &model.highest})
    number->known = !values.empty();
  if (values.empty()) return model;
  model.first = Shown(metric, values.front());
  model.last = Shown(metric, values.back());
  model.lowest = Shown(metric, std::ranges::min(values));
  model.highest = Shown(metric, std::ranges::max(values));
  for (const ChangePoint& point : FindChangePoints(values, options.search))
    model.changes.push_back(MakeChange(metric, point, measured, options));
  return model;
}

}  // namespace

HistoryModel MakeHistoryModel(std::span<const RunSample> runs, std::span<const MetricName> metrics,
                              const HistoryOptions& options) {
  HistoryModel model;
  HistoryOptions of_one = options;  // Bonferroni: each metric may be wrong that much less often
  of_one.search.alpha =
      options.alpha / static_cast<double>(std::max<std::size_t>(metrics.size(), 1));
  MeasuredRuns valid;
  for (const RunSample& run : runs) {
    model.title = run.name;
    if (run.Valid()) {
      valid.push_back(&run);
      model.runs.push_back(RunOf(run));
    } else {
      model.left_out.push_back({' ', RunOf(run).run, run.invalid});
    }
  }
  for (const MetricName& metric : metrics)
    model.metrics.push_back(MakeMetric(valid, metric, of_one));
  const std::size_t needed = 2 * options.search.min_segment;
  model.enough = valid.size() >= needed;
  if (!model.enough)
    model.notes.push_back(
        fmt::format("a change shows between {} runs before it and {} after it; there are {} valid "
                    "runs in all",
                    options.search.min_segment, options.search.min_segment, valid.size()));
  return model;
}

bool HasAlarm(const HistoryModel& model) {
  return std::ranges::any_of(model.metrics, [](const HistoryMetric& metric) {
    return std::ranges::any_of(metric.changes, &HistoryChange::alarm);
  });
}

}  // namespace mbench
