// SPDX-License-Identifier: Apache-2.0
//
// The load phase: makes the store hold the records that the plan speaks of.
//
//   data_marks.h     whether they are there already, and whether what is there may go
//   set_up.h         statements before and after
//   load_threads.h   writes them
#pragma once

#include <atomic>

#include "drivers/driver.h"
#include "harness/engine/run_observer.h"
#include "harness/plan/run_plan.h"
#include "harness/stats/phases.h"

namespace mbench {

// `stop`: ends the load early; the result then has fewer records than the plan.
// Fails with kUsage when the store holds something else, kUnreachable when records cannot be
// written.
Result<LoadPhase> PrepareData(const RunPlan& plan, const DriverFacts& facts, Driver* driver,
                              RunObserver* observer, const std::atomic<bool>* stop);

}  // namespace mbench
