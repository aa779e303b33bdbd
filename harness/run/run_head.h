// SPDX-License-Identifier: Apache-2.0
//
// What is known of a run before its first op: the plan, the host, the system.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "drivers/driver.h"
#include "harness/plan/run_plan.h"
#include "harness/result/run_result.h"

namespace mbench {

// The words this process was started with, and the same as may be stored: without `secrets` and
// what else looks like one.
std::vector<std::string> CommandLine();
std::vector<std::string> SafeCommandLine(std::span<const std::string> secrets);

// Secrets of the plan are out of it.
RunResult MakeRunHead(const RunPlan& plan, const DriverFacts& facts);

}  // namespace mbench
