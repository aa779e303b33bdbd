// SPDX-License-Identifier: Apache-2.0
//
// The charts of a page that have time on their axis.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "harness/base/units.h"
#include "reports/model/page_charts.h"

namespace mbench {
namespace {

constexpr std::size_t kMostBands = 40;
constexpr std::size_t kMostObjectives = 4;
constexpr std::size_t kMostOps = 6;  // in a chart of their own
constexpr std::size_t kMostOpPoints = 240;

struct LatencyLine {
  const char* name;
  int percentile;  // of kTimelinePercentiles; -1: the highest
  int color, dash;
  bool bold, also_of_baseline;
};
constexpr std::array<LatencyLine, 5> kLatencyLines = {{
    {"max", -1, 4, 3, false, false},
    {"p99.9", 3, 3, 2, false, false},
    {"p99", 2, 0, 0, true, true},
    {"p90", 1, 1, 1, false, false},
    {"p50", 0, 2, 0, false, true},
}};

void AddLatencies(const Timeline& timeline, bool baseline, Chart* chart) {
  chart->grids.push_back(timeline.latency_at_s);
  for (const LatencyLine& line : kLatencyLines) {
    if (baseline && !line.also_of_baseline) continue;
    chart->lines.push_back(
        {.name = baseline ? fmt::format("baseline {}", line.name) : line.name,
         .color = baseline ? 7 : line.color,
         .dash = baseline ? (line.bold ? 1 : 4) : line.dash,
         .baseline = baseline,
         .bold = line.bold && !baseline,
         .grid = chart->grids.size() - 1,
         .y = line.percentile < 0 ? timeline.max_ns : timeline.percentiles_ns[line.percentile]});
  }
}

// Objectives in the unit of the chart as level lines, where they were meant to be held.
void AddObjectives(const PageSide& side, Chart* chart) {
  if (chart->grids.empty() || chart->grids[0].empty()) return;
  std::vector<const SloModel*> shown;
  for (const SloModel& slo : side.model.slo)
    if (slo.limit.unit == chart->y.unit && shown.size() < kMostObjectives) shown.push_back(&slo);
  const std::size_t points = chart->grids[0].size();  // so that each says it below the pointer
  for (const SloModel* slo : shown)
    chart->lines.push_back({.name = "objective " + slo->text,
                            .color = slo->state == SloModel::State::kBroken ? 4 : 5,
                            .dash = 1,
                            .grid = 0,
                            .y = std::vector<double>(points, slo->limit.value)});
}

std::string BucketText(const Timeline& timeline) {
  if (timeline.width == kSecond) return "Every point is one second.";
  return fmt::format(
      "Every point is {}, its percentiles taken from all latencies in it together; max is the "
      "highest of them all, so no spike is lost.",
      FormatDuration(timeline.width));
}

ChartLine RateLine(const char* name, int color, int dash, bool baseline, std::size_t grid,
                   const std::vector<double>& y) {
  return {.name = baseline ? fmt::format("baseline {}", name) : name,
          .color = baseline ? 7 : color,
          .dash = dash,
          .baseline = baseline,
          .bold = !baseline && dash == 0,
          .grid = grid,
          .y = y};
}

// The busiest ops, the first of the run first.
std::vector<std::size_t> BusiestOps(const PageSide& side) {
  const std::vector<OpStats>& ops = side.shown->result.total.ops;
  std::vector<std::size_t> places;
  for (std::size_t op = 0; op < ops.size(); ++op)
    if (!ops[op].Answered().Empty()) places.push_back(op);
  std::ranges::stable_sort(places, std::greater<>(),
                           [&](std::size_t op) { return ops[op].Ended(); });
  if (places.size() > kMostOps) places.resize(kMostOps);
  std::ranges::sort(places);
  return places;
}

// Neighbouring points of a timeline that are one in a chart with many lines, [first, last); those
// before and behind a gap stay apart.
std::vector<std::pair<std::size_t, std::size_t>> GroupsOf(const Timeline& timeline) {
  const std::size_t points = timeline.latency_at_s.size();
  const std::size_t most = (points + kMostOpPoints - 1) / kMostOpPoints;
  std::vector<std::pair<std::size_t, std::size_t>> groups;
  for (std::size_t i = 0; i < points; ++i) {
    const bool gap = !std::isfinite(timeline.max_ns[i]);
    const bool begins = groups.empty() || gap || !std::isfinite(timeline.max_ns[i - 1]) ||
                        i - groups.back().first >= most;
    if (begins) groups.emplace_back(i, i);
    groups.back().second = i + 1;
  }
  return groups;
}

double HighestOf(const std::vector<double>& line, std::pair<std::size_t, std::size_t> group) {
  double highest = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = group.first; i < group.second; ++i)
    if (!(highest >= line[i])) highest = std::isfinite(line[i]) ? line[i] : highest;
  return highest;
}

// p99 is what is shown at first.
void AddOp(const PageSide& side, std::size_t op, int color, Chart* chart) {
  static constexpr std::array<const char*, kOpPercentiles.size()> kNames = {"p50", "p99", "p99.9"};
  const Timeline& timeline = side.shown->timeline;
  for (std::size_t i = 0; i < kOpPercentiles.size(); ++i) {
    ChartLine line{.name = fmt::format("{} {}", side.shown->result.op_names[op], kNames[i]),
                   .color = color,
                   .dash = static_cast<int>((static_cast<std::size_t>(color) + 4 * i + 1) % 5),
                   .bold = kOpPercentiles[i] == 99,
                   .hidden = kOpPercentiles[i] != 99,
                   .grid = 0};
    for (const auto& group : GroupsOf(timeline))
      line.y.push_back(HighestOf(timeline.op_latencies_ns[op][i], group));
    chart->lines.push_back(std::move(line));
  }
}

// One band for all ops that are down at that time.
void AddOutages(const RunResult& run, Chart* chart) {
  std::vector<ChartBand> bands;
  for (const OutageResult& outage : run.outages)
    if (outage.Seen())
      bands.push_back({ToSeconds(outage.from), ToSeconds(outage.to), outage.op + " down", true});
  std::ranges::stable_sort(bands, std::less<>(), &ChartBand::from);
  std::size_t added = 0;
  for (ChartBand& band : bands) {
    ChartBand* const last = added > 0 ? &chart->bands.back() : nullptr;
    if (last != nullptr && band.from <= last->to) {
      last->to = std::max(last->to, band.to);
      if (last->label.find(band.label) == std::string::npos) last->label = "down";
    } else if (added < kMostBands) {
      chart->bands.push_back(std::move(band));
      ++added;
    }
  }
}

}  // namespace

