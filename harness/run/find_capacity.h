// SPDX-License-Identifier: Apache-2.0
//
// A search for the capacity of a system: probes one after another, stored as they come, until it is
// found or the budget is used up. The mathematics is in harness/find.
#pragma once

#include <functional>
#include <string>

#include "harness/base/result.h"
#include "harness/plan/run_plan.h"
#include "harness/result/capacity_result.h"
#include "harness/run/probe_run.h"

namespace mbench {

struct FindTimes {
  Ticks warmup = 0;
  Ticks window = 0;    // of a probe that counts in the end; a scout's is a quarter of it
  Ticks rest = 0;      // between two probes
  Ticks shortest = 0;  // no window is shorter: the longest `for` of an objective
  Ticks budget = 0;    // no probe begins that is not expected to end in time
};

// A window that fits the budget, when the search takes as many probes as it usually does.
Ticks WindowFor(Ticks budget, Ticks warmup, Ticks rest);
// The least that a probe takes.
Ticks ShortestProbe(const FindTimes& times);
ProbeTimes TimesOf(const NextProbe& next, const FindTimes& times);

// What a search needs of the world, so that tests can be another one.
struct FindWorld {
  std::function<Result<ProbeOutcome>(const NextProbe&, const ProbeTimes&)> probe;
  std::function<void(Ticks)> rest;
  std::function<Ticks()> now;
  std::function<bool()> interrupted;
  std::function<Status(const CapacityResult&)> store;  // after every probe
  std::function<void(const StoredProbe&)> tell;        // the same, for whoever looks on
};

// Goes on from the probes that are in `result`. An error is that of a probe that could not take
// place; what there is until then is stored. A system that cannot be reached after it was probed
// has died.
Status FindCapacity(const FindTimes& times, const FindWorld& world, CapacityResult* result);

}  // namespace mbench
