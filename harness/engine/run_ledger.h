// SPDX-License-Identifier: Apache-2.0
//
// The ledger of a run: whether there is one, who writes into it, and what it comes to.
#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "drivers/common/ledger.h"
#include "drivers/driver.h"
#include "harness/base/result.h"
#include "harness/plan/run_plan.h"
#include "harness/stats/ledger_summary.h"
#include "harness/stats/phases.h"

namespace mbench {

class Crew;

// Thread: the conductor's.
class RunLedger {
 public:
  // All arguments outlive this.
  RunLedger(const RunPlan& plan, const DriverFacts& facts, Driver* driver);

  // Before crew->Start.
  void Attach(Crew* crew);
  // Without a ledger it is not `known`. REQUIRES: the crew's threads have ended.
  Result<LedgerSummary> Judge(const Crew& crew, const std::vector<EventRecord>& events, Ticks zero,
                              const std::atomic<bool>* stop);

 private:
  const RunPlan& plan_;
  const DriverFacts& facts_;
  Driver* driver_;
  bool looks_;  // else the driver looks for the writes by itself
  std::optional<Ledger> ledger_;
};

}  // namespace mbench
