// SPDX-License-Identifier: Apache-2.0
#include "reports/model/verdict_sentence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/base/text.h"

namespace mbench {
namespace {

// 0.1234 -> "12"
std::string Percent(double part) {
  const double percent = 100 * part;
  if (std::abs(percent) >= 9.95) return fmt::format("{:.0f}", percent);
  const std::string text = fmt::format("{:.2g}", percent);
  return text == "-0" ? "0" : text;
}

std::string SizeWords(double size, bool is_ratio) {
  return is_ratio ? Percent(size) + " %" : fmt::format("{:.3g}pp", 100 * size);
}

bool IsTime(const ComparedMetric& metric) {
  return metric.a.unit == Unit::kNanoseconds && !metric.name.starts_with("client_cpu");
}

// A change of a ratio is told as a part of A in the direction that it has.
struct Told {
  double size = 0;
  double low = 0;
  double high = 0;
  const char* word = "";
};

Told Tell(const ComparedMetric& metric) {
  const double none = metric.is_ratio ? 1 : 0;
  Told told{metric.change.value - none, metric.low.value - none, metric.high.value - none, ""};
  const bool up = told.size >= 0;
  if (!up) told = {-told.size, -told.high, -told.low, ""};
  told.word = IsTime(metric) ? (up ? "slower" : "faster") : (up ? "higher" : "lower");
  return told;
}

std::string IntervalWords(const ComparedMetric& metric, const Told& told) {
  if (!metric.low.known || !metric.high.known) return "interval unknown";
  if (!metric.is_ratio) return fmt::format("{:.3g} to {:.3g}pp", 100 * told.low, 100 * told.high);
  return fmt::format("{} to {} %", Percent(told.low), Percent(told.high));
}

// How much worse it is at most; below 0 it is better for certain.
std::string AtMostWords(const ComparedMetric& metric) {
  const double none = metric.is_ratio ? 1 : 0;
  const bool lower_is_better = metric.a.better == Better::kLower;
  const double harm = lower_is_better ? metric.at_worst.value - none : none - metric.at_worst.value;
  const char* const word = IsTime(metric)                   ? (harm >= 0 ? "slower" : "faster")
                           : (harm >= 0) == lower_is_better ? "higher"
                                                            : "lower";
  return fmt::format("at {} {} {} for certain", harm >= 0 ? "most" : "least",
                     SizeWords(std::abs(harm), metric.is_ratio), word);
}

// How much of its margin the change takes, turned so that more is worse.
double Weight(const ComparedMetric& metric) {
  const double none = metric.is_ratio ? 1 : 0;
  const double change = metric.change.value - none;
  return (metric.a.better == Better::kLower ? change : -change) / std::max(metric.margin, 1e-12);
}

const ComparedMetric& Deciding(const ComparisonModel& model) {
  std::vector<const ComparedMetric*> primary;
  for (const ComparedMetric& metric : model.metrics)
    if (metric.primary) primary.push_back(&metric);
  // Metrics of the verdict, those that cannot be told first; of these the one that weighs most.
  const auto weight = [&](const ComparedMetric* metric) {
    const double sign = model.verdict == Verdict::kBetter ? -1 : 1;
    const double size =
        model.verdict == Verdict::kSame ? std::abs(Weight(*metric)) : sign * Weight(*metric);
    const bool decides = metric->verdict == model.verdict;
    return (decides ? 1e6 : 0) + (metric->measured ? std::clamp(size, -1e5, 1e5) : 2e5);
  };
  return **std::ranges::max_element(primary, {}, weight);
}

std::string MarginWords(const ComparedMetric& metric) {
  return SizeWords(metric.margin, metric.is_ratio);
}

std::string MoreRunsWords(const ComparisonModel& model) {
  if (!model.more_runs) return {};
  return fmt::format("; about {} more {} a side would decide", *model.more_runs,
                     *model.more_runs == 1 ? "run" : "runs");
}

std::string NotWorseWords(const ComparedMetric& metric) {
  std::string text =
      fmt::format("no regression above {}: {}, {}", SizeWords(metric.judged, metric.is_ratio),
                  ChangeSentence(metric), AtMostWords(metric));
  text += fmt::format("; your margin is {}", MarginWords(metric));
  if (metric.judged > metric.margin) text += ", which is less than such runs can see";
  return text;
}

}  // namespace

std::string ChangeSentence(const ComparedMetric& metric) {
  const Told told = Tell(metric);
  return fmt::format("{} is {} {} ({}), {} -> {}", metric.name,
                     SizeWords(told.size, metric.is_ratio), told.word, IntervalWords(metric, told),
                     Text(metric.a), Text(metric.b));
}

std::string VerdictSentence(const ComparisonModel& model) {
  const ComparedMetric& metric = Deciding(model);
  if (!metric.measured) return fmt::format("{}: {}", metric.name, metric.rule);
  const std::string change = ChangeSentence(metric);
  switch (model.verdict) {
    case Verdict::kWorse:
    case Verdict::kBetter:
      return fmt::format("{}; your margin is {}", change, MarginWords(metric));
    case Verdict::kSame:
      return fmt::format("no change beyond the margins; the largest: {}; your margin is {}", change,
                         MarginWords(metric));
    case Verdict::kNotWorse:
      return NotWorseWords(metric);
    case Verdict::kChanged:
      return fmt::format("{}; whether by more than your margin of {} is open{}", change,
                         MarginWords(metric), MoreRunsWords(model));
    case Verdict::kSuggestive:
      return fmt::format("{}; {}{}", change, metric.rule, MoreRunsWords(model));
    default:
      return fmt::format("{}; that may be no change, and it may be more than your margin of {}{}",
                         change, MarginWords(metric), MoreRunsWords(model));
  }
}

}  // namespace mbench
