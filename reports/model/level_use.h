// SPDX-License-Identifier: Apache-2.0
//
// What limits, of a run whose load climbs (ramp, steps): at the knee of p99, or where there is none
// at the highest load, and at half of it.
#pragma once

#include "harness/result/run_result.h"
#include "reports/model/timeline.h"
#include "reports/model/use_comparison.h"

namespace mbench {

// Whether the plan has a ramp or steps.
bool Climbs(const RunResult& result);

// Nothing when it does not climb, or no figures are known of it.
UseComparison UsesOfLevels(const RunResult& result, const Timeline& timeline);

}  // namespace mbench
