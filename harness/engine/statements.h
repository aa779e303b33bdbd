// SPDX-License-Identifier: Apache-2.0
//
// The statements of a plan as drivers get them (Driver::Prepare): all of them at first, so that a
// wrong one is found before anything is done; then those of each phase alone, when it begins:
//
//   before_load ... | load_statement | after_load ... | those of the run
#pragma once

#include <cstdint>
#include <vector>

#include "drivers/driver.h"
#include "harness/plan/run_plan.h"

namespace mbench {

std::vector<StatementSpec> RunStatements(const RunPlan& plan);
std::vector<StatementSpec> AllStatements(const RunPlan& plan);

// Those of `before_load` or `after_load`.
std::vector<StatementSpec> SetUpStatements(const std::vector<StatementPlan>& list,
                                           const RunPlan& plan);
// One, or none: records are loaded by the verb insert.
std::vector<StatementSpec> LoadStatements(const RunPlan& plan);

// What is asked when the run is over.
VerifySpec VerifySpecOf(const RunPlan& plan);

bool HasLoadStatements(const DataPlan& data);

}  // namespace mbench
