// SPDX-License-Identifier: Apache-2.0
//
// A small drawing of a level over time, for `mbench check`.
#pragma once

#include <string>
#include <vector>

#include "harness/base/clock.h"

namespace mbench {

struct LevelPoint {
  Ticks at;
  double level;
};

// `points`: evenly spaced, ascending. `unit`: "ops/s" or "clients". `warmup`: drawn apart, 0 for
// none.
std::string DrawLoad(const std::vector<LevelPoint>& points, const std::string& unit, Ticks warmup);

}  // namespace mbench
