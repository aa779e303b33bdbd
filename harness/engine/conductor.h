// SPDX-License-Identifier: Apache-2.0
//
// One run from its first record to its last reply: load, warm-up, measure, drain.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "drivers/driver.h"
#include "drivers/observer.h"
#include "harness/engine/phase_times.h"
#include "harness/engine/run_observer.h"
#include "harness/plan/run_plan.h"
#include "harness/stats/cpu_account.h"
#include "harness/stats/interval.h"
#include "harness/stats/ledger_summary.h"
#include "harness/stats/phases.h"

namespace mbench {

class Crew;
class RunLedger;

struct RunOutcome {
  LoadPhase load;
  Account account;
  ConnectionCounts connections;  // with the warm-up
  Ticks measured = 0;            // length of the measured phase
  std::vector<EventRecord> events;
  bool interrupted = false;
  std::uint32_t workers = 0;
  CpuAccount cpu;                   // of the measured phase, the second before it and the drain
  SystemRemarks remarks;            // before the first op
  SystemRemarks remarks_after;      // when all is over
  std::vector<CheckResult> checks;  // of the data, then
  LedgerSummary ledger;             // of writes and reads, then
  Status observer_error;            // what OnInterval said when it ended the run
};

class Conductor {
 public:
  // REQUIRES: driver->Open gave `facts`; all outlive the conductor.
  Conductor(const RunPlan& plan, const DriverFacts& facts, Driver* driver, RunObserver* observer);

  // Blocks until the run is over. Fails when it could not take place; a run that was interrupted is
  // a result.
  Result<RunOutcome> Run();

  // Ends the run: nothing is due any more, and what was measured is kept.
  // Thread: any; safe in a signal handler.
  void Interrupt() { stop_.store(true, std::memory_order_relaxed); }

 private:
  Status Prepare();
  void Verify(Crew* crew, RunLedger* ledger, RunOutcome* outcome);
  void Measure(Crew* crew, RunOutcome* outcome);

  const RunPlan& plan_;
  const DriverFacts& facts_;
  Driver* driver_;
  RunObserver* observer_;
  std::atomic<bool> stop_{false};
};

}  // namespace mbench
