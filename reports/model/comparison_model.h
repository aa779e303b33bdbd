// SPDX-License-Identifier: Apache-2.0
//
// What a report says about a comparison, before it is text, JSON, JUnit or Markdown: numbers with
// units, and every sentence, so that all renderers say the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/compare/shift.h"
#include "reports/compare/verdict.h"
#include "reports/model/number.h"

namespace mbench {

// What is compared with what: known to the command and not to the mathematics.
struct ComparisonSubject {
  std::string title;                          // "ramp"
  std::string a;                              // "a.yaml", "baseline main"
  std::string b;                              // "b.yaml", "this change"
  std::vector<PlanDifference> compared = {};  // in what A and B differ on purpose
  std::vector<std::string> folders_a = {};    // results of A, valid or not
  std::vector<std::string> folders_b = {};
  std::vector<std::string> notes = {};  // go before those of the comparison
};

struct ComparedMetric {
  std::string name;      // "p99(read)"
  bool primary = false;  // else exploratory
  bool thin = false;
  bool measured = true;      // false: at least one run has no such number, `rule` says which
  bool is_ratio = true;      // change is B/A; else B-A
  Number a, b;               // know which way is better
  Number change, low, high;  // not known: with a single run there is no interval
  Number at_worst;           // the one-sided bound of `change`
  Claims claims = {};
  EffectBasis basis = EffectBasis::kRuns;
  double p = 1;
  double adjusted_p = 1;
  double margin = 0;      // a part of A, or a difference
  double judged = 0;      // what "not worse" was judged by, as `margin`
  double detectable = 0;  // as `margin`
  double spread = 0;      // standard deviation from run to run
  std::optional<std::size_t> more_runs;
  Verdict verdict = Verdict::kInconclusive;
  Verdict leaning = Verdict::kInconclusive;
  std::string rule;      // which rule decided
  std::string sentence;  // rule, what would decide, and what can be seen
};

struct ShiftColumn {
  std::string name;  // "p99"
  double percentile = 0;
  Number a, b, ratio, low, high;
};

struct ComparisonModel {
  ComparisonSubject subject;
  Verdict verdict = Verdict::kInconclusive;
  std::string reason;      // the verdict in a sentence, with its numbers
  std::size_t runs_a = 0;  // that were compared
  std::size_t runs_b = 0;
  double confidence = 0.95;
  std::vector<ComparedMetric> metrics;  // primary ones first
  // Instead of metrics, when no verdict may be drawn: what the runs came to, without intervals.
  std::vector<ComparedMetric> figures;
  std::optional<std::size_t> more_runs;  // a side: would decide all primary metrics that are open
  std::vector<PlanDifference> forbidden;
  std::vector<LeftOutRun> left_out;
  std::vector<std::string> notes;
  std::vector<ShiftColumn> shift;  // empty: too few runs
  bool shift_differs = false;
};

ComparisonModel MakeComparisonModel(const Comparison& comparison, const ComparisonSubject& subject,
                                    const Shift& shift = {});

// "5%" of A, or "0.1pp"; ">1000%" from there on, "-" when it is not finite.
std::string SizeText(double size, bool is_ratio);
// "rate 20.6k/s, p50 120us, p99 1.05ms, errors 0.02%"; "" when nothing was measured.
std::string FiguresText(const LeftOutRun& run);
// Stands above ComparisonModel::figures.
inline constexpr std::string_view kFiguresTitle =
    "what the runs came to; not all are valid, so nothing is concluded from it";
// "0.031", "<0.001"
std::string PText(double p);
// "0.998..1.018", "unknown"
std::string IntervalText(const ComparedMetric& metric);

}  // namespace mbench
