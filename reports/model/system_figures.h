// SPDX-License-Identifier: Apache-2.0
//
// What the system said of itself during the run (Driver::Observe), for a page: beside latency on
// the axis of time, and as means of the whole run, where two sides are to be compared.
#pragma once

#include <vector>

#include "reports/model/page_side.h"

namespace mbench {

// A chart for every unit, and more where there are many lines; none when it said nothing.
std::vector<Chart> MakeSystemCharts(const PageSide& b);
// `a` is null when there is no baseline.
PageTable MakeSystemTable(const PageSide& b, const PageSide* a);

}  // namespace mbench
