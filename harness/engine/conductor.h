// SPDX-License-Identifier: Apache-2.0
//
// One run from its first record to its last reply: load, warm-up, measure, drain.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "drivers/driver.h"
#include "drivers/message_counts.h"
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
class Together;

struct RunOutcome {
  LoadPhase load;
  Account account;
  ConnectionCounts connections;  // with the warm-up
  Ticks measured = 0;            // length of the measured phase
  std::vector<EventRecord> events;
  bool interrupted = false;
  std::uint32_t workers = 0;        // of this process
  bool own_store = false;           // it had to load the records that another process had loaded
  Ticks late = 0;                   // it began so long after the start that was agreed on
  CpuAccount cpu;                   // of the measured phase, the second before it and the drain
  SystemRemarks remarks;            // before the first op
  SystemRemarks remarks_after;      // when all is over
  std::vector<CheckResult> checks;  // of the data, then
  LedgerSummary ledger;             // of writes and reads, then
  std::map<std::size_t, MessageCounts> messages;  // by op: of those that somebody had to receive
  bool unreachable = false;  // then a system was, so that its data are not verified
  Status observer_error;     // what OnInterval said when it ended the run
};

class Conductor {
 public:
  // REQUIRES: driver->Open gave `facts`; all outlive the conductor. `together`: of a run that
  // several processes share; the outcome is then that of this one.
  Conductor(const RunPlan& plan, const DriverFacts& facts, Driver* driver, RunObserver* observer,
            Together* together = nullptr);

  // Blocks until the run is over. Fails when it could not take place; a run that was interrupted is
  // a result.
  Result<RunOutcome> Run();

  // Ends the run: nothing is due any more, and what was measured is kept.
  // Thread: any; safe in a signal handler.
  void Interrupt() { stop_.store(true, std::memory_order_relaxed); }

 private:
  bool IsFirst() const;
  Result<bool> All(const Status& mine);
  SystemObserver* Observer() const;
  Status Prepare();
  Result<LoadPhase> Load(RunOutcome* outcome);
  Result<LoadPhase> LoadOwnStore(bool* own_store);
  Status Start(Crew* crew, RunOutcome* outcome);
  void Verify(Crew* crew, RunLedger* ledger, RunOutcome* outcome);
  void Measure(Crew* crew, RunOutcome* outcome);

  const RunPlan& plan_;
  const DriverFacts& facts_;
  Driver* driver_;
  RunObserver* observer_;
  Together* together_;
  std::atomic<bool> stop_{false};
};

}  // namespace mbench
