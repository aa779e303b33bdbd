// SPDX-License-Identifier: Apache-2.0
//
// A search for the capacity as one JSON object, for `--json`: find.json, and what follows from its
// probes: what limits.
#pragma once

#include <string>

#include "reports/model/capacity_use.h"

namespace mbench {

std::string RenderSearchJson(const CapacityResult& search, const CapacityUse& use);

}  // namespace mbench
