// SPDX-License-Identifier: Apache-2.0
//
// What is known of a run before its first op: the plan, the host, the system.
#pragma once

#include "drivers/driver.h"
#include "harness/plan/run_plan.h"
#include "harness/result/run_result.h"

namespace mbench {

// Secrets of the plan are out of it.
RunResult MakeRunHead(const RunPlan& plan, const DriverFacts& facts);

}  // namespace mbench
