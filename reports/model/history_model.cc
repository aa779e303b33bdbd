// SPDX-License-Identifier: Apache-2.0
#include "reports/model/history_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/model/comparison_model.h"

namespace mbench {
namespace {

HistoryRun RunOf(const RunSample& run) {
  return {run.folder.empty() ? run.name : run.folder, run.started_at};
}

// From the scale of the calculation to a number with a unit.
Number Shown(const MetricName& metric, double value, bool thin = false) {
  return MakeNumber(metric, ScaleOf(metric) == MetricScale::kRatio ? std::exp(value) : value, thin);
}

HistoryChange MakeChange(const MetricName& metric, const ChangePoint& point,
                         const RunSample& since) {
  HistoryChange change;
  change.since = RunOf(since);
  change.before = Shown(metric, point.before);
  change.after = Shown(metric, point.after);
  const double difference = point.after - point.before;
  change.change = ScaleOf(metric) == MetricScale::kRatio ? MakeRatio(std::exp(difference))
                                                         : MakePoints(difference);
  change.p = point.p;
  change.worse = (difference > 0) == LowerIsBetter(metric);
  return change;
}

HistoryMetric MakeMetric(std::span<const RunSample* const> runs, const MetricName& metric,
                         const ChangePointOptions& options) {
  HistoryMetric model;
  model.name = Name(metric);
  std::vector<double> values;
  std::vector<const RunSample*> measured;
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
  for (const ChangePoint& point : FindChangePoints(values, options))
    model.changes.push_back(MakeChange(metric, point, *measured[point.index]));
  return model;
}

}  // namespace

HistoryModel MakeHistoryModel(std::span<const RunSample> runs, std::span<const MetricName> metrics,
                              const ChangePointOptions& options) {
  HistoryModel model;
  std::vector<const RunSample*> valid;
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
    model.metrics.push_back(MakeMetric(valid, metric, options));
  const std::size_t needed = 2 * options.min_segment;
  model.enough = valid.size() >= needed;
  if (!model.enough)
    model.notes.push_back(
        fmt::format("a change shows between {} runs before it and {} after it; there are {} valid "
                    "runs in all",
                    options.min_segment, options.min_segment, valid.size()));
  return model;
}

}  // namespace mbench
