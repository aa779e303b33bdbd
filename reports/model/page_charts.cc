// SPDX-License-Identifier: Apache-2.0
#include "reports/model/page_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/base/units.h"
#include "reports/model/capacity_model.h"
#include "reports/model/knee.h"

namespace mbench {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr int kPercentilePointsADecade = 20;

ChartAxis LevelAxis(const RunResult& run) {
  if (run.open_model) return {.title = "planned load", .unit = Unit::kPerSecond};
  return {.title = "planned clients", .unit = Unit::kCount, .unit_name = "clients"};
}

// ---- percentiles ----

// 1/(1-p) from the lowest latency to where one sample is beyond.
std::vector<double> TailGrid(std::uint64_t samples) {
  std::vector<double> grid;
  const double last = std::max(1.0, static_cast<double>(samples));
  for (int i = 0;; ++i) {
    const double x = std::pow(10, static_cast<double>(i) / kPercentilePointsADecade);
    if (x > last || i > 12 * kPercentilePointsADecade) break;
    grid.push_back(x);
  }
  return grid;
}

std::vector<double> CurveOf(const Histogram& histogram, const std::vector<double>& grid) {
  std::vector<double> curve;
  for (const double x : grid)
    curve.push_back(histogram.Empty()
                        ? kNothing
                        : static_cast<double>(histogram.ValueAtPercentile(100 * (1 - 1 / x))));
  return curve;
}

Histogram Responses(const RunResult& run) {
  Histogram sum;
  for (const OpStats& op : run.total.ops) op.AddAnsweredTo(&sum);
  return sum;
}
Histogram Services(const RunResult& run) {
  Histogram sum;
  for (const OpStats& op : run.total.ops) sum.Add(op.service);
  return sum;
}

// Of the mean of logarithms, over runs: Student's t. Up to where every run has samples beyond.
void AddBand(const PageSide& side, bool baseline, std::size_t grid_index, Chart* chart) {
  if (!side.Several()) return;
  const std::vector<double>& grid = chart->grids[grid_index];
  ChartArea area{.name = fmt::format("95 % interval of {}response over {} runs",
                                     baseline ? "baseline " : "", side.runs.size()),
                 .color = baseline ? 7 : 0,
                 .baseline = baseline,
                 .grid = grid_index};
  std::vector<Histogram> each;
  for (const PageRun* run : side.runs) each.push_back(Responses(run->result));
  for (const double x : grid) {
    std::vector<double> latencies;
    for (const Histogram& one : each)
      if (static_cast<double>(one.TotalCount()) >= x)
        latencies.push_back(static_cast<double>(one.ValueAtPercentile(100 * (1 - 1 / x))));
    const bool enough = latencies.size() == each.size();
    const auto [low, high] = IntervalOverRuns(latencies);
    area.low.push_back(enough ? low : kNothing);
    area.high.push_back(enough ? high : kNothing);
  }
  chart->areas.push_back(std::move(area));
}

void AddPercentiles(const PageSide& side, bool baseline, Chart* chart) {
  const Histogram response = Responses(side.sum);
  const std::size_t grid = chart->grids.size();
  chart->grids.push_back(TailGrid(response.TotalCount()));
  AddBand(side, baseline, grid, chart);
  chart->lines.push_back({.name = baseline ? "baseline response" : "response",
                          .color = baseline ? 7 : 0,
                          .dash = baseline ? 1 : 0,
                          .baseline = baseline,
                          .bold = !baseline,
                          .grid = grid,
                          .y = CurveOf(response, chart->grids[grid])});
  if (baseline) return;
  chart->lines.push_back({.name = "service",
                          .color = 1,
                          .dash = 2,
                          .grid = grid,
                          .y = CurveOf(Services(side.sum), chart->grids[grid])});
}

// ---- load levels ----

struct LevelLines {
  std::vector<double> level, p50, p99, answered;
};

LevelLines LinesOf(const Timeline& timeline) {
  LevelLines lines;
  for (const LoadLevel& level : timeline.levels) {
    lines.level.push_back(level.level);
    lines.p50.push_back(level.p50_ns);
    lines.p99.push_back(level.p99_ns);
    lines.answered.push_back(level.answered_s);
  }
  return lines;
}

ChartLine LevelLine(const char* name, int color, int dash, bool baseline, std::size_t grid,
                    std::vector<double> y) {
  return {.name = baseline ? fmt::format("baseline {}", name) : name,
          .color = baseline ? 7 : color,
          .dash = dash,
          .baseline = baseline,
          .bold = !baseline && dash == 0,
          .points = true,
          .grid = grid,
          .y = std::move(y)};
}

void MarkKnee(const LevelLines& lines, const RunResult& run, Chart* chart) {
  const std::optional<Knee> knee = FindKnee(lines.level, lines.p99);
  if (!knee) {
    chart->about +=
        " No knee: p99 hardly rises over these loads, rises in step with them, or goes up and down.";
    return;
  }
  // Between two levels nobody looked: where no other is nearly as far below, its neighbours are.
  const std::size_t last = lines.level.size() - 1;
  const bool alone = knee->low == knee->high;
  const std::size_t low = alone && knee->low > 0 ? knee->low - 1 : knee->low;
  const std::size_t high = alone ? std::min(knee->high + 1, last) : knee->high;
  const std::string at = LevelText(lines.level[knee->at], run.open_model);
  const std::string between = fmt::format("{} to {}", LevelText(lines.level[low], run.open_model),
                                          LevelText(lines.level[high], run.open_model));
  chart->marks.push_back({.x = lines.level[knee->at],
                          .y = lines.p99[knee->at],
                          .is_point = true,
                          .label = fmt::format("knee at {} ({})", at, between)});
  chart->about += fmt::format(
      " The knee of p99 is at {}, and may be anywhere from {}{}: the load from which on latency "
      "grows faster than load (farthest below the straight line between the lowest and the "
      "highest load).",
      at, between, alone ? ", between which nothing was tried" : ", which lie nearly as far below");
}

}  // namespace

