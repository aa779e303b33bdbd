// SPDX-License-Identifier: Apache-2.0
//
// What `run` and `ycsb` say of their run when it is over.
#pragma once

#include "harness/cmd/exit_code.h"
#include "harness/plan/run_plan.h"
#include "harness/run/stored_run.h"

namespace mbench {

// The table, or with `json` one object, on stdout; what went wrong on stderr.
ExitCode ShowRun(const Result<StoredRun>& run, const RunPlan& plan, bool json);

}  // namespace mbench
