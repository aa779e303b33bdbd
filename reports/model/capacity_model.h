// SPDX-License-Identifier: Apache-2.0
//
// What a report says about a search for the capacity, in words, so that a terminal and a page say
// the same. Texts hold what files say, as it is: a renderer makes it harmless.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/result/capacity_result.h"

namespace mbench {

// "84.2k/s", "64 clients"
std::string LevelText(double level, bool open_model);

// "84.2k/s (82.9k/s to 85.5k/s) hold p99 < 5ms; at 86.0k/s p99 is 7.20ms"
std::string CapacitySentence(const CapacityResult& result);

// What the capacity means for the load that is known: "headroom", "nodes", "cost" and their text;
// nothing when none was told.
std::vector<std::pair<std::string, std::string>> HeadroomFacts(const CapacityResult& result);

// "holds", "holds (scout)", "breaks", "died", "not counted"; `why` of the probe goes behind it.
std::string ProbeWord(const Probe& probe);

// The lowest level that broke and is no lower than the interval: what happens above it. Null: none.
const StoredProbe* FirstAbove(const CapacityResult& result);

}  // namespace mbench