ChartAxis TimeAxis() {
  return {.title = "time from the start of the measured phase", .unit = Unit::kSeconds};
}

void AddTimes(const RunResult& run, Chart* chart) {
  const double measured_s = ToSeconds(std::min(run.measured_length, run.total.end));
  for (const PlanStage& stage : StagesOf(run.provenance.plan_json)) {
    if (stage.begin_s >= measured_s || chart->bands.size() == kMostBands) break;
    chart->bands.push_back(
        {stage.begin_s, std::min(stage.end_s, measured_s), LabelOf(stage, run.open_model)});
  }
  const double end_s = ToSeconds(run.total.end);
  if (end_s > measured_s) chart->bands.push_back({measured_s, end_s, "drain"});
  for (const EventRecord& event : run.events)
    if (event.end != EventEnd::kSkipped)
      chart->marks.push_back({.x = ToSeconds(event.at), .label = event.name});
  AddOutages(run, chart);
  chart->shares_time = true;
}

Chart MakeLatencyChart(const PageSide& b, const PageSide* a) {
  Chart chart{.id = "latency-chart",
              .title = "Response time over time",
              .about =
                  "From when an op was planned to its last byte; answered and timed-out ops "
                  "of all kinds. " +
                  BucketText(b.shown->timeline),
              .x = TimeAxis(),
              .y = LatencyAxis("response time")};
  chart.height = kLatencyChartHeight;
  AddLatencies(b.shown->timeline, false, &chart);
  if (a != nullptr) AddLatencies(a->shown->timeline, true, &chart);
  AddObjectives(b, &chart);
  AddTimes(b.shown->result, &chart);
  return chart;
}

Chart MakeOpLatencyChart(const PageSide& b) {
  const Timeline& timeline = b.shown->timeline;
  Chart chart{.id = "op-latency-chart",
              .title = "Response time by operation",
              .about = "p99 of each; the legend has p50 and p99.9, too.",
              .x = TimeAxis(),
              .y = LatencyAxis("response time")};
  const std::vector<std::size_t> ops = BusiestOps(b);
  if (ops.size() < 2 || timeline.op_latencies_ns.size() < b.shown->result.op_names.size())
    return chart;
  if (b.shown->result.op_names.size() > ops.size() && ops.size() == kMostOps)
    chart.about += fmt::format(" Of the {} busiest ops.", kMostOps);
  std::vector<double>& grid = chart.grids.emplace_back();
  for (const auto& [first, last] : GroupsOf(timeline))
    grid.push_back((timeline.latency_at_s[first] + timeline.latency_at_s[last - 1]) / 2);
  if (timeline.latency_at_s.size() > kMostOpPoints)
    chart.about += " Every point is the highest of some that stand beside each other.";
  int color = 0;
  for (const std::size_t op : ops) AddOp(b, op, color++, &chart);
  AddTimes(b.shown->result, &chart);
  return chart;
}

