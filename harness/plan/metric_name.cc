// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/metric_name.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

constexpr std::string_view kMetricExample =
    "expected something like p99, p99(read), errors(pay:debit) or rate";

// 99.9 of "p99.9"; nothing when `name` is not p and a number.
std::optional<double> ParsePercentileName(std::string_view name) {
  if (!name.starts_with('p') || name.size() < 2) return std::nullopt;
  name.remove_prefix(1);
  if (name.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  const Result<double> percentile = ParseNumber(name);
  return percentile ? std::optional(*percentile) : std::nullopt;
}

using MetricFilter = bool (*)(MetricKind);

bool IsAny(MetricKind) { return true; }
bool IsCompared(MetricKind kind) { return !IsForSloAlone(kind); }

tl::unexpected<Error> UnknownMetric(std::string_view name, MetricFilter fits) {
  std::vector<std::string_view> names = {"p50", "p99.9"};
  std::string all;
  for (const MetricFacts& facts : kMetrics) {
    if (!fits(facts.kind)) continue;
    names.push_back(facts.name);
    if (facts.kind != MetricKind::kPercentile)
      all += fmt::format("{}{}", all.empty() ? "" : ", ", facts.name);
  }
  const std::string_view closest = ClosestMatch(name, names);
  if (!closest.empty())
    return BadConfig("unknown metric {}; did you mean '{}'?", Quote(name), closest);
  return BadConfig("unknown metric {}; expected p50, p99.9 or any other percentile, or one of: {}",
                   Quote(name), all);
}

Status ParseFamily(std::string_view name, MetricFilter fits, MetricName* metric) {
  for (const MetricFacts& facts : kMetrics) {
    if (facts.name != name || facts.kind == MetricKind::kPercentile) continue;
    metric->kind = facts.kind;
    return {};
  }
  const std::optional<double> percentile = ParsePercentileName(name);
  if (!percentile) return UnknownMetric(name, fits);
  if (*percentile <= 0 || *percentile > 100) {
    return BadConfig(
        "a percentile is above 0 and at most 100: {}; expected something like p99 or p99.9",
        Quote(name));
  }
  metric->kind = MetricKind::kPercentile;
  metric->percentile = *percentile;
  return {};
}

// "read", "pay:debit", "pay:1 retry". Names of ops have neither blanks nor colons.
bool NamesOpOrPart(std::string_view op) {
  const std::size_t colon = op.find(':');
  const std::string_view name = op.substr(0, colon);
  if (name.empty() || name.find_first_of("() ") != std::string_view::npos) return false;
  return colon == std::string_view::npos || colon + 1 < op.size();
}

Status CheckMeaning(const MetricName& metric) {
  if (metric.kind == MetricKind::kShare && metric.op.find(':') == std::string::npos)
    return BadConfig("share needs a label, as in share(get:cache)");
  if ((metric.kind == MetricKind::kLost || metric.kind == MetricKind::kDoubled) &&
      metric.op.find(':') != std::string::npos)
    return BadConfig("{} is known of an op, not of a part of one: {}", Family(metric),
                     Quote(metric.op));
  if (metric.kind == MetricKind::kClientCpu && !metric.op.empty())
    return BadConfig("client_cpu is known of all ops together, not of {}", Quote(metric.op));
  return {};
}

// "rpo", "rpo(primary stopped)", "rto(primary stopped)", "lag(billing)". Names of events and groups
// may hold anything.
Result<MetricName> ParseOfNoOp(MetricKind kind, std::string_view text, std::size_t open) {
  MetricName metric{.kind = kind};
  if (open == std::string_view::npos && kind == MetricKind::kRpo) return metric;
  std::string_view name = open == std::string_view::npos ? "" : text.substr(open + 1);
  if (name.ends_with(')')) name.remove_suffix(1);
  metric.op = Trim(name);
  if (text.ends_with(')') && !metric.op.empty()) return metric;
  const bool is_group = kind == MetricKind::kLag;
  return BadConfig("{} names no {}; expected something like {}({})", Quote(text),
                   is_group ? "group" : "event", FactsOf(kind).name,
                   is_group ? "billing" : "primary stopped");
}

Result<MetricName> ParseName(std::string_view text, MetricFilter fits) {
  MetricName metric;
  std::string_view family = Trim(text);
  const std::size_t open = family.find('(');
  for (const MetricFacts& facts : kMetrics)
    if (IsOfNoOp(facts.kind) && Trim(family.substr(0, open)) == facts.name)
      return ParseOfNoOp(facts.kind, family, open);
  if (open != std::string_view::npos) {
    if (!family.ends_with(')'))
      return BadConfig("no ')' after the op in {}; {}", Quote(family), kMetricExample);
    const std::string_view op = Trim(family.substr(open + 1, family.size() - open - 2));
    if (!NamesOpOrPart(op)) return BadConfig("{} names no op; {}", Quote(family), kMetricExample);
    metric.op = op;
    family = Trim(family.substr(0, open));
  }
  if (const Status status = ParseFamily(family, fits, &metric); !status) return Failed(status);
  if (const Status status = CheckMeaning(metric); !status) return Failed(status);
  return metric;
}

}  // namespace

const MetricFacts& FactsOf(MetricKind kind) { return kMetrics[static_cast<std::size_t>(kind)]; }

std::string Family(const MetricName& metric) {
  if (metric.kind == MetricKind::kPercentile) return fmt::format("p{}", metric.percentile);
  return std::string(FactsOf(metric.kind).name);
}

std::string Name(const MetricName& metric) {
  return metric.op.empty() ? Family(metric) : fmt::format("{}({})", Family(metric), metric.op);
}

Result<MetricName> ParseMetricName(std::string_view text) { return ParseName(text, IsAny); }

Result<MetricName> ParseComparedMetric(std::string_view text) {
  Result<MetricName> metric = ParseName(text, IsCompared);
  if (metric && IsForSloAlone(metric->kind))
    return BadConfig("{} is for slo; it cannot be compared", Family(*metric));
  return metric;
}

MetricScale ScaleOf(const MetricName& metric) {
  return FactsOf(metric.kind).unit == MetricUnit::kFraction ? MetricScale::kDifference
                                                            : MetricScale::kRatio;
}

bool LowerIsBetter(const MetricName& metric) { return FactsOf(metric.kind).lower_is_better; }

std::string_view SuffixOf(MetricUnit unit) {
  switch (unit) {
    case MetricUnit::kNanoseconds:
      return "_ns";
    case MetricUnit::kSeconds:
      return "_s";
    case MetricUnit::kPerSecond:
      return "_per_s";
    case MetricUnit::kBytesPerSecond:
      return "_bytes_per_s";
    case MetricUnit::kFraction:
      return "_fraction";
    case MetricUnit::kCount:
      break;
  }
  return "";
}

}  // namespace mbench
