// SPDX-License-Identifier: Apache-2.0
//
// A search for the capacity as one JSON object, for `--json`: find.json, and what follows from its
// probes: what limits.
#pragma once

#include <string>

#include "harness/result/capacity_result.h"
#include "reports/model/use_comparison.h"

namespace mbench {

std::string RenderSearchJson(const CapacityResult& search, const UseComparison& use);

}  // namespace mbench
