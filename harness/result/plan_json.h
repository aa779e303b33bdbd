// SPDX-License-Identifier: Apache-2.0
//
// Every resolved value of a run as JSON, with units in the names: what run.json keeps as `plan` and
// `mbench check --json` prints.
#pragma once

#include <string>

#include "harness/plan/run_plan.h"

namespace mbench {

// Secrets are out: of the driver's options only DriverPlan::shown is there, and all other text
// passed through Redact.
std::string PlanJson(const RunPlan& plan);

}  // namespace mbench
