// SPDX-License-Identifier: Apache-2.0
//
// The charts of a search for the capacity, over the load of its probes. One that has nothing to
// show is Empty().
#pragma once

#include "harness/result/capacity_result.h"
#include "reports/model/page_side.h"

namespace mbench {

// The level above which objectives break; 0: none was found. Where probes did not count, the upper
// end of the interval is where the load generator had its own limit.
double BreaksAt(const CapacityResult& search);

Chart MakeCapacityLatencyChart(const CapacityResult& search);  // of probes that count
Chart MakeCapacityRateChart(const CapacityResult& search);
Chart MakeCapacityCpuChart(const CapacityResult& search);

}  // namespace mbench
