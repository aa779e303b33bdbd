// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/slo.h"

#include <array>
#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/plan/percentile_name.h"

namespace mbench {
namespace {

constexpr std::string_view kExample = "expected something like p99(read) < 10ms or errors < 0.1%";

struct NamedMetric {
  std::string_view name;
  SloMetric metric;
};
constexpr std::array<NamedMetric, 7> kMetrics = {{{"max", SloMetric::kMax},
                                                  {"mean", SloMetric::kMean},
                                                  {"rate", SloMetric::kRate},
                                                  {"errors", SloMetric::kErrors},
                                                  {"timeouts", SloMetric::kTimeouts},
                                                  {"mismatches", SloMetric::kMismatches},
                                                  {"not_found", SloMetric::kNotFound}}};

bool IsDuration(SloMetric metric) {
  return metric == SloMetric::kPercentile || metric == SloMetric::kMax ||
         metric == SloMetric::kMean;
}

tl::unexpected<Error> UnknownMetric(std::string_view name) {
  std::array<std::string_view, kMetrics.size() + 3> names = {"p50", "p99", "p99.9"};
  for (std::size_t i = 0; i < kMetrics.size(); ++i) names[i + 3] = kMetrics[i].name;
  const std::string_view closest = ClosestMatch(name, names);
  if (!closest.empty())
    return BadConfig("unknown metric {}; did you mean '{}'?", Quote(name), closest);
  return BadConfig(
      "unknown metric {}; expected p50, p99.9 or any other percentile, or one of: max, mean, rate, "
      "errors, timeouts, mismatches, not_found",
      Quote(name));
}

Status ParseMetric(std::string_view name, SloPlan* slo) {
  for (const NamedMetric& named : kMetrics) {
    if (named.name != name) continue;
    slo->metric = named.metric;
    return {};
  }
  const std::optional<double> percentile = ParsePercentileName(name);
  if (!percentile) return UnknownMetric(name);
  if (*percentile <= 0 || *percentile > 100) {
    return BadConfig(
        "a percentile is above 0 and at most 100: {}; expected something like p99 or p99.9",
        Quote(name));
  }
  slo->metric = SloMetric::kPercentile;
  slo->percentile = *percentile;
  return {};
}

// "p99(read)" -> metric and op.
Status ParseSubject(std::string_view text, SloPlan* slo) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return ParseMetric(text, slo);
  if (!text.ends_with(')'))
    return BadConfig("no ')' after the op in {}; {}", Quote(text), kExample);
  const std::string_view op = Trim(text.substr(open + 1, text.size() - open - 2));
  if (op.empty() || op.find_first_of("() ") != std::string_view::npos) {
    return BadConfig("{} names no op; {}", Quote(text), kExample);
  }
  slo->op = op;
  return ParseMetric(Trim(text.substr(0, open)), slo);
}

Status ParseValue(std::string_view text, SloPlan* slo) {
  if (IsDuration(slo->metric)) {
    const Result<Ticks> duration = ParseDuration(text);
    if (!duration) return Failed(duration);
    slo->value = static_cast<double>(*duration);
    return {};
  }
  const Result<double> value =
      slo->metric == SloMetric::kRate ? ParseRate(text) : ParseFraction(text);
  if (!value) return Failed(value);
  slo->value = *value;
  return {};
}

Status ParseWindow(std::string_view text, SloPlan* slo) {
  const Result<Ticks> window = ParseDuration(text);
  if (!window) return Failed(window);
  if (*window == 0 || *window % kSecond != 0) {
    return BadConfig("a window is one or more whole seconds: {}; expected something like 10s",
                     Quote(text));
  }
  slo->window = *window;
  return {};
}

// The comparison at the front of `text`, and its length.
std::pair<SloComparison, std::size_t> SplitComparison(std::string_view text) {
  if (text.starts_with("<=")) return {SloComparison::kAtMost, 2};
  if (text.starts_with(">=")) return {SloComparison::kAtLeast, 2};
  return {text.starts_with('<') ? SloComparison::kBelow : SloComparison::kAbove, 1};
}

// No metric is negative: `< 0` could never hold, and `>= 0` always would.
Status CheckMeaning(const SloPlan& slo) {
  const bool below = slo.comparison == SloComparison::kBelow;
  if (slo.value == 0 && below) return BadConfig("nothing is below 0; {}", kExample);
  if (slo.value == 0 && slo.comparison == SloComparison::kAtLeast) {
    return BadConfig("everything is at least 0; {}", kExample);
  }
  return {};
}

}  // namespace

Result<SloPlan> ParseSlo(std::string_view text) {
  SloPlan slo;
  slo.text = Trim(text);
  const std::string_view all = slo.text;
  const std::size_t comparison_at = all.find_first_of("<>");
  if (comparison_at == std::string_view::npos) {
    return BadConfig("no comparison (<, <=, >, >=) in {}; {}", Quote(text), kExample);
  }
  if (const Status status = ParseSubject(Trim(all.substr(0, comparison_at)), &slo); !status)
    return Failed(status);

  const auto [comparison, length] = SplitComparison(all.substr(comparison_at));
  slo.comparison = comparison;
  std::string_view value = all.substr(comparison_at + length);
  const std::size_t window_at = value.find(" for ");
  if (window_at != std::string_view::npos) {
    if (const Status status = ParseWindow(Trim(value.substr(window_at + 5)), &slo); !status)
      return Failed(status);
    value = value.substr(0, window_at);
  }
  if (Trim(value).empty())
    return BadConfig("no value after the comparison in {}; {}", Quote(text), kExample);
  if (const Status status = ParseValue(Trim(value), &slo); !status) return Failed(status);
  if (const Status status = CheckMeaning(slo); !status) return Failed(status);
  return slo;
}

}  // namespace mbench
