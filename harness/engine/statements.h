// SPDX-License-Identifier: Apache-2.0
//
// The statements of a plan as drivers get them (StatementPreparer::Prepare).
#pragma once

#include "drivers/statement_set.h"
#include "harness/plan/run_plan.h"

namespace mbench {

StatementSet StatementsOf(const RunPlan& plan);

bool HasLoadStatements(const DataPlan& data);

}  // namespace mbench
