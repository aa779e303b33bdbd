// SPDX-License-Identifier: Apache-2.0
#include "reports/model/comparison_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/compare/odd_runs.h"
#include "reports/model/verdict_sentence.h"

namespace mbench {
namespace {

// Of a change of ten times and more nobody wants to hear that it would be seen.
constexpr double kMostShown = 10;

std::string SentenceOf(const ComparedMetric& metric) {
  std::string text = metric.rule;
  if (metric.verdict == Verdict::kSuggestive && metric.leaning != Verdict::kInconclusive)
    text += fmt::format("; so far it looks {}", Name(metric.leaning));
  if (metric.more_runs)
    text += fmt::format("; about {} more {} a side would decide", *metric.more_runs,
                        *metric.more_runs == 1 ? "run" : "runs");
  if (metric.measured && metric.detectable > 0 && metric.detectable < kMostShown)
    text += fmt::format("; a change of {} would be seen in 9 of 10 cases",
                        SizeText(metric.detectable, metric.is_ratio));
  return text;
}

ComparedMetric MakeMetric(const MetricRow& row) {
  ComparedMetric metric;
  metric.name = Name(row.metric);
  metric.primary = row.primary;
  metric.thin = row.thin;
  metric.measured = row.measured;
  metric.is_ratio = row.scale == MetricScale::kRatio;
  metric.a = MakeNumber(row.metric, row.a, row.thin);
  metric.b = MakeNumber(row.metric, row.b, row.thin);
  const auto change = metric.is_ratio ? MakeRatio : MakePoints;
  metric.change = change(row.change);
  metric.low = change(row.low);
  metric.high = change(row.high);
  metric.at_worst = change(row.at_worst);
  for (Number* number : {&metric.change, &metric.low, &metric.high, &metric.at_worst})
    number->better = LowerIsBetter(row.metric) ? Better::kLower : Better::kHigher;
  for (Number* number : {&metric.a, &metric.b, &metric.change}) number->known = row.measured;
  if (!row.measured || !std::isfinite(row.high) || !std::isfinite(row.low))
    metric.low.known = metric.high.known = metric.at_worst.known = false;
  metric.claims = row.claims;
  metric.basis = row.basis;
  metric.p = row.p;
  metric.adjusted_p = row.adjusted_p;
  metric.margin = row.margin;
  metric.judged = row.judged;
  metric.detectable = row.detectable;
  metric.spread = row.spread;
  metric.more_runs = row.more_runs;
  metric.verdict = row.verdict;
  metric.leaning = row.leaning;
  metric.rule = row.rule;
  metric.sentence = SentenceOf(metric);
  return metric;
}

std::vector<ShiftColumn> MakeShift(const Shift& shift) {
  std::vector<ShiftColumn> columns;
  for (const ShiftPoint& point : shift.points)
    columns.push_back({fmt::format("p{}", point.percentile), point.percentile, MakeLatency(point.a),
                       MakeLatency(point.b), MakeRatio(point.ratio), MakeRatio(point.low),
                       MakeRatio(point.high)});
  return columns;
}

std::optional<std::size_t> MostRuns(const std::vector<ComparedMetric>& metrics) {
  std::optional<std::size_t> most;
  for (const ComparedMetric& metric : metrics) {
    const bool open = metric.verdict == Verdict::kInconclusive ||
                      metric.verdict == Verdict::kChanged || metric.verdict == Verdict::kSuggestive;
    if (!metric.primary || !open) continue;
    if (!metric.more_runs) return std::nullopt;  // no number of runs would
    most = std::max(most.value_or(0), *metric.more_runs);
  }
  return most;
}

// What rests on metrics is told with their numbers.
bool RestsOnMetrics(Verdict verdict) {
  return verdict != Verdict::kSaturated && verdict != Verdict::kInvalid &&
         verdict != Verdict::kIncomparable;
}

// Odd runs are named before what else is to be kept in mind.
void AddNotes(const Comparison& comparison, std::vector<std::string>* notes) {
  for (const OddRun& odd : comparison.odd)
    notes->push_back(fmt::format("far from the others: {}; it counts{}", Describe(odd),
                                 odd.trimmed ? ", by trimmed means" : ""));
  notes->insert(notes->end(), comparison.notes.begin(), comparison.notes.end());
}

}  // namespace

ComparisonModel MakeComparisonModel(const Comparison& comparison, const ComparisonSubject& subject,
                                    const Shift& shift) {
  ComparisonModel model;
  model.subject = subject;
  model.verdict = comparison.verdict;
  model.reason = comparison.reason;
  model.runs_a = comparison.runs_a;
  model.runs_b = comparison.runs_b;
  model.confidence = 1 - comparison.alpha;
  for (const MetricRow& row : comparison.rows) model.metrics.push_back(MakeMetric(row));
  for (const MetricRow& row : comparison.figures) {
    ComparedMetric& figure = model.figures.emplace_back(MakeMetric(row));
    figure.low.known = figure.high.known = figure.at_worst.known = false;
  }
  model.more_runs = MostRuns(model.metrics);
  model.forbidden = comparison.forbidden;
  model.left_out = comparison.left_out;
  model.notes = subject.notes;
  AddNotes(comparison, &model.notes);
  if (RestsOnMetrics(model.verdict) && !model.metrics.empty())
    model.reason = VerdictSentence(model);
  if (model.metrics.empty()) return model;  // what may not be compared has no distribution either
  model.shift = MakeShift(shift);
  model.shift_differs = shift.differs;
  return model;
}

std::string SizeText(double size, bool is_ratio) {
  if (!std::isfinite(size)) return "-";
  const char* const unit = is_ratio ? "%" : "pp";
  if (size >= kMostShown) return fmt::format(">{:.0f}{}", kMostShown * 100, unit);
  if (size >= 0.0995) return fmt::format("{:.0f}{}", size * 100, unit);
  return fmt::format("{:.2g}{}", size * 100, unit);
}

std::string FiguresText(const LeftOutRun& run) {
  std::string text;
  for (const MetricSample& figure : run.figures)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", Name(figure.metric),
                        Text(MakeNumber(figure.metric, figure.value)));
  return text;
}

std::string PText(double p) { return p < 0.001 ? "<0.001" : fmt::format("{:.3f}", p); }

std::string IntervalText(const ComparedMetric& metric) {
  if (!metric.low.known || !metric.high.known) return "unknown";
  return fmt::format("{}..{}", Text(metric.low), Text(metric.high));
}

}  // namespace mbench
