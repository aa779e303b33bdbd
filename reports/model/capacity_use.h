// SPDX-License-Identifier: Apache-2.0
//
// What limits, of a search for the capacity: half of it beside it.
#pragma once

#include "reports/model/capacity_source.h"
#include "reports/model/use_comparison.h"

namespace mbench {

UseComparison UsesOfSearch(const CapacitySource& source);

}  // namespace mbench
