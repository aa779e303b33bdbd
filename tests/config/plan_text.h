// SPDX-License-Identifier: Apache-2.0
//
// A plan as text with every value in it, so that a good workload file has something to be compared
// with.
#pragma once

#include <string>

#include "harness/plan/run_plan.h"

namespace mbench {

std::string PlanText(const RunPlan& plan);

}  // namespace mbench
