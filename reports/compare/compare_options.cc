// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/compare_options.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/plan/defaults.h"
#include "harness/result/json_text.h"

namespace mbench {
namespace {

Status ReadPrimary(JsonFields* compare, CompareOptions* options) {
  for (const Json& item : compare->List("primary")) {
    if (!item.is_string()) return Invalid("plan.compare.primary holds something that is no text");
    const Result<MetricName> metric = ParseMetricName(item.get<std::string>());
    if (!metric) return Invalid("plan.compare.primary: {}", metric.error().message);
    options->primary.push_back(*metric);
  }
  return {};
}

Status ReadMargins(JsonFields* compare, CompareOptions* options) {
  std::string wrong;
  compare->Object("margin").ForEach([&](const std::string& name, const Json& value) {
    if (!ParseMetricName(name) || !value.is_number() || value.get<double>() <= 0)
      wrong = name;
    else
      options->margin[name] = value.get<double>();
  });
  if (wrong.empty()) return {};
  return Invalid("plan.compare.margin has a bad entry {}; expected a metric and a part above 0",
                 Quote(wrong));
}

}  // namespace

std::vector<MetricName> DefaultPrimary() {
  return {{MetricKind::kRate}, {MetricKind::kPercentile, 50}, {MetricKind::kPercentile, 99}};
}

std::vector<MetricName> PrimaryOf(const CompareOptions& options) {
  std::vector<MetricName> primary = options.primary.empty() ? DefaultPrimary() : options.primary;
  const MetricName errors{MetricKind::kErrors};
  if (std::ranges::find(primary, errors) == primary.end()) primary.push_back(errors);
  return primary;
}

std::vector<MetricName> AskedFor(const CompareOptions& options) {
  std::vector<MetricName> metrics = options.primary;
  for (const auto& [name, margin] : options.margin)
    if (const Result<MetricName> metric = ParseMetricName(name)) metrics.push_back(*metric);
  return metrics;
}

double MarginOf(const MetricName& metric, const CompareOptions& options) {
  for (const std::string& name : {Name(metric), Family(metric)})
    if (const auto found = options.margin.find(name); found != options.margin.end())
      return found->second;
  switch (FactsOf(metric.kind).unit) {
    case MetricUnit::kPerSecond:
    case MetricUnit::kBytesPerSecond:
      return defaults::kMarginRate;
    case MetricUnit::kFraction:
      return defaults::kMarginErrors;
    case MetricUnit::kSeconds:
      return defaults::kMarginCpu;
    case MetricUnit::kCount:  // in slo only
    case MetricUnit::kNanoseconds:
      break;
  }
  const bool tail = metric.kind == MetricKind::kMax || (metric.kind == MetricKind::kPercentile &&
                                                        metric.percentile >= defaults::kTailFrom);
  return tail ? defaults::kMarginTail : defaults::kMarginMiddle;
}

Result<CompareOptions> OptionsFromPlan(const std::string& plan_json) {
  const Result<Json> plan = ParseJsonText(plan_json, "plan");
  if (!plan) return Failed(plan);
  if (!plan->is_object()) return Invalid("the stored plan is no object");
  CompareOptions options;
  std::string error;
  JsonFields fields(*plan, "plan", &error);
  if (!fields.Has("compare")) return options;
  JsonFields compare = fields.Object("compare");
  if (const Status status = ReadPrimary(&compare, &options); !status) return Failed(status);
  if (const Status status = ReadMargins(&compare, &options); !status) return Failed(status);
  if (!error.empty()) return Invalid("{}", error);
  return options;
}

}  // namespace mbench
