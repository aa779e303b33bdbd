// SPDX-License-Identifier: Apache-2.0
//
// The ledger of a run: whether there is one, who writes into it, and what it comes to.
#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "drivers/common/ledger.h"
#include "drivers/common/ledger_judge.h"
#include "drivers/driver.h"
#include "harness/base/result.h"
#include "harness/engine/followed.h"
#include "harness/plan/run_plan.h"
#include "harness/stats/ledger_summary.h"
#include "harness/stats/phases.h"

namespace mbench {

class Crew;

struct JudgedLedger {
  LedgerSummary summary;
  Status look;  // why nothing is known of lost writes, though it was asked for
};

// The event, by its number, that took what was acknowledged at `until` last (both from the start of
// the measured phase): the nearest of those that are still to come then or go on, or the last of
// all. REQUIRES: one of them was not skipped. Thread: any.
std::size_t CauseOfLoss(Ticks until, const std::vector<EventRecord>& events);

// Thread: the conductor's.
class RunLedger {
 public:
  // All arguments outlive this.
  RunLedger(const RunPlan& plan, const DriverFacts& facts, Driver* driver);

  // Before crew->Start.
  void Attach(Crew* crew);
  // Without a ledger it is not `known`. REQUIRES: the crew's threads have ended.
  Result<JudgedLedger> Judge(const Crew& crew, const std::vector<EventRecord>& events, Ticks zero,
                             const std::atomic<bool>* stop);

 private:
  void Summarize(const LedgerFindings& found, const Crew& crew,
                 const std::vector<EventRecord>& events, Ticks zero, LedgerSummary* summary) const;

  const RunPlan& plan_;
  const DriverFacts& facts_;
  Driver* driver_;
  WhatIsFollowed followed_;
  bool looks_;  // else the driver looks for the writes by itself, or nobody does
  std::optional<Ledger> ledger_;
};

}  // namespace mbench
