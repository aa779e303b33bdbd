// SPDX-License-Identifier: Apache-2.0
//
// How every metric (plan/metric_name.h) is computed: from counts of one stretch of time, which may
// be a second, a window of seconds or a run, and from the latencies in it.
//
// All but percentiles and max are a ratio of two sums. So the metric of several stretches is that
// of their sums, and never a mean of theirs.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/metric_name.h"
#include "harness/result/run_result.h"

namespace mbench {

// Of all ops, of one op or of a part of one.
struct MetricCounts {
  double length_s = 0;  // of the measured phase
  // In it, without the drain: what rates are made of.
  double answered = 0, items = 0, bytes = 0;
  bool moved_known = true;  // false: `items` and `bytes` are those of a result stored without
  double latency_ns = 0, latencies = 0;  // sum and number of the response times
  std::array<double, kOutcomes> ended{};
  double of = 0;  // of a part: all ops of its op that ended
  double client_cpu_s = 0;

  double Ended() const;
  void AddEnded(const OpStats& stats);  // outcomes and latencies
  void AddMoved(const Moved& moved);    // items and bytes
  void Add(const MetricCounts& other);
  void Subtract(const MetricCounts& other);
};

struct MetricRatio {
  double top = 0, bottom = 0;
};
// REQUIRES: no percentile, and not max.
MetricRatio RatioOf(MetricKind kind, const MetricCounts& counts);

inline bool IsOrderStatistic(MetricKind kind) {
  return kind == MetricKind::kPercentile || kind == MetricKind::kMax;
}
// Rates leave out what ended in the drain.
inline bool IsRate(MetricKind kind) {
  return kind == MetricKind::kRate || kind == MetricKind::kItemsRate ||
         kind == MetricKind::kBytesRate;
}

// `answered`: the response times (OpStats::Answered); needed for order statistics. Nothing: there
// is nothing to measure in it, or it is not known.
std::optional<double> ValueOf(const MetricName& metric, const MetricCounts& counts,
                              const Histogram& answered);

// Which of the ops and parts of a run a metric is about.
class MetricSubject {
 public:
  // `name`: as MetricName::op.
  MetricSubject(std::string name, const std::vector<std::string>& op_names);

  bool IsPart() const { return !part_.empty(); }
  // Whether any of its ops is marked; `marked` by op, or empty.
  bool HasAny(const std::vector<bool>& marked) const;
  // Of lengths by op that of its own; for all ops `all`.
  Ticks LengthOf(const std::vector<Ticks>& lengths, Ticks all) const;
  // What an interval has of it. With `answered` not null also the response times.
  void AddTo(const Interval& interval, bool in_drain, MetricCounts* counts,
             Histogram* answered) const;
  // What a whole run has.
  void AddTo(const RunResult& run, MetricCounts* counts, Histogram* answered) const;

 private:
  bool Has(std::size_t op) const { return op_ == kAll || op_ == op; }
  const OpStats* PartIn(const Interval& interval) const;
  void AddEnded(const Interval& interval, MetricCounts* counts, Histogram* answered) const;

  static constexpr std::size_t kAll = static_cast<std::size_t>(-1);
  std::string part_;          // "": none
  std::size_t op_ = kAll;     // an op; one behind the last: there is none of this name
  std::size_t whole_ = kAll;  // of a part: its op
};

}  // namespace mbench
