// SPDX-License-Identifier: Apache-2.0
//
// Is B slower than A? Everything together: comparable, valid, saturated, how the runs lie in time,
// an estimate with its error, three claims against a margin, and a verdict.
//
// The rules, why they are these, and their measured error rates:
// harness/decisions/016-three-claims.md
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/compare/comparable.h"
#include "reports/compare/effect.h"
#include "reports/compare/run_sample.h"

namespace mbench {

enum class Verdict {
  kBetter,    // by more than the margin
  kSame,      // by less than the margin, either way
  kNotWorse,  // by no more than the margin; it may be better
  kChanged,   // for the worse, beyond chance; whether by more than the margin is open
  kWorse,     // by more than the margin
  kInconclusive,
  kSuggestive,    // fewer runs than a verdict needs; MetricRow::leaning says what it looks like
  kSaturated,     // B cannot carry the offered load; latencies are not compared
  kInvalid,       // no valid runs on one side, or A cannot carry the load
  kIncomparable,  // runs of different things
};
template <>
inline constexpr auto kNamesOf<Verdict> = Names("better", "same", "not worse", "changed", "worse",
                                                "inconclusive", "suggestive", "saturated",
                                                "invalid", "incomparable");

// Five runs a side: with four, the smallest p that a permutation test can give is 1/35.
inline constexpr std::size_t kMinRunsForVerdict = 5;
// The first look of a comparison that goes on until it is decided: of two runs a side the error is
// hardly known.
inline constexpr std::size_t kMinRunsForLook = 3;

struct CompareOptions {
  std::vector<MetricName> primary = {};       // empty: rate, p50, p99 of all ops; and errors always
  std::map<std::string, double> margin = {};  // by name ("p99(read)") or family ("p99")
  std::vector<std::string> compared = {};     // keys that may differ between A and B (comparable.h)
  double alpha = 0.05;                        // false claims, all primary metrics together
  // By name: the host's run-to-run spread, and that from session to session (calibration.h).
  std::map<std::string, KnownSpread> floor = {};
  std::map<std::string, KnownSpread> sessions = {};
  bool some_runs_lack = false;  // a run may have some of the metrics only
  bool look = false;            // one of many looks at growing data (anytime.h)
  // Where the margin is below what such runs can see, judge by what they can see.
  bool judge_visible = false;
  std::size_t resamples = 2000;  // of the shift function
  std::uint64_t seed = 1;
};

// What may be claimed of a metric (claims.h).
struct Claims {
  bool changed = false;
  bool worse = false;
  bool better = false;
  bool not_worse = false;
  bool not_better = false;
};

struct MetricRow {
  MetricName metric;
  MetricScale scale = MetricScale::kRatio;
  bool primary = false;  // else exploratory: shown, never part of the verdict
  bool thin = false;     // a percentile with too few samples beyond it, in at least one run
  bool measured = true;  // false: some run has no such number; no other number means anything then
  double a = 0;          // geometric mean over runs (mean for errors): /s, ns, fraction, s per op
  double b = 0;
  double change = 0;  // kRatio: B/A. kDifference: B-A
  double low = 0;     // interval of `change`, with confidence 1 - alpha
  double high = 0;
  Claims claims = {};
  double at_worst = 0;    // the one-sided 95 % bound of `change` on the side that is worse
  double p = 1;           // of no change, two-sided
  double adjusted_p = 1;  // by Holm over the primary metrics; of others: p
  double margin = 0;      // 0.05: 5 % of A; of errors a difference
  double judged = 0;      // what "not worse" was judged by: `margin`, or what these runs can see
  double spread = 0;      // run to run, of one run (standard deviation of log or plain value)
  double detectable = 0;  // smallest change seen in 9 of 10 cases with these runs, as `margin`
  std::optional<std::size_t> more_runs = std::nullopt;  // a side that would decide
  EffectBasis basis = EffectBasis::kRuns;
  Verdict verdict = Verdict::kInconclusive;
  Verdict leaning = Verdict::kInconclusive;  // of kSuggestive: what it looks like
  std::string rule;                          // which rule decided, in words
};

struct LeftOutRun {
  char side = 'A';
  std::string run;  // its folder, else its name
  std::vector<std::string> reasons;
  std::vector<MetricSample> figures = {};  // rate, p50, p99 and errors, those that it has
};

// A run that is far from the others of its side. It is part of the comparison.
struct OddRun {
  char side = 'A';
  std::string run;
  std::string metric;
  double ratio = 1;  // to the median of its side (kRatio), or the difference from it
  MetricScale scale = MetricScale::kRatio;
  bool trimmed = false;           // the estimate is by trimmed means because of it
  std::vector<std::string> what;  // what was different about it; may be empty
};

struct Comparison {
  Verdict verdict = Verdict::kInconclusive;
  std::string reason;      // one sentence
  std::size_t runs_a = 0;  // that were compared
  std::size_t runs_b = 0;
  double alpha = 0.05;
  std::vector<MetricRow> rows;  // primary ones first
  // kInvalid, kSaturated, instead of `rows`: a, b and change only. They are shown, and nothing is
  // concluded from them. Of a side without a valid run they are those of its invalid ones.
  std::vector<MetricRow> figures;
  std::vector<PlanDifference> forbidden;  // kIncomparable
  std::vector<LeftOutRun> left_out;
  std::vector<OddRun> odd;  // of primary metrics
  std::vector<std::string> notes;
};

// Whether more runs could change it: some primary metric is inconclusive or has too few runs.
bool IsOpen(const Comparison& comparison);

Comparison Compare(std::span<const RunSample> a, std::span<const RunSample> b,
                   const CompareOptions& options = {});

}  // namespace mbench
