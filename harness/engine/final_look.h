// SPDX-License-Identifier: Apache-2.0
//
// What the records that a run has written show when it is over.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "drivers/common/ledger.h"
#include "drivers/common/ledger_judge.h"
#include "drivers/driver.h"
#include "harness/base/result.h"
#include "harness/engine/followed.h"
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
  // Of keys that statements wrote, to be read by plan.verify.look; nullptr: verbs wrote records.
  const KeyTexts* keys = nullptr;
  std::vector<Ticks> windows = {};  // when these begin, in order
};

struct LookedAt {
  LedgerFindings findings;
  Status look;  // kUnreachable: not all could be read, so that nothing is known of lost writes
};

// Reads every record that was written, by the verbs of the driver, or every key by the statement of
// verify.writes, and judges the ledger. Waits for a system that does not answer, but not for ever.
// Fails when the ledger cannot be read. REQUIRES: the workers are gone.
Result<LookedAt> JudgeLedger(const LookTask& task, Ledger* ledger);

}  // namespace mbench
