// SPDX-License-Identifier: Apache-2.0
#include "reports/otlp/otlp_json.h"

#include <cmath>

#include "harness/result/json_text.h"

namespace mbench {
namespace {

// AggregationTemporality of the protocol: every message holds all since the start, so one that was
// lost is made good by the next.
constexpr int kCumulative = 2;

OrderedJson Attributes(const std::vector<std::pair<std::string, std::string>>& pairs) {
  OrderedJson list = OrderedJson::array();
  for (const auto& [key, value] : pairs)
    list.push_back({{"key", key}, {"value", {{"stringValue", value}}}});
  return list;
}

OrderedJson PointBase(const MetricPoint& point, const OtlpContext& context, bool cumulative) {
  OrderedJson json;
  json["attributes"] = Attributes(point.labels);
  if (cumulative) json["startTimeUnixNano"] = std::to_string(context.start_ns);
  json["timeUnixNano"] = std::to_string(context.time_ns);
  return json;
}

OrderedJson NumberPoint(const MetricPoint& point, const OtlpContext& context, bool cumulative) {
  OrderedJson json = PointBase(point, context, cumulative);
  if (point.value == std::floor(point.value) && std::abs(point.value) < 1e15)
    json["asInt"] = std::to_string(static_cast<std::int64_t>(point.value));
  else
    json["asDouble"] = point.value;
  return json;
}

OrderedJson HistogramPoint(const MetricPoint& point, const OtlpContext& context) {
  OrderedJson json = PointBase(point, context, true);
  json["count"] = std::to_string(point.Count());
  json["sum"] = point.sum;
  json["bucketCounts"] = OrderedJson::array();
  for (const std::uint64_t count : point.buckets)
    json["bucketCounts"].push_back(std::to_string(count));
  json["explicitBounds"] = BucketBoundsS();
  return json;
}

OrderedJson ToJson(const Metric& metric, const OtlpContext& context) {
  OrderedJson points = OrderedJson::array();
  for (const MetricPoint& point : metric.points)
    points.push_back(metric.kind == MeterKind::kHistogram
                         ? HistogramPoint(point, context)
                         : NumberPoint(point, context, metric.kind == MeterKind::kCounter));
  OrderedJson json;
  json["name"] = metric.name;
  json["description"] = metric.help;
  json["unit"] = metric.unit;
  OrderedJson& data = json[metric.kind == MeterKind::kHistogram ? "histogram"
                           : metric.kind == MeterKind::kCounter ? "sum"
                                                                : "gauge"];
  if (metric.kind != MeterKind::kGauge) data["aggregationTemporality"] = kCumulative;
  if (metric.kind == MeterKind::kCounter) data["isMonotonic"] = true;
  data["dataPoints"] = std::move(points);
  return json;
}

}  // namespace

std::string RenderOtlp(std::span<const Metric> metrics, const OtlpContext& context) {
  OrderedJson list = OrderedJson::array();
  for (const Metric& metric : metrics)
    if (!metric.points.empty()) list.push_back(ToJson(metric, context));
  OrderedJson scope;
  scope["scope"] = {{"name", "mbench"}, {"version", context.version}};
  scope["metrics"] = std::move(list);
  OrderedJson resource;
  resource["resource"] = {{"attributes", Attributes(context.resource)}};
  resource["scopeMetrics"] = OrderedJson::array({std::move(scope)});
  OrderedJson request;
  request["resourceMetrics"] = OrderedJson::array({std::move(resource)});
  return DumpJson(request);
}

}  // namespace mbench
