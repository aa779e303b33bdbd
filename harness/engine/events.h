// SPDX-License-Identifier: Apache-2.0
//
// Things that a run does to the system at set times ("stop the primary"): shell commands, run while
// the load goes on, their time and exit code noted.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/engine/phase_times.h"
#include "harness/plan/run_plan.h"
#include "harness/stats/phases.h"

namespace mbench {

class Events {
 public:
  // Starts a thread per event, each waiting for its time. REQUIRES: `times` is set and outlives
  // this.
  Events(const std::vector<EventPlan>& plans, const PhaseTimes* times);

  // The run is over: events whose time has not come do not happen; commands that still run are
  // waited for, kGrace at most, then ended. Returns what happened, in order of time.
  std::vector<EventRecord> Finish();

  static constexpr Ticks kGrace = 5 * kSecond;

 private:
  void RunOne(const EventPlan& plan);

  const PhaseTimes* times_;
  std::mutex mutex_;
  std::vector<EventRecord> records_;
  std::atomic<bool> over_{false};
  std::atomic<Ticks> kill_at_{kNever};
  std::vector<std::jthread> threads_;
};

}  // namespace mbench
