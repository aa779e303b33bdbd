// SPDX-License-Identifier: Apache-2.0
//
// A comparison, or a run, as workflow commands of GitHub Actions, which become annotations of the
// job and of the changed files:
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
#pragma once

#include <string>

#include "reports/model/comparison_model.h"
#include "reports/model/run_model.h"

namespace mbench {

// One line per thing that needs a look: an error for a primary metric that is worse and for runs
// that cannot be compared, a warning for what is not decided, a notice when all is well. `file`:
// the workload file; "": none.
std::string RenderAnnotations(const ComparisonModel& model, const std::string& file);

// An error for an invalid run, an objective that is broken and a check that fails, a warning for an
// objective that nothing was measured for, a notice when all is well.
std::string RenderRunAnnotations(const RunModel& model, const std::string& file);

}  // namespace mbench
