// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/metric_name.h"

#include <array>
#include <optional>

#include "harness/base/text.h"
#include "harness/plan/percentile_name.h"

namespace mbench {
namespace {

constexpr std::string_view kExample = "expected something like p99(read), rate or errors";

struct NamedKind {
  std::string_view name;
  MetricKind kind;
};
constexpr std::array<NamedKind, 3> kKinds = {{{"rate", MetricKind::kRate},
                                              {"errors", MetricKind::kErrors},
                                              {"client_cpu", MetricKind::kClientCpu}}};

tl::unexpected<Error> UnknownMetric(std::string_view name) {
  std::array<std::string_view, kKinds.size() + 3> names = {"p50", "p99", "p99.9"};
  for (std::size_t i = 0; i < kKinds.size(); ++i) names[i + 3] = kKinds[i].name;
  const std::string_view closest = ClosestMatch(name, names);
  if (!closest.empty())
    return BadConfig("unknown metric {}; did you mean '{}'?", Quote(name), closest);
  return BadConfig(
      "unknown metric {}; expected p50, p99.9 or any other percentile, or one of: rate, errors, "
      "client_cpu",
      Quote(name));
}

Status ParseFamily(std::string_view name, MetricName* metric) {
  for (const NamedKind& named : kKinds) {
    if (named.name != name) continue;
    metric->kind = named.kind;
    return {};
  }
  const std::optional<double> percentile = ParsePercentileName(name);
  if (!percentile) return UnknownMetric(name);
  if (*percentile <= 0 || *percentile >= 100) {
    return BadConfig(
        "a percentile to compare is above 0 and below 100: {}; expected something like p99 or "
        "p99.9",
        Quote(name));
  }
  metric->kind = MetricKind::kPercentile;
  metric->percentile = *percentile;
  return {};
}

}  // namespace

std::string Family(const MetricName& metric) {
  for (const NamedKind& named : kKinds)
    if (named.kind == metric.kind) return std::string(named.name);
  return fmt::format("p{}", metric.percentile);
}

std::string Name(const MetricName& metric) {
  return metric.op.empty() ? Family(metric) : fmt::format("{}({})", Family(metric), metric.op);
}

Result<MetricName> ParseMetricName(std::string_view text) {
  MetricName metric;
  std::string_view family = Trim(text);
  const std::size_t open = family.find('(');
  if (open != std::string_view::npos) {
    if (!family.ends_with(')'))
      return BadConfig("no ')' after the op in {}; {}", Quote(text), kExample);
    const std::string_view op = Trim(family.substr(open + 1, family.size() - open - 2));
    if (op.empty() || op.find_first_of("() ") != std::string_view::npos)
      return BadConfig("{} names no op; {}", Quote(text), kExample);
    metric.op = op;
    family = Trim(family.substr(0, open));
  }
  if (const Status status = ParseFamily(family, &metric); !status) return Failed(status);
  return metric;
}

}  // namespace mbench
