// SPDX-License-Identifier: Apache-2.0
#include "reports/model/page_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/stats/distributions.h"

namespace mbench {
namespace {

constexpr double kConfidence = 0.95;

Ticks P99Of(const PageRun& run) {
  Histogram answered;
  for (const OpStats& op : run.result.total.ops) op.AddAnsweredTo(&answered);
  return answered.ValueAtPercentile(99);
}

void AddTo(const RunResult& from, RunResult* sum) {
  sum->total.Add(from.total);
  if (sum->in_time.size() == from.in_time.size())
    for (std::size_t op = 0; op < from.in_time.size(); ++op) sum->in_time[op].Add(from.in_time[op]);
  for (const auto& [part, in_time] : from.parts_in_time) sum->parts_in_time[part].Add(in_time);
  sum->account.offered += from.account.offered;
  for (std::size_t i = 0; i < kOutcomes; ++i) sum->account.ended[i] += from.account.ended[i];
  sum->account.in_flight += from.account.in_flight;
  sum->account.waiting += from.account.waiting;
  sum->measured_length += from.measured_length;
}

}  // namespace

const OpModel* PageSide::Find(const std::string& op) const {
  const auto found = std::ranges::find(model.ops, op, &OpModel::name);
  return found == model.ops.end() ? nullptr : &*found;
}

std::pair<double, double> PageSide::IntervalOf(const std::string& op, double percentile,
                                               double value_ns) const {
  if (!Several()) return mbench::IntervalOf(*shown, op, percentile, value_ns);
  std::vector<double> each;
  for (const PageRun* run : runs) {
    const RunResult& result = run->result;
    Histogram answered;
    for (std::size_t i = 0; i < result.total.ops.size(); ++i)
      if (op.empty() || result.op_names[i] == op) result.total.ops[i].AddAnsweredTo(&answered);
    if (answered.Empty()) return {0, 0};
    each.push_back(static_cast<double>(answered.ValueAtPercentile(percentile)));
  }
  return IntervalOverRuns(each);
}

std::pair<double, double> IntervalOverRuns(std::span<const double> latencies_ns) {
  const auto runs = static_cast<double>(latencies_ns.size());
  if (runs < 2) return {0, 0};
  double sum = 0, squares = 0;
  for (const double latency : latencies_ns) {
    const double value = std::log(std::max(latency, 1.0));
    sum += value;
    squares += value * value;
  }
  const boost::math::students_t_distribution<double> t(runs - 1);
  const double mean = sum / runs;
  const double deviation = std::sqrt(std::max(0.0, (squares - runs * mean * mean) / (runs - 1)));
  const double half = boost::math::quantile(t, (1 + kConfidence) / 2) * deviation / std::sqrt(runs);
  return {std::exp(mean - half), std::exp(mean + half)};
}

PageSide MakePageSide(const std::vector<PageRun>& runs) {
  PageSide side;
  for (const bool valid : {true, false}) {
    if (!side.runs.empty()) break;
    for (const PageRun& run : runs)
      if (run.result.Valid() == valid) side.runs.push_back(&run);
  }
  const std::vector<std::string>& op_names = side.runs.front()->result.op_names;
  std::erase_if(side.runs, [&](const PageRun* run) {  // of something else: not to be summed
    return run->result.op_names != op_names;
  });
  std::vector<const PageRun*> ranked = side.runs;
  std::ranges::stable_sort(ranked, {}, [](const PageRun* run) { return P99Of(*run); });
  side.shown = ranked[(ranked.size() - 1) / 2];
  side.sum = side.shown->result;
  for (const PageRun* run : side.runs)
    if (run != side.shown) AddTo(run->result, &side.sum);
  side.shown_model = MakeRunModel(side.shown->result);
  side.model = side.Several() ? MakeRunModel(side.sum) : side.shown_model;
  return side;
}

}  // namespace mbench
