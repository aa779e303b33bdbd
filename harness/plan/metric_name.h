// SPDX-License-Identifier: Apache-2.0
//
// What can be said of a run in one number, wherever that is asked for: slo, compare, gate, reports.
//
//     metric [ "(" op [ ":" label ] ")" ]
//
//   p99, rate               of all ops together
//   p99(read)               of an op
//   p99(pay:debit)          of a step of a transaction
//   errors(get:cache), p99(pay:1 retry)     of the ops whose reply says this of itself, blanks
//                                           and all
//
//   rpo(primary stopped)    of an event
//   rto(primary stopped)    of an event
//   lag(billing)            of a group of consumers
//
// One list of them says what each is; harness/result/metric_value.h how it is computed.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace mbench {

enum class MetricKind {
  kPercentile,
  kMax,
  kMean,
  kRate,
  kErrors,
  kTimeouts,
  kMismatches,
  kNotFound,
  kItemsRate,
  kBytesRate,
  kShare,
  kClientCpu,
  kStale,
  kLost,
  kDoubled,
  kRpo,
  kRto,
  kLag
};

enum class MetricUnit { kNanoseconds, kSeconds, kPerSecond, kBytesPerSecond, kFraction, kCount };

struct MetricFacts {
  MetricKind kind;
  std::string_view name;  // of kPercentile an example
  MetricUnit unit;
  bool lower_is_better;
  std::string_view about;
};

inline constexpr std::array<MetricFacts, 18> kMetrics = {{
    {MetricKind::kPercentile, "p99", MetricUnit::kNanoseconds, true,
     "response time of answered and timed-out ops; any percentile above 0: p50, p99.99"},
    {MetricKind::kMax, "max", MetricUnit::kNanoseconds, true, "the longest of these"},
    {MetricKind::kMean, "mean", MetricUnit::kNanoseconds, true, "their mean"},
    {MetricKind::kRate, "rate", MetricUnit::kPerSecond, false, "answered ops per second"},
    {MetricKind::kErrors, "errors", MetricUnit::kFraction, true,
     "failed, timed out, rejected and mismatched ops of all that ended"},
    {MetricKind::kTimeouts, "timeouts", MetricUnit::kFraction, true,
     "timed-out ops of all that ended"},
    {MetricKind::kMismatches, "mismatches", MetricUnit::kFraction, true,
     "ops answered with what was never written, of all that ended"},
    {MetricKind::kNotFound, "not_found", MetricUnit::kFraction, true,
     "ops that found nothing, of all that ended"},
    {MetricKind::kItemsRate, "items_rate", MetricUnit::kPerSecond, false,
     "items per second: documents, rows, points, messages"},
    {MetricKind::kBytesRate, "bytes_rate", MetricUnit::kBytesPerSecond, false,
     "bytes sent and received per second"},
    {MetricKind::kShare, "share", MetricUnit::kFraction, false,
     "ops of an op that have this label, of all of it that ended: share(get:cache)"},
    {MetricKind::kClientCpu, "client_cpu", MetricUnit::kSeconds, true,
     "CPU time of the load generator per ended op (with an embedded store: of both)"},
    {MetricKind::kStale, "stale", MetricUnit::kFraction, true,
     "reads older than a write that was acknowledged before they began, of all; in slo only"},
    {MetricKind::kLost, "lost", MetricUnit::kFraction, true,
     "acknowledged writes that are not there in the end, or messages that did not come, of all; in "
     "slo only"},
    {MetricKind::kDoubled, "doubled", MetricUnit::kFraction, true,
     "acknowledged messages that came more than once, of all; in slo only"},
    {MetricKind::kRpo, "rpo", MetricUnit::kSeconds, true,
     "time over which acknowledged writes were lost; rpo(primary stopped) that before an event; in "
     "slo only"},
    {MetricKind::kRto, "rto", MetricUnit::kSeconds, true,
     "time to recover from the outage of an event, as in rto(primary stopped); in slo only"},
    {MetricKind::kLag, "lag", MetricUnit::kCount, true,
     "messages that a group of consumers was behind at most, as in lag(billing); in slo only"},
}};

const MetricFacts& FactsOf(MetricKind kind);

// Known when the run is over, of writes that are followed (verify) or messages that somebody
// receives (consume), and only of the whole of it.
inline constexpr bool IsOfLedger(MetricKind kind) {
  return kind == MetricKind::kStale || kind == MetricKind::kLost || kind == MetricKind::kDoubled ||
         kind == MetricKind::kRpo;
}

// The op of such a metric is the name of something else: of an event, of a group of consumers.
inline constexpr bool IsOfNoOp(MetricKind kind) {
  return kind == MetricKind::kRpo || kind == MetricKind::kRto || kind == MetricKind::kLag;
}

// Known of one run, and not of the counts that runs are compared by: for slo alone.
inline constexpr bool IsForSloAlone(MetricKind kind) { return IsOfLedger(kind) || IsOfNoOp(kind); }

struct MetricName {
  MetricKind kind = MetricKind::kRate;
  double percentile = 0;  // kPercentile: above 0, at most 100
  // "": all together; "pay:debit": a part of an op. IsOfNoOp: the name of what it is of.
  std::string op = {};

  auto operator<=>(const MetricName&) const = default;
};

// As it is written: "p99.9(read)". `Family` leaves the op out: "p99.9".
std::string Name(const MetricName& metric);
std::string Family(const MetricName& metric);

// Fails with kUsage. Whether there is such an op, and whether it can have such a part, is the
// caller's to find out.
Result<MetricName> ParseMetricName(std::string_view text);
// One that runs can be compared by.
Result<MetricName> ParseComparedMetric(std::string_view text);

// Of times, rates and CPU per op changes are ratios; of parts of ops, which may be 0, differences.
enum class MetricScale { kRatio, kDifference };
MetricScale ScaleOf(const MetricName& metric);
bool LowerIsBetter(const MetricName& metric);
// What stands behind the name of such a number in JSON: "_ns", "_s", "_per_s", "_bytes_per_s",
// "_fraction", "" of a count.
std::string_view SuffixOf(MetricUnit unit);

}  // namespace mbench
