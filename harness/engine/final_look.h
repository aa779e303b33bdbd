// SPDX-License-Identifier: Apache-2.0
//
// What the records that a run has written show when it is over.
#pragma once

#include <atomic>
#include <string>

#include "drivers/common/ledger.h"
#include "drivers/common/ledger_judge.h"
#include "drivers/driver.h"
#include "harness/base/result.h"
#include "harness/plan/run_plan.h"

namespace mbench {

struct LookTask {
  const RunPlan& plan;
  const DriverFacts& facts;
  Driver* driver;
  std::uint32_t connections;      // of the run
  Ticks zero;                     // of the measured phase
  const std::atomic<bool>* stop;  // an interrupt: it is given up
  bool look = true;               // false: somebody else looks, only reads are judged
};

// Reads every record that was written, by the verbs of the driver, and judges the ledger. Waits for
// a system that does not answer, but not for ever: then it fails with kUnreachable. REQUIRES: the
// workers are gone.
Result<LedgerFindings> JudgeLedger(const LookTask& task, Ledger* ledger);

}  // namespace mbench
