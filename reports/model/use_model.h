// SPDX-License-Identifier: Apache-2.0
//
// What a run used of each resource that was observed, by the USE method (Gregg 2013): utilisation
// (how much of it was in use), saturation (what waited for it) and errors.
//
// The host and the processes on it are those of /proc (engine/host_figures.h, stats/cpu_account.h);
// those of a system are the figures it tells of itself, known by their names (use_figures.cc).
// A number that nobody observed is not known, and never 0. All are means over the measured phase.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "reports/model/number.h"
#include "reports/model/page_run.h"

namespace mbench {

enum class UseAspect { kUtilisation, kSaturation, kErrors };
inline constexpr std::size_t kUseAspects = 3;
template <>
inline constexpr auto kNamesOf<UseAspect> = Names("utilisation", "saturation", "errors");

// The name of the resource that other guests of the machine have.
inline constexpr const char* kStolenCpu = "of that, stolen by other guests";
inline constexpr const char* kBusiestThread = "the busiest thread of ";  // and the processes
inline constexpr Number kUnknownUse = {.known = false};

struct UseResource {
  std::string name;  // "the busiest thread of redis-server", "redis: locks"
  std::array<Number, kUseAspects> numbers = {kUnknownUse, kUnknownUse, kUnknownUse};
  bool of_another = false;  // a part of the resource before it, and no limit of its own

  const Number& Of(UseAspect aspect) const { return numbers[static_cast<std::size_t>(aspect)]; }
  Number& Of(UseAspect aspect) { return numbers[static_cast<std::size_t>(aspect)]; }
  bool Observed() const;
};

// Those of which anything was observed: the host first, then the load generator, then the system.
std::vector<UseResource> UsesOf(const PageRun& run);

// The same of some of the buckets of the timeline, by their places in load_at_s: without what is
// known of a whole run only, such as the CPU of its processes.
std::vector<UseResource> UsesOfBuckets(const RunResult& result, const Timeline& timeline,
                                       std::span<const std::size_t> buckets);

// Of the figures of the system alone, in the order of their resources; `facts`: what it said of its
// settings, where limits are.
std::vector<UseResource> UsesOfFigures(const FigureLines& lines,
                                       const std::map<std::string, std::string>& facts);

// Of the seconds in which it was said; not known where it never was.
Number MeanOf(const FigureLines& lines, const std::string& name, Unit unit);

}  // namespace mbench
