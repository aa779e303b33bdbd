// SPDX-License-Identifier: Apache-2.0
#include "harness/result/metric_value.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace mbench {
namespace {

double Answers(const OpStats& stats) {
  return static_cast<double>(stats.Count(Outcome::kOk) + stats.Count(Outcome::kNotFound));
}

double Of(const MetricCounts& counts, Outcome outcome) {
  return counts.ended[static_cast<std::size_t>(outcome)];
}

double Errors(const MetricCounts& counts) {
  double errors = 0;
  for (std::size_t i = 0; i < kOutcomes; ++i)
    if (!IsAnswer(static_cast<Outcome>(i))) errors += counts.ended[i];
  return errors;
}

}  // namespace

// ---- counts ----

double MetricCounts::Ended() const { return std::accumulate(ended.begin(), ended.end(), 0.0); }

void MetricCounts::AddEnded(const OpStats& stats) {
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    const auto count = static_cast<double>(stats.Count(outcome));
    ended[i] += count;
    if (count == 0 || !OpStats::CountsAsAnswered(outcome)) continue;
    latencies += count;
    latency_ns += count * stats.response[i].Mean();
  }
}

void MetricCounts::AddMoved(const Moved& moved) {
  items += static_cast<double>(moved.items);
  bytes += static_cast<double>(moved.Bytes());
  moved_known &= moved.known;
}

void MetricCounts::Add(const MetricCounts& other) {
  length_s += other.length_s;
  answered += other.answered;
  items += other.items;
  bytes += other.bytes;
  moved_known &= other.moved_known;
  latency_ns += other.latency_ns;
  latencies += other.latencies;
  for (std::size_t i = 0; i < kOutcomes; ++i) ended[i] += other.ended[i];
  of += other.of;
  client_cpu_s += other.client_cpu_s;
}

void MetricCounts::Subtract(const MetricCounts& other) {
  length_s -= other.length_s;
  answered -= other.answered;
  items -= other.items;
  bytes -= other.bytes;
  latency_ns -= other.latency_ns;
  latencies -= other.latencies;
  for (std::size_t i = 0; i < kOutcomes; ++i) ended[i] -= other.ended[i];
  of -= other.of;
  client_cpu_s -= other.client_cpu_s;
}

// ---- metrics ----

MetricRatio RatioOf(MetricKind kind, const MetricCounts& counts) {
  switch (kind) {
    case MetricKind::kMean:
      return {counts.latency_ns, counts.latencies};
    case MetricKind::kRate:
      return {counts.answered, counts.length_s};
    case MetricKind::kItemsRate:
      return {counts.items, counts.moved_known ? counts.length_s : 0};
    case MetricKind::kBytesRate:
      return {counts.bytes, counts.moved_known ? counts.length_s : 0};
    case MetricKind::kErrors:
      return {Errors(counts), counts.Ended()};
    case MetricKind::kTimeouts:
      return {Of(counts, Outcome::kTimedOut), counts.Ended()};
    case MetricKind::kMismatches:
      return {Of(counts, Outcome::kMismatch), counts.Ended()};
    case MetricKind::kNotFound:
      return {Of(counts, Outcome::kNotFound), counts.Ended()};
    case MetricKind::kShare:
      return {counts.Ended(), counts.of};
    case MetricKind::kClientCpu:
      return {counts.client_cpu_s, counts.Ended()};
    case MetricKind::kPercentile:
    case MetricKind::kMax:
    case MetricKind::kStale:  // of a ledger, and not of counts
    case MetricKind::kLost:
    case MetricKind::kDoubled:
    case MetricKind::kRpo:
    case MetricKind::kRto:  // of an event, and not of counts
    case MetricKind::kLag:  // of a group
      break;
  }
  return {};
}

std::optional<double> ValueOf(const MetricName& metric, const MetricCounts& counts,
                              const Histogram& answered) {
  if (!IsOrderStatistic(metric.kind)) {
    const MetricRatio ratio = RatioOf(metric.kind, counts);
    if (ratio.bottom <= 0) return std::nullopt;
    return ratio.top / ratio.bottom;
  }
  if (answered.Empty()) return std::nullopt;
  if (metric.kind == MetricKind::kMax) return static_cast<double>(answered.Max());
  return static_cast<double>(answered.ValueAtPercentile(metric.percentile));
}

// ---- subjects ----

MetricSubject::MetricSubject(std::string name, const std::vector<std::string>& op_names) {
  const auto index_of = [&](std::string_view op) {
    return static_cast<std::size_t>(std::ranges::find(op_names, op) - op_names.begin());
  };
  if (name.empty()) return;
  op_ = index_of(name);
  if (op_ < op_names.size()) return;
  whole_ = index_of(OpOfPart(name));
  part_ = std::move(name);
}

bool MetricSubject::HasAny(const std::vector<bool>& marked) const {
  for (std::size_t op = 0; op < marked.size(); ++op)
    if (marked[op] && (Has(op) || whole_ == op)) return true;
  return false;
}

Ticks MetricSubject::LengthOf(const std::vector<Ticks>& lengths, Ticks all) const {
  if (op_ == kAll) return all;
  const std::size_t op = IsPart() ? whole_ : op_;
  return op < lengths.size() ? lengths[op] : 0;
}

const OpStats* MetricSubject::PartIn(const Interval& interval) const {
  const auto part = interval.parts.find(part_);
  return part == interval.parts.end() ? nullptr : &part->second;
}

void MetricSubject::AddEnded(const Interval& interval, MetricCounts* counts,
                             Histogram* answered) const {
  const auto add = [&](const OpStats& stats) {
    counts->AddEnded(stats);
    if (answered != nullptr) stats.AddAnsweredTo(answered);
  };
  if (const OpStats* const part = PartIn(interval); part != nullptr) add(*part);
  if (whole_ < interval.ops.size()) counts->of += static_cast<double>(interval.ops[whole_].Ended());
  for (std::size_t op = 0; op < interval.ops.size(); ++op)
    if (Has(op)) add(interval.ops[op]);
  counts->client_cpu_s += interval.host.client_cpu_s;
}

void MetricSubject::AddTo(const Interval& interval, bool in_drain, MetricCounts* counts,
                          Histogram* answered) const {
  AddEnded(interval, counts, answered);
  if (in_drain) return;
  counts->length_s += ToSeconds(interval.end - interval.begin);
  const auto add = [counts](const OpStats& stats) {
    counts->answered += Answers(stats);
    counts->AddMoved(stats.moved);
  };
  if (const OpStats* const part = PartIn(interval); part != nullptr) add(*part);
  for (std::size_t op = 0; op < interval.ops.size(); ++op)
    if (Has(op)) add(interval.ops[op]);
}

void MetricSubject::AddTo(const RunResult& run, MetricCounts* counts, Histogram* answered) const {
  AddEnded(run.total, counts, answered);
  counts->length_s += ToSeconds(run.measured_length);
  const auto add = [counts](const InTime& in_time) {
    counts->answered += static_cast<double>(in_time.answered);
    counts->AddMoved(in_time.moved);
  };
  if (const auto part = run.parts_in_time.find(part_); part != run.parts_in_time.end())
    add(part->second);
  for (std::size_t op = 0; op < run.total.ops.size(); ++op) {
    if (!Has(op)) continue;
    const OpStats& stats = run.total.ops[op];
    const InTime all = {.answered = static_cast<std::uint64_t>(Answers(stats)),
                        .moved = stats.moved};
    add(op < run.in_time.size() ? run.in_time[op] : all);
  }
}

}  // namespace mbench