Chart MakeRateChart(const PageSide& b, const PageSide* a) {
  const Timeline& timeline = b.shown->timeline;
  Chart chart{
      .id = "rate-chart",
      .title = "Load over time",
      .about = b.shown->result.open_model
                   ? "Planned by the profile, offered to the system, and achieved: answered "
                     "in that time."
                   : "Offered to the system, and achieved: answered in that time. Clients "
                     "wait for their replies, so the two go together.",
      .x = TimeAxis(),
      .y = {.title = "ops per second", .unit = Unit::kPerSecond, .from_zero = true}};
  chart.grids.push_back(timeline.load_at_s);
  if (b.shown->result.open_model)
    chart.lines.push_back(RateLine("planned", 5, 2, false, 0, timeline.planned));
  chart.lines.push_back(RateLine("offered", 1, 1, false, 0, timeline.offered_per_s));
  chart.lines.push_back(RateLine("achieved", 0, 0, false, 0, timeline.answered_per_s));
  if (a != nullptr) {
    chart.grids.push_back(a->shown->timeline.load_at_s);
    chart.lines.push_back(RateLine("achieved", 7, 1, true, 1, a->shown->timeline.answered_per_s));
  }
  AddObjectives(b, &chart);
  AddTimes(b.shown->result, &chart);
  return chart;
}

Chart MakeClientsChart(const PageSide& b, const PageSide* a) {
  const Timeline& timeline = b.shown->timeline;
  const bool open = b.shown->result.open_model;
  Chart chart{.id = "clients-chart",
              .title = open ? "Ops in flight" : "Clients and ops in flight",
              .about = "At the end of a second; the highest of each point's time.",
              .x = TimeAxis(),
              .y = {.title = open ? "ops" : "clients, ops",
                    .unit = Unit::kCount,
                    .unit_name = open ? "ops" : "",
                    .from_zero = true},
              .height = 160};
  chart.grids.push_back(timeline.load_at_s);
  if (!open) chart.lines.push_back(RateLine("planned clients", 5, 2, false, 0, timeline.planned));
  chart.lines.push_back(RateLine("in flight", 0, 0, false, 0, timeline.in_flight));
  if (a != nullptr) {
    chart.grids.push_back(a->shown->timeline.load_at_s);
    chart.lines.push_back(RateLine("in flight", 7, 1, true, 1, a->shown->timeline.in_flight));
  }
  AddTimes(b.shown->result, &chart);
  return chart;
}

Chart MakeErrorChart(const PageSide& b) {
  const Timeline& timeline = b.shown->timeline;
  Chart chart{.id = "error-chart",
              .title = "Errors by class",
              .about = "Ops that failed, were rejected, timed out or brought a wrong value.",
              .x = TimeAxis(),
              .y = {.title = "errors per second", .unit = Unit::kPerSecond, .from_zero = true},
              .height = 160};
  chart.grids.push_back(timeline.errors_at_s);
  int color = 0;
  for (const auto& [name, line] : timeline.errors_per_s) {
    chart.lines.push_back(
        {.name = name, .color = (color + 4) % 7, .dash = color % 5, .grid = 0, .y = line});
    ++color;
  }
  AddTimes(b.shown->result, &chart);
  return chart;
}

Chart MakeBytesChart(const PageSide& b, const PageSide* a) {
  const Timeline& timeline = b.shown->timeline;
  Chart chart{.id = "bytes-chart",
              .title = "Bytes over time",
              .about = "What ops sent and received, also those that failed.",
              .x = TimeAxis(),
              .y = {.title = "bytes per second", .unit = Unit::kBytesPerSecond, .from_zero = true},
              .height = 160};
  if (!timeline.moved_bytes) return chart;
  chart.grids.push_back(timeline.load_at_s);
  chart.lines.push_back(RateLine("sent", 1, 1, false, 0, timeline.sent_per_s));
  chart.lines.push_back(RateLine("received", 0, 0, false, 0, timeline.received_per_s));
  if (a != nullptr && a->shown->timeline.moved_bytes) {
    chart.grids.push_back(a->shown->timeline.load_at_s);
    chart.lines.push_back(RateLine("received", 7, 1, true, 1, a->shown->timeline.received_per_s));
  }
  AddTimes(b.shown->result, &chart);
  return chart;
}

Chart MakeItemsChart(const PageSide& b, const PageSide* a) {
  const Timeline& timeline = b.shown->timeline;
  Chart chart{.id = "items-chart",
              .title = "Items over time",
              .about = "Documents, rows, points or messages of ops that ended well.",
              .x = TimeAxis(),
              .y = {.title = "items per second", .unit = Unit::kPerSecond, .from_zero = true},
              .height = 160};
  if (!timeline.items_differ) return chart;
  chart.grids.push_back(timeline.load_at_s);
  chart.lines.push_back(RateLine("items", 0, 0, false, 0, timeline.items_per_s));
  if (a != nullptr && a->shown->timeline.items_differ) {
    chart.grids.push_back(a->shown->timeline.load_at_s);
    chart.lines.push_back(RateLine("items", 7, 1, true, 1, a->shown->timeline.items_per_s));
  }
  AddTimes(b.shown->result, &chart);
  return chart;
}

}  // namespace mbench
