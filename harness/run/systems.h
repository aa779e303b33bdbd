// SPDX-License-Identifier: Apache-2.0
//
// What a run drives: the driver of its system, or one that holds those of several.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/driver.h"
#include "harness/plan/run_plan.h"
#include "harness/result/run_result.h"

namespace mbench {

// Not opened yet. REQUIRES: the drivers of the plan are there.
std::unique_ptr<Driver> MakeDriver(const RunPlan& plan);

// "redis, postgres", in the order of the systems.
std::string DriverNamesOf(const RunPlan& plan);

// What became of each of several systems; none when there is one. `driver`: that of the plan, which
// was opened and has no session any more.
std::vector<SystemRecord> SystemRecords(const RunPlan& plan, const Driver& driver);

}  // namespace mbench
