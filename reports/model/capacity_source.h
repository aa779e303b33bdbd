// SPDX-License-Identifier: Apache-2.0
//
// A search for the capacity with those of its probes that reports compare, read whole.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "harness/result/capacity_result.h"
#include "reports/model/page_run.h"

namespace mbench {

struct CapacitySource {
  std::string version;  // of the program
  CapacityResult search;
  // Path of the folder of the search as seen from the page, ending in '/'; "": the page is in it.
  std::string place;
  // Probes by their index, read whole: those that stand beside each other in the table of what
  // saturated. One that is missing has no figures there.
  std::map<std::size_t, PageRun> runs;
};

// At half of the capacity, at it and above it; an index of search.probes, or none of them.
struct ComparedProbes {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t half = kNone, at = kNone, above = kNone;
};
ComparedProbes FindComparedProbes(const CapacityResult& search);

// Reads these probes from the folder of the search. One that cannot be read is left out.
CapacitySource ReadCapacitySource(const CapacityResult& search, const std::string& version);

// The folder of a probe, below that of its search.
std::string PlaceOfProbe(const StoredProbe& probe);

}  // namespace mbench
