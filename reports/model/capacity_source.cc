// SPDX-License-Identifier: Apache-2.0
#include "reports/model/capacity_source.h"

#include <cmath>

#include "reports/model/capacity_model.h"

namespace mbench {
namespace {

constexpr double kMostOfCapacity = 0.8;  // a probe at "half" of it is at no more

}  // namespace

std::string PlaceOfProbe(const StoredProbe& probe) { return "probes/" + probe.run; }

ComparedProbes FindComparedProbes(const CapacityResult& search) {
  ComparedProbes found;
  const std::vector<StoredProbe>& probes = search.probes;
  const double low = search.capacity.low;
  if (low <= 0) return found;
  double nearest = HUGE_VAL;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const Probe& probe = probes[i].probe;
    if (!probe.Held() || probe.level > low) continue;
    const Probe* const best = found.at == ComparedProbes::kNone ? nullptr : &probes[found.at].probe;
    const bool better = best == nullptr || probe.level > best->level ||
                        (probe.level == best->level && best->scout && !probe.scout);
    if (better) found.at = i;
    const double distance = std::abs(std::log(probe.level / (low / 2)));
    if (probe.level > kMostOfCapacity * low || distance >= nearest) continue;
    nearest = distance;
    found.half = i;
  }
  if (const StoredProbe* const above = FirstAbove(search))
    found.above = static_cast<std::size_t>(above - probes.data());
  return found;
}

CapacitySource ReadCapacitySource(const CapacityResult& search, const std::string& version) {
  CapacitySource source{.version = version, .search = search, .place = {}, .runs = {}};
  const ComparedProbes probes = FindComparedProbes(search);
  for (const std::size_t probe : {probes.half, probes.at, probes.above}) {
    if (probe == ComparedProbes::kNone || search.probes[probe].run.empty()) continue;
    if (source.runs.contains(probe)) continue;
    Result<PageRun> run = ReadPageRun(search.folder + "/" + PlaceOfProbe(search.probes[probe]));
    if (run) source.runs.emplace(probe, *std::move(run));
  }
  return source;
}

}  // namespace mbench
