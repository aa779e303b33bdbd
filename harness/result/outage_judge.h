// SPDX-License-Identifier: Apache-2.0
//
// All outages of a run: those that its events declare, and those that were found. Fed while the run
// goes on, so that memory does not grow with its length.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/plan/event_plan.h"
#include "harness/result/gap_finder.h"
#include "harness/result/outage_watch.h"
#include "harness/result/run_result.h"

namespace mbench {

class OutageJudge {
 public:
  // `op_names`: of the slices. An outage of an op that is not among them is not looked for.
  OutageJudge(std::vector<EventPlan> events, const RecoveredPlan& recovered,
              std::vector<std::string> op_names);

  // `event`: its index in the plan.
  void OnEvent(std::size_t event, std::uint32_t round, Ticks at);
  void Add(const Interval& slice);
  // By op, whether it was in a declared outage at any time since this was asked last.
  std::vector<bool> TakeDown();

  // Adds to result->outages and result->outside. `load_end`: when the last op was due. To be called
  // once.
  void Finish(Ticks load_end, RunResult* result);

 private:
  struct Begun {
    std::string name;
    Ticks at;
  };
  void TakeDeclared(RunResult* result) const;
  void TakeFound(Ticks load_end, RunResult* result);
  OutageResult ResultOf(const Gap& gap, std::size_t op) const;
  void SetLengths(RunResult* result) const;

  const std::vector<EventPlan> events_;
  const RecoveredPlan recovered_;
  const std::vector<std::string> op_names_;
  std::vector<OutageWatch> watches_;  // of ops with declared outages
  std::vector<GapFinder> finders_;    // by op
  std::vector<bool> down_;
  std::vector<Begun> begun_;
  OutsideOfOutages outside_;
};

}  // namespace mbench
