// SPDX-License-Identifier: Apache-2.0
//
// Statements that are done once each, before or after the records are loaded: indexes, settings.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "drivers/driver.h"
#include "harness/plan/run_plan.h"
#include "harness/stats/phases.h"

namespace mbench {

// Does the statements of `phase`, which were prepared, one after another. Ends early, without an
// error, when `stop` is set. Fails with kUsage, naming it, when the system refuses one, with
// kUnreachable when it does not answer.
Status RunSetUp(SessionPhase phase, const RunPlan& plan, Driver* driver,
                const std::atomic<bool>* stop, std::vector<SetUpRecord>* done);

}  // namespace mbench
