// SPDX-License-Identifier: Apache-2.0
#include "reports/model/capacity_model.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

std::string Above(const CapacityResult& result) {
  const StoredProbe* const above = FirstAbove(result);
  if (above == nullptr) return "";
  std::string text =
      fmt::format("; at {} {}", LevelText(above->probe.level, result.open_model), above->why);
  if (above->server_cores)
    text += fmt::format(", {} has {:.2f} cores",
                        above->server.empty() ? "the system" : above->server, *above->server_cores);
  return text;
}

// Of the lowest level that was tried.
std::string LowestBreak(const CapacityResult& result) {
  const StoredProbe* lowest = nullptr;
  for (const StoredProbe& stored : result.probes)
    if (stored.probe.end == ProbeEnd::kBreaks &&
        (lowest == nullptr || stored.probe.level < lowest->probe.level))
      lowest = &stored;
  return lowest == nullptr ? "" : lowest->why;
}

// What ended a search that could have gone on.
std::string Because(const CapacityResult& result) {
  return result.ended_by.empty() ? "" : ": " + result.ended_by;
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

}  // namespace

std::string LevelText(double level, bool open_model) {
  return open_model ? FormatRate(level)
                    : fmt::format("{:.0f} client{}", level, level == 1 ? "" : "s");
}

const StoredProbe* FirstAbove(const CapacityResult& result) {
  const StoredProbe* first = nullptr;
  for (const StoredProbe& stored : result.probes) {
    const bool broke = stored.probe.end == ProbeEnd::kBreaks || stored.probe.end == ProbeEnd::kDied;
    if (!broke || stored.probe.level < result.capacity.high) continue;
    if (first == nullptr || stored.probe.level < first->probe.level) first = &stored;
  }
  return first;
}

std::string ProbeWord(const Probe& probe) {
  switch (probe.end) {
    case ProbeEnd::kHolds:
      return probe.scout ? "holds (scout)" : "holds";
    case ProbeEnd::kBreaks:
      return "breaks";
    case ProbeEnd::kDied:
      return "died";
    case ProbeEnd::kGenerator:
    case ProbeEnd::kHost:
    case ProbeEnd::kUnsettled:
      break;
  }
  return "not counted";
}

std::vector<std::pair<std::string, std::string>> HeadroomFacts(const CapacityResult& result) {
  const CapacityNeed& need = result.need;
  std::vector<std::pair<std::string, std::string>> facts;
  if (result.capacity.low <= 0) return facts;
  const Headroom headroom = HeadroomOf(result.capacity, need);
  if (need.peak > 0) {
    facts.emplace_back(
        "headroom",
        fmt::format("{} x today's peak of {}{}", RangeText(headroom.times_low, headroom.times_high),
                    LevelText(need.peak, result.open_model), GrowthText(headroom, need)));
    facts.emplace_back(
        "nodes", fmt::format("{} of these carry the peak, one of them to spare", headroom.nodes));
  }
  if (need.cost_per_hour <= 0 || !result.open_model) return facts;
  std::string cost =
      fmt::format("a million ops cost {:.4g} on a full node", headroom.cost_per_million);
  if (need.peak > 0)
    cost += fmt::format(", {:.4g} on {} nodes at the peak", headroom.cost_per_million_at_peak,
                        headroom.nodes);
  facts.emplace_back("cost", std::move(cost));
  return facts;
}

std::string CapacitySentence(const CapacityResult& result) {
  const CapacityInterval& found = result.capacity;
  const auto level = [&](double value) { return LevelText(value, result.open_model); };
  const std::string objectives = Join(result.objectives, " and ");
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
             (result.probes.empty() ? "" : result.probes.back().why);
    case SearchEnd::kNothing:
      break;
  }
  if (found.high > 0)
    return fmt::format("nothing was found: {} breaks too ({}){}", level(found.high),
                       LowestBreak(result), Because(result));
  return "nothing was found" + Because(result);
}

}  // namespace mbench
