// SPDX-License-Identifier: Apache-2.0
#include "drivers/victoriametrics/server_page.h"

#include <array>
#include <span>
#include <utility>

#include "drivers/common/metrics_text.h"
#include "harness/base/text.h"

namespace mbench::victoria {
namespace {

// A metric, with what its labels must have in them, and what it is called here.
struct Named {
  std::string_view metric, label, name;
};

constexpr auto kLeftOut = std::to_array<Named>({
    {"vm_rows_invalid_total", "type=\"influx\"", "lines that it could not read"},
    {"vm_rows_ignored_total", "", "values outside of its retention or in the future"},
    {"vm_hourly_series_limit_rows_dropped_total", "", "values beyond its limit of series"},
    {"vm_daily_series_limit_rows_dropped_total", "", "values beyond its limit of series"},
    {"vm_relabel_metrics_dropped_total", "", "values that its relabeling drops"},
    {"vm_metrics_with_dropped_labels_total", "", "values that lost labels"},
});

constexpr auto kCounted = std::to_array<Named>({
    {"vm_rows_inserted_total", "type=\"influx\"", "rows_inserted_per_s"},
    {"vm_slow_row_inserts_total", "", "slow_inserts_per_s"},
    {"vm_new_timeseries_created_total", "", "new_series_per_s"},
    {"vm_rows_merged_total", "type=\"storage/", "rows_merged_per_s"},
    {"vm_http_requests_total", "path=\"/api/v1/query", "queries_per_s"},
    {"process_cpu_seconds_total", "", "server_cpu_cores"},
});

constexpr auto kNow = std::to_array<Named>({
    {"vm_cache_entries", "type=\"storage/hour_metric_ids\"", "active_series"},
    {"vm_active_merges", "type=\"storage/", "active_merges"},
    {"vm_parts", "type=\"storage/", "parts"},
    {"vm_pending_rows", "type=\"storage\"", "pending_rows"},
    {"process_resident_memory_bytes", "", "memory_bytes"},
});

// Adds the values of a line to what it is called.
void Add(const MetricLine& line, std::span<const Named> table, SystemFigures* sums) {
  for (const Named& row : table) {
    if (line.name == row.metric && line.labels.find(row.label) != std::string_view::npos)
      (*sums)[std::string(row.name)] += line.value;
  }
}

// What stands behind `begin`, a name with = and a quote, up to the next quote; "": nothing.
std::string_view LabelOf(const MetricLine& line, std::string_view begin) {
  const std::size_t at = line.labels.find(begin);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.labels.substr(at + begin.size());
  return rest.substr(0, rest.find('"'));
}

template <class Take>
void EachMetric(std::string_view page, Take take) {
  for (const std::string_view text : Split(page, '\n'))
    if (const auto line = ReadMetric(text); line) take(*line);
}

}  // namespace

LeftOut ReadLeftOut(std::string_view page) {
  LeftOut counts;
  EachMetric(page, [&](const MetricLine& line) { Add(line, kLeftOut, &counts); });
  return counts;
}

LeftOut Since(const LeftOut& before, const LeftOut& now) {
  LeftOut since;
  for (const auto& [name, value] : now) {
    const auto then = before.find(name);
    const double base = then == before.end() || then->second > value ? 0 : then->second;
    if (value > base) since[name] = value - base;
  }
  return since;
}

std::string SystemOf(std::string_view page) {
  std::string system = "VictoriaMetrics";
  EachMetric(page, [&](const MetricLine& line) {
    if (line.name != "vm_app_version") return;
    const std::string_view version = LabelOf(line, "short_version=\"");
    if (!version.empty()) system += " " + std::string(version);
  });
  return system;
}

std::string FlagOf(std::string_view page, std::string_view flag) {
  std::string value;
  EachMetric(page, [&](const MetricLine& line) {
    if (line.name == "flag" && LabelOf(line, "name=\"") == flag) value = LabelOf(line, "value=\"");
  });
  return value;
}

SystemFigures Observation::Read(std::string_view page) {
  if (page == page_) return figures_;
  SystemFigures counted, figures;
  EachMetric(page, [&](const MetricLine& line) {
    Add(line, kCounted, &counted);
    Add(line, kNow, &figures);
  });
  rates_.Add(std::move(counted), &figures);
  figures_ = std::move(figures);
  page_ = page;
  return figures_;
}

}  // namespace mbench::victoria
