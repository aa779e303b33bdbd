// SPDX-License-Identifier: Apache-2.0
//
// Who looks at a run while it goes: the terminal, a CSV file, a scraper, a browser. A watcher
// cannot change a run, make it wait or make it fail: what goes wrong with one is told at the end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/plan/run_plan.h"
#include "harness/result/run_result.h"

namespace mbench {

// Which one of several runs; of a run that is alone all is empty.
struct RunLabel {
  std::string text = {};  // "run 3 of 16, A"
  std::string side = {};  // "A" or "B" of a diff
};

// Lives as long as the run does.
struct WatchedRun {
  const RunPlan* plan = nullptr;
  const RunResult* result = nullptr;  // what was measured so far; whole in the end
  RunLabel label = {};
};

// Thread: all calls come from one, the one that takes the seconds of the run from its workers. A
// call returns within milliseconds: whoever waits for others does so on a thread of its own.
//
// The same watcher may see several runs, one after another (the rounds of diff and gate).
class RunWatcher {
 public:
  virtual ~RunWatcher() = default;

  // The system is open; the load phase comes next. `run` may be kept until OnEnd.
  virtual void OnRun(const WatchedRun& run) = 0;
  // `done` of `records` are loaded. About four times a second.
  virtual void OnLoad(std::uint64_t /*done*/, std::uint64_t /*records*/) {}
  // The measured phase begins, after a warm-up; result->folder and started_at are known.
  virtual void OnStart() {}
  // A second is over and in the result; times before 0 are warm-up.
  virtual void OnInterval(const Interval& interval) = 0;
  // The run is over, or could not take place.
  virtual void OnEnd() {}

  // What the user has to hear when all runs are over, a sentence each.
  virtual std::vector<std::string> Complaints() { return {}; }
};

}  // namespace mbench