ChartAxis LatencyAxis(const std::string& title) {
  return {.title = title, .unit = Unit::kNanoseconds, .scale = ChartScale::kLog};
}
bool Chart::Empty() const {
  return std::ranges::none_of(lines, [](const ChartLine& line) {
    return std::ranges::any_of(line.y, [](double value) { return std::isfinite(value); });
  });
}

Chart MakePercentileChart(const PageSide& b, const PageSide* a) {
  Chart chart{.id = "percentile-chart",
              .title = "Percentiles of latency",
              .about =
                  "Response counts from when an op was planned, service from when it was sent: "
                  "where the two part, ops waited before they were sent.",
              .x = {.title = "percentile", .unit = Unit::kFraction, .scale = ChartScale::kTail},
              .y = LatencyAxis("latency"),
              .height = kLatencyChartHeight};
  AddPercentiles(b, false, &chart);
  if (a != nullptr) AddPercentiles(*a, true, &chart);
  return chart;
}

PageHeat MakeHeat(const PageSide& side, bool baseline) {
  return {.id = baseline ? "heat-chart-baseline" : "heat-chart",
          .title = baseline ? "Latency by time, baseline" : "Latency by time",
          .about =
              "How many ops a second ended with that response time: the darker, the more. Two "
              "bands are two kinds of ops, a band that splits is something that began to wait.",
          .map = side.shown->timeline.heat};
}

std::vector<Chart> MakeLoadLevelCharts(const PageSide& b, const PageSide* a) {
  const LevelLines lines = LinesOf(b.shown->timeline);
  const RunResult& run = b.shown->result;
  Chart latency{.id = "knee-chart",
                .title = "Latency against load",
                .about = "Over ramps and steps, by planned load.",
                .x = LevelAxis(run),
                .y = LatencyAxis("response time"),
                .height = kLatencyChartHeight};
  Chart answered{.id = "level-chart",
                 .title = "Achieved against load",
                 .about = "Where this turns flat, the system has reached its capacity.",
                 .x = LevelAxis(run),
                 .y = {.title = "ops per second", .unit = Unit::kPerSecond, .from_zero = true}};
  latency.grids = answered.grids = {lines.level};
  latency.lines.push_back(LevelLine("p99", 0, 0, false, 0, lines.p99));
  latency.lines.push_back(LevelLine("p50", 2, 1, false, 0, lines.p50));
  answered.lines.push_back(LevelLine("achieved", 0, 0, false, 0, lines.answered));
  MarkKnee(lines, run, &latency);
  if (a != nullptr && a->shown->result.open_model == run.open_model) {
    const LevelLines base = LinesOf(a->shown->timeline);
    latency.grids.push_back(base.level);
    answered.grids.push_back(base.level);
    latency.lines.push_back(LevelLine("p99", 7, 1, true, 1, base.p99));
    answered.lines.push_back(LevelLine("achieved", 7, 1, true, 1, base.answered));
  }
  return {latency, answered};
}

Chart MakeShiftChart(const ComparisonModel& comparison) {
  Chart chart{.id = "shift-chart",
              .title = "The whole distribution",
              .about = fmt::format(
                  "Latency of B as a multiple of A at every percentile; the band holds at all of "
                  "them at once with {:.0f} % confidence. Where it leaves 1 out, B differs.",
                  100 * comparison.confidence),
              .x = {.title = "percentile", .unit = Unit::kFraction, .scale = ChartScale::kTail},
              .y = {.title = "B / A", .unit = Unit::kRatio}};
  std::vector<double> grid;
  ChartLine line{.name = "B / A", .color = 0, .bold = true, .points = true};
  ChartLine one{.name = "no change", .color = 7, .dash = 1};
  ChartArea band{.name = "simultaneous band", .color = 0};
  for (const ShiftColumn& column : comparison.shift) {
    grid.push_back(1 / (1 - column.percentile / 100));
    line.y.push_back(column.ratio.known ? column.ratio.value : kNothing);
    one.y.push_back(1);
    band.low.push_back(column.low.known ? column.low.value : kNothing);
    band.high.push_back(column.high.known ? column.high.value : kNothing);
  }
  chart.grids = {grid};
  chart.lines = {one, line};
  chart.areas = {band};
  return chart;
}

}  // namespace mbench
