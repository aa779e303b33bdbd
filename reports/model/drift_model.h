// SPDX-License-Identifier: Apache-2.0
//
// What grows or falls in a long run with a steady load: latency, rate, memory of mbench and what
// the system says it holds. Silent where chance would explain it.
#pragma once

#include <string>
#include <vector>

#include "harness/result/run_result.h"
#include "reports/compare/drift.h"
#include "reports/model/timeline.h"

namespace mbench {

// A slope "an hour" of less than half an hour would be a guess.
inline constexpr Ticks kLeastSoak = 30 * kMinute;

// Whether the load was the same for so long that a slope says something about the system. Uses the
// lengths and the plan.
bool IsSoak(const RunResult& result);

enum class DriftUnit { kRelative, kBytes, kSeconds };

struct DriftModel {
  std::string name;  // "p99", "memory_used of redis"
  DriftUnit unit = DriftUnit::kRelative;
  Drift drift;        // in the unit of the series
  double limit = 0;   // that it must not reach; 0: none is known
  double full_h = 0;  // until it does, from the end of the run; 0: not within a year
  std::string text;   // "p99 grows 2.1 % an hour (0.8 to 3.4)"

  // A slope of `drift` in an hour: bytes, seconds, or a part of the level.
  double PerHour(double per_s) const;
};

// Those that are clear, latency first. The intervals hold for all that was looked at together: one
// of twenty runs without a drift has any sentence at all. The first tenth is left out, in which
// caches fill. Empty when the run is no soak.
std::vector<DriftModel> FindDrifts(const RunResult& result, const Timeline& timeline);

}  // namespace mbench
