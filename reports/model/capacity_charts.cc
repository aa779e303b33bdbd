// SPDX-License-Identifier: Apache-2.0
#include "reports/model/capacity_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "reports/compare/moments.h"
#include "reports/model/capacity_model.h"
#include "reports/model/page_charts.h"

namespace mbench {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr double kLinearLevels = 8;  // the highest level by the lowest: more need a logarithm

// Probes in the order of their levels, those that ran.
std::vector<const StoredProbe*> ByLevel(const CapacityResult& search) {
  std::vector<const StoredProbe*> probes;
  for (const StoredProbe& stored : search.probes)
    if (stored.window > 0) probes.push_back(&stored);
  std::ranges::stable_sort(probes, {},
                           [](const StoredProbe* stored) { return stored->probe.level; });
  return probes;
}

class ProbeCharts {
 public:
  ProbeCharts(const CapacityResult& search, bool counted)
      : search_(search), probes_(ByLevel(search)) {
    if (counted)
      std::erase_if(probes_, [](const StoredProbe* stored) { return !stored->probe.Counts(); });
    for (const StoredProbe* stored : probes_) levels_.push_back(stored->probe.level);
  }

  Chart Latency() const {
    Chart chart = New("capacity-chart", "Latency against load", LatencyAxis("response time"));
    chart.about =
        "p99 of every probe that counts, scouts too, all ops together: with growing load it stays "
        "level, turns up, and breaks.";
    chart.height = kLatencyChartHeight;
    AddMedians(&chart);
    AddPoints("p99, holds", 2, ProbeEnd::kHolds, &chart);
    AddPoints("p99, breaks", 4, ProbeEnd::kBreaks, &chart);
    AddObjectives(&chart);
    return chart;
  }

  Chart Done() const {
    Chart chart = New("done-chart", "Achieved against load",
                      {.title = "ops per second", .unit = Unit::kPerSecond, .from_zero = true});
    chart.about = "Where achieved leaves asked for, a queue grows.";
    if (search_.open_model)
      chart.lines.push_back({.name = "asked for", .color = 5, .dash = 2, .grid = 0, .y = levels_});
    AddLine(
        "achieved", 0, [](const StoredProbe& stored) { return stored.done_per_s; }, &chart);
    return chart;
  }

  Chart Cpu() const {
    Chart chart = New("cpu-chart", "CPU against load",
                      {.title = "cores", .unit = Unit::kCores, .from_zero = true});
    chart.about = "Of the system where it runs on this host, and of the load generator.";
    AddLine(
        "system", 0,
        [](const StoredProbe& stored) { return stored.server_cores.value_or(kNothing); }, &chart);
    AddLine(
        "load generator", 7, [](const StoredProbe& stored) { return stored.client_cores; }, &chart);
    return chart;
  }

 private:
  using Value = std::function<double(const StoredProbe&)>;

  Chart New(const char* id, const char* title, ChartAxis y) const {
    ChartAxis x{.title = search_.open_model ? "rate asked for" : "clients",
                .unit = search_.open_model ? Unit::kPerSecond : Unit::kCount};
    if (!search_.open_model) x.unit_name = "clients";
    if (!levels_.empty() && levels_.back() > kLinearLevels * levels_.front())
      x.scale = ChartScale::kLog;
    Chart chart{.id = id, .title = title, .about = {}, .x = std::move(x), .y = std::move(y)};
    chart.grids = {levels_};
    AddInterval(&chart);
    return chart;
  }

  void AddInterval(Chart* chart) const {
    const CapacityInterval& found = search_.capacity;
    const auto mark = [&](double level, const char* what) {
      if (level > 0)
        chart->marks.push_back(
            {.x = level,
             .label = fmt::format("{} {}", LevelText(level, search_.open_model), what)});
    };
    mark(found.low, "holds");
    mark(BreaksAt(search_), "breaks");
    if (found.low > 0 && found.high > found.low)
      chart->bands.push_back({found.low, found.high, "capacity"});
  }

  void AddLine(const char* name, int color, const Value& value, Chart* chart) const {
    ChartLine line{.name = name, .color = color, .bold = color == 0, .points = true};
    for (const StoredProbe* stored : probes_) line.y.push_back(value(*stored));
    if (std::ranges::any_of(line.y, [](double y) { return std::isfinite(y); }))
      chart->lines.push_back(std::move(line));
  }

  void AddPoints(const char* name, int color, ProbeEnd end, Chart* chart) const {
    ChartLine line{.name = name, .color = color, .points = true, .line = false};
    for (const StoredProbe* stored : probes_)
      line.y.push_back(stored->probe.end == end ? static_cast<double>(stored->p99) : kNothing);
    if (std::ranges::any_of(line.y, [](double y) { return std::isfinite(y); }))
      chart->lines.push_back(std::move(line));
  }

  // The curve: the median of each level.
  void AddMedians(Chart* chart) const {
    std::map<double, std::vector<double>> by_level;
    for (const StoredProbe* stored : probes_)
      by_level[stored->probe.level].push_back(static_cast<double>(stored->p99));
    if (by_level.size() < 2) return;
    ChartLine line{.name = "p99, median of a level", .color = 0};
    for (const double level : levels_) line.y.push_back(MedianOf(by_level[level]));
    chart->lines.push_back(std::move(line));
  }

  void AddObjectives(Chart* chart) const {
    for (const std::string& text : search_.objectives) {
      const Result<SloPlan> slo = ParseSlo(text);
      if (slo && FactsOf(slo->metric.kind).unit == MetricUnit::kNanoseconds)
        chart->lines.push_back({.name = "objective " + text,
                                .color = 5,
                                .dash = 1,
                                .grid = 0,
                                .y = std::vector<double>(levels_.size(), slo->value)});
    }
  }

  const CapacityResult& search_;
  std::vector<const StoredProbe*> probes_;
  std::vector<double> levels_;
};

}  // namespace

double BreaksAt(const CapacityResult& search) {
  return search.capacity.end == SearchEnd::kHost ? 0 : search.capacity.high;
}

Chart MakeCapacityLatencyChart(const CapacityResult& search) {
  return ProbeCharts(search, true).Latency();
}

Chart MakeCapacityRateChart(const CapacityResult& search) {
  return ProbeCharts(search, false).Done();
}

Chart MakeCapacityCpuChart(const CapacityResult& search) {
  return ProbeCharts(search, false).Cpu();
}

}  // namespace mbench
