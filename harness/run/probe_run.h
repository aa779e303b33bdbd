// SPDX-License-Identifier: Apache-2.0
//
// A probe as a run: the plan of the workload at one level, and what comes of it.
#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/find/search.h"
#include "harness/live/run_watcher.h"
#include "harness/plan/run_plan.h"
#include "harness/result/capacity_result.h"

namespace mbench {

struct ProbeTimes {
  Ticks warmup = 0, window = 0;
};

// The plan of a probe: the same work at a steady level, with nothing that happens on the way.
// `base`: a plan in the model in which levels are meant.
RunPlan PlanOfProbe(const RunPlan& base, double level, const ProbeTimes& times);

struct ProbeOutcome {
  StoredProbe stored;
  std::string system;  // its name and version
  bool interrupted = false;
};

struct ProbePlace {
  std::string root;  // gets the folder of the run
  RunWatcher* watchers = nullptr;
  std::string label;  // "probe 3, 10.0k/s"
};

// Runs and judges it. Fails when no run could take place, or an objective has nothing to be judged
// by.
Result<ProbeOutcome> RunProbe(const RunPlan& base, const NextProbe& next, const ProbeTimes& times,
                              const ProbePlace& place);

}  // namespace mbench
