// SPDX-License-Identifier: Apache-2.0
#include "reports/text/capacity_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "reports/text/columns.h"

namespace mbench {
namespace {

constexpr std::size_t kShownWhy = 60;

std::string LevelText(double level, bool open_model) {
  return open_model ? FormatRate(level)
                    : fmt::format("{:.0f} client{}", level, level == 1 ? "" : "s");
}

std::string VerdictText(const StoredProbe& stored) {
  switch (stored.probe.end) {
    case ProbeEnd::kHolds:
      return stored.probe.scout ? "holds (scout)" : "holds";
    case ProbeEnd::kBreaks:
      return "breaks: " + Printable(stored.why, kShownWhy);
    case ProbeEnd::kDied:
      return "died: " + Printable(stored.why, kShownWhy);
    case ProbeEnd::kGenerator:
    case ProbeEnd::kHost:
    case ProbeEnd::kUnsettled:
      break;
  }
  return "not counted: " + Printable(stored.why, kShownWhy);
}

// The lowest level that broke and is no lower than the interval: what happens above it.
const StoredProbe* FirstAbove(const CapacityResult& result) {
  const StoredProbe* first = nullptr;
  for (const StoredProbe& stored : result.probes) {
    const bool broke = stored.probe.end == ProbeEnd::kBreaks || stored.probe.end == ProbeEnd::kDied;
    if (!broke || stored.probe.level < result.capacity.high) continue;
    if (first == nullptr || stored.probe.level < first->probe.level) first = &stored;
  }
  return first;
}

std::string Above(const CapacityResult& result) {
  const StoredProbe* const above = FirstAbove(result);
  if (above == nullptr) return "";
  std::string text = fmt::format("; at {} {}", LevelText(above->probe.level, result.open_model),
                                 Printable(above->why, kShownWhy));
  if (above->server_cores)
    text += fmt::format(", {} has {:.2f} cores",
                        above->server.empty() ? "the system" : Printable(above->server, 40),
                        *above->server_cores);
  return text;
}

// Of the lowest level that was tried.
std::string LowestBreak(const CapacityResult& result) {
  const StoredProbe* lowest = nullptr;
  for (const StoredProbe& stored : result.probes)
    if (stored.probe.end == ProbeEnd::kBreaks &&
        (lowest == nullptr || stored.probe.level < lowest->probe.level))
      lowest = &stored;
  return lowest == nullptr ? "" : Printable(lowest->why);
}

// What ended a search that could have gone on.
std::string Because(const CapacityResult& result) {
  return result.ended_by.empty() ? "" : ": " + Printable(result.ended_by);
}

const StoredProbe* LastOf(const CapacityResult& result, ProbeEnd end) {
  const auto found =
      std::find_if(result.probes.rbegin(), result.probes.rend(),
                   [&](const StoredProbe& stored) { return stored.probe.end == end; });
  return found == result.probes.rend() ? nullptr : &*found;
}

std::string AtLeast(const CapacityResult& result) {
  if (const StoredProbe* limit = LastOf(result, ProbeEnd::kGenerator))
    return fmt::format("; at {} the load generator reaches its own limit",
                       LevelText(limit->probe.level, result.open_model));
  if (result.options.highest > 0 && result.capacity.low >= result.options.highest)
    return "; more was not asked for (--to)";
  return Because(result);
}

// "12.0 to 13.2"; one number when there is no other end.
std::string RangeText(double low, double high) {
  return high > low ? fmt::format("{:.2f} to {:.2f}", low, high) : fmt::format("{:.2f}", low);
}

std::string GrowthText(const Headroom& headroom, const CapacityNeed& need) {
  if (need.growth_per_month <= 0) return "";
  const std::string growth = fmt::format("+{} a month", FormatPercent(need.growth_per_month));
  if (headroom.months_low <= 0) return fmt::format("; with {} it does not last", growth);
  return fmt::format("; at {} it is full after {} months", growth,
                     RangeText(headroom.months_low, headroom.months_high));
}

// What the capacity means for the load that is known; nothing when none was told.
std::string HeadroomLines(const CapacityResult& result, std::size_t width) {
  const CapacityNeed& need = result.need;
  if (result.capacity.low <= 0) return "";
  const Headroom headroom = HeadroomOf(result.capacity, need);
  std::string lines;
  if (need.peak > 0)
    lines += "\n" +
             Wrap(fmt::format("headroom  {} x today's peak of {}{}",
                              RangeText(headroom.times_low, headroom.times_high),
                              LevelText(need.peak, result.open_model), GrowthText(headroom, need)),
                  width, 10);
  if (need.peak > 0)
    lines +=
        fmt::format("\nnodes     {} of these carry the peak, one of them to spare", headroom.nodes);
  if (need.cost_per_hour > 0 && result.open_model)
    lines += fmt::format("\ncost      a million ops cost {:.4g} on a full node",
                         headroom.cost_per_million);
  if (need.cost_per_hour > 0 && result.open_model && need.peak > 0)
    lines += fmt::format(", {:.4g} on {} nodes at the peak", headroom.cost_per_million_at_peak,
                         headroom.nodes);
  return lines;
}

// "84.2k/s (82.9k/s to 85.5k/s) hold p99 < 5ms; at 86.0k/s p99 is 7.20ms"
std::string CapacitySentence(const CapacityResult& result) {
  const CapacityInterval& found = result.capacity;
  const auto level = [&](double value) { return LevelText(value, result.open_model); };
  const std::string objectives = Printable(Join(result.objectives, " and "));
  switch (found.end) {
    case SearchEnd::kFound:
      return fmt::format("{} ({} to {}) hold {}{}", level((found.low + found.high) / 2),
                         level(found.low), level(found.high), objectives, Above(result));
    case SearchEnd::kWide:
      return fmt::format("between {} and {} hold {}, not narrowed or confirmed further{}",
                         level(found.low), level(found.high), objectives, Because(result));
    case SearchEnd::kAtLeast:
      return fmt::format("at least {} hold {}{}", level(found.low), objectives, AtLeast(result));
    case SearchEnd::kNeverHolds:
      return fmt::format("none: even at {} {}, and {} was asked for", level(found.high),
                         LowestBreak(result), objectives);
    case SearchEnd::kDied:
      if (found.low <= 0) return fmt::format("none: the system died at {}", level(found.high));
      return fmt::format("the system died at {}; {} held {}", level(found.high), level(found.low),
                         objectives);
    case SearchEnd::kHost:
      return "nothing was found, for no probe counted: " +
             (result.probes.empty() ? "" : Printable(result.probes.back().why));
    case SearchEnd::kNothing:
      break;
  }
  if (found.high > 0)
    return fmt::format("nothing was found: {} breaks too ({}){}", level(found.high),
                       LowestBreak(result), Because(result));
  return "nothing was found" + Because(result);
}

}  // namespace

std::string CapacityHead(bool open_model) {
  return fmt::format("{:>5}  {:>10}  {:>8}  {:>8}  {:>8}  {:>7}  {:>6}  {:>6}  {}", "probe",
                     open_model ? "rate" : "clients", "done", "p99", "p99.9", "errors", "client",
                     "server", "verdict");
}

std::string CapacityRow(const StoredProbe& stored, std::size_t number, bool open_model) {
  const bool ran = stored.window > 0;
  return fmt::format(
      "{:>5}  {:>10}  {:>8}  {:>8}  {:>8}  {:>7}  {:>6}  {:>6}  {}", number,
      open_model ? FormatRate(stored.probe.level) : fmt::format("{:.0f}", stored.probe.level),
      ran ? FormatRate(stored.done_per_s) : "-", ran ? FormatDuration(stored.p99) : "-",
      ran ? FormatDuration(stored.p99_9) : "-", ran ? FormatPercent(stored.errors) : "-",
      ran ? fmt::format("{:.2f}", stored.client_cores) : "-",
      stored.server_cores ? fmt::format("{:.2f}", *stored.server_cores) : "-", VerdictText(stored));
}

std::string RenderCapacityTable(const CapacityResult& result, const TextStyle& style) {
  std::string out = Paint(Printable(result.workload), Color::kBold, style.color);
  if (!result.system.empty()) out += " on " + Printable(result.system);
  out += "\n\n" + Paint(CapacityHead(result.open_model), Color::kDim, style.color) + "\n";
  std::size_t number = 0;
  for (const StoredProbe& stored : result.probes) {
    const Color color = stored.probe.end == ProbeEnd::kHolds    ? Color::kNone
                        : stored.probe.end == ProbeEnd::kBreaks ? Color::kRed
                                                                : Color::kYellow;
    out += Paint(CapacityRow(stored, ++number, result.open_model), color, style.color) + "\n";
  }
  const bool found = result.capacity.end == SearchEnd::kFound;
  out += "\n" + Paint(Wrap("CAPACITY  " + CapacitySentence(result), style.Prose(), 10),
                      found ? Color::kGreen : Color::kYellow, style.color);
  out += HeadroomLines(result, style.Prose()) + "\n\n" + Printable(result.folder) + "\n";
  return out;
}

}  // namespace mbench
