// SPDX-License-Identifier: Apache-2.0
#include "reports/prometheus/exposition.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

namespace mbench {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kUnitSuffixes = {
    {{"s", "_seconds"}, {"By", "_bytes"}, {"1", "_ratio"}, {"{operation}/s", "_per_second"}}};

prometheus::MetricType TypeOf(MeterKind kind) {
  if (kind == MeterKind::kCounter) return prometheus::MetricType::Counter;
  if (kind == MeterKind::kGauge) return prometheus::MetricType::Gauge;
  return prometheus::MetricType::Histogram;
}

prometheus::ClientMetric::Histogram ToHistogram(const MetricPoint& point) {
  prometheus::ClientMetric::Histogram histogram;
  histogram.sample_sum = point.sum;
  for (std::size_t i = 0; i < point.buckets.size(); ++i) {
    histogram.sample_count += point.buckets[i];
    histogram.bucket.push_back(
        {histogram.sample_count, i < BucketBoundsS().size()
                                     ? BucketBoundsS()[i]
                                     : std::numeric_limits<double>::infinity()});
  }
  return histogram;
}

prometheus::ClientMetric ToClientMetric(const MetricPoint& point, MeterKind kind) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : point.labels) metric.label.push_back({name, value});
  metric.counter.value = metric.gauge.value = point.value;
  if (kind == MeterKind::kHistogram) metric.histogram = ToHistogram(point);
  return metric;
}

}  // namespace

std::string PrometheusName(const Metric& metric) {
  std::string name = metric.name;
  std::ranges::replace(name, '.', '_');
  for (const auto& [unit, suffix] : kUnitSuffixes)
    if (metric.unit == unit && !name.ends_with(suffix)) name += suffix;
  return metric.kind == MeterKind::kCounter ? name + "_total" : name;
}

std::string RenderPrometheus(std::span<const Metric> metrics) {
  std::vector<prometheus::MetricFamily> families;
  for (const Metric& metric : metrics) {
    if (metric.points.empty()) continue;
    prometheus::MetricFamily& family = families.emplace_back();
    family.name = PrometheusName(metric);
    family.help = metric.help;
    family.type = TypeOf(metric.kind);
    for (const MetricPoint& point : metric.points)
      family.metric.push_back(ToClientMetric(point, metric.kind));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace mbench
