// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/slo.h"

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

constexpr std::string_view kObjectiveExample =
    "expected something like p99(read) < 10ms or errors < 0.1%";

Result<double> ParseTime(std::string_view text, double unit) {
  const Result<Ticks> duration = ParseDuration(text);
  if (!duration) return Failed(duration);
  return static_cast<double>(*duration) / unit;
}

Result<double> ParseCountValue(std::string_view text) {
  const Result<std::int64_t> count = ParseCount(text);
  if (!count) return Failed(count);
  return static_cast<double>(*count);
}

Result<double> ParseValue(std::string_view text, MetricUnit unit) {
  switch (unit) {
    case MetricUnit::kNanoseconds:
      return ParseTime(text, 1);
    case MetricUnit::kSeconds:
      return ParseTime(text, static_cast<double>(kSecond));
    case MetricUnit::kPerSecond:
      return ParseRate(text);
    case MetricUnit::kBytesPerSecond:
      return ParseByteRate(text);
    case MetricUnit::kCount:
      return ParseCountValue(text);
    case MetricUnit::kFraction:
      break;
  }
  return ParseFraction(text);
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

// Labels may hold anything: the comparison stands behind the last bracket. What is counted may be
// held to be just so many: rpo = 0s.
std::size_t ComparisonIn(std::string_view text) {
  const std::size_t bracket = text.rfind(')');
  const std::size_t from = bracket == std::string_view::npos ? 0 : bracket;
  const std::size_t at = text.find_first_of("<>", from);
  const std::size_t equals = text.find('=', from);
  if (at != std::string_view::npos || equals == std::string_view::npos) return at;
  const Result<MetricName> metric = ParseMetricName(text.substr(0, equals));
  return metric && IsOfLedger(metric->kind) ? equals : std::string_view::npos;
}

// No metric is negative: `< 0` could never hold, and `>= 0` always would.
Status CheckMeaning(const SloPlan& slo) {
  if (IsForSloAlone(slo.metric.kind) && slo.window != 0)
    return BadConfig("{} is of a whole run, and not of every window; leave 'for' out",
                     Family(slo.metric));
  if (slo.value == 0 && slo.relation == Relation::kBelow)
    return BadConfig("nothing is below 0; {}", kObjectiveExample);
  if (slo.value == 0 && slo.relation == Relation::kAtLeast)
    return BadConfig("everything is at least 0; {}", kObjectiveExample);
  return {};
}

}  // namespace

Result<SloPlan> ParseSlo(std::string_view text) {
  SloPlan slo;
  slo.text = Trim(text);
  const std::string_view all = slo.text;
  const std::size_t comparison_at = ComparisonIn(all);
  if (comparison_at == std::string_view::npos) {
    return BadConfig("no comparison (<, <=, >, >=) in {}; {}", Quote(text), kObjectiveExample);
  }
  Result<MetricName> metric = ParseMetricName(all.substr(0, comparison_at));
  if (!metric) return Failed(metric);
  slo.metric = *std::move(metric);

  const auto [relation, length] = SplitRelation(all.substr(comparison_at));
  slo.relation = relation;
  std::string_view value = all.substr(comparison_at + length);
  const std::size_t window_at = value.find(" for ");
  if (window_at != std::string_view::npos) {
    if (const Status status = ParseWindow(Trim(value.substr(window_at + 5)), &slo); !status)
      return Failed(status);
    value = value.substr(0, window_at);
  }
  if (Trim(value).empty())
    return BadConfig("no value after the comparison in {}; {}", Quote(text), kObjectiveExample);
  const Result<double> limit = ParseValue(Trim(value), FactsOf(slo.metric.kind).unit);
  if (!limit) return Failed(limit);
  slo.value = *limit;
  if (const Status status = CheckMeaning(slo); !status) return Failed(status);
  return slo;
}

}  // namespace mbench
