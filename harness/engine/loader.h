// SPDX-License-Identifier: Apache-2.0
//
// The load phase: makes the store hold the records that the plan speaks of.
//
// A store keeps a mark of what was loaded (MarkedStore::SetDataset). Equal mark: nothing to do. No mark
// and empty: load. Records that mbench did not put there, or that belong to another data set, are
// never touched unless the plan says so.
#pragma once

#include <atomic>

#include "drivers/driver.h"
#include "drivers/marked_store.h"
#include "harness/engine/run_observer.h"
#include "harness/plan/run_plan.h"
#include "harness/stats/phases.h"

namespace mbench {

// `stop`: ends the load early; the result then has fewer records than the plan.
// Fails with kUsage when the store holds something else, kUnreachable when records cannot be
// written.
Result<LoadPhase> PrepareData(const RunPlan& plan, const DriverFacts& facts, Driver* driver,
                              RunObserver* observer, const std::atomic<bool>* stop);

// To be called before the measured phase: a mix that adds or removes records leaves another data
// set behind, which the next run loads anew. `store` may be null.
Status MarkAsChanging(const RunPlan& plan, MarkedStore* store);

}  // namespace mbench
