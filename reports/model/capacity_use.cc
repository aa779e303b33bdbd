// SPDX-License-Identifier: Apache-2.0
#include "reports/model/capacity_use.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/model/capacity_model.h"

namespace mbench {
namespace {

// Where threads were not looked at one by one.
std::string CoresText(const StoredProbe& at, const UseComparison& use) {
  const bool threads = std::ranges::any_of(
      use.lines, [](const UseLine& line) { return line.name.starts_with(kBusiestThread); });
  if (!at.server_cores || threads) return "";
  return fmt::format(
      " {} has {:.2f} cores there; one that works with a single thread can have no more than 1.",
      at.server.empty() ? "The system" : at.server, *at.server_cores);
}

}  // namespace

UseComparison UsesOfSearch(const CapacitySource& source) {
  const CapacityResult& search = source.search;
  const ComparedProbes probes = FindComparedProbes(search);
  if (probes.at == ComparedProbes::kNone) return {.sentence = "No probe held for a whole window."};
  if (!source.runs.contains(probes.at))
    return {.sentence = "The probe at the capacity could not be read, so nothing is known of it."};
  std::vector<UseOfLoad> loads;
  for (const auto& [name, probe] : {std::pair{"half", probes.half}, {"capacity", probes.at}}) {
    const auto run = source.runs.find(probe);
    if (run == source.runs.end()) continue;
    const double level = search.probes[probe].probe.level;
    loads.push_back({{name, level, LevelText(level, search.open_model)}, UsesOf(run->second)});
  }
  UseComparison use = CompareUses(loads);
  use.sentence += CoresText(search.probes[probes.at], use);
  if (const StoredProbe* const above = FirstAbove(search))
    use.sentence += fmt::format(" Above, at {}: {}.",
                                LevelText(above->probe.level, search.open_model), above->why);
  return use;
}

}  // namespace mbench
