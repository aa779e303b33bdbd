// SPDX-License-Identifier: Apache-2.0
//
// What a capacity means for a load that is known: how far it is away, when it is reached, how many
// nodes carry the load, what an op costs. Pure arithmetic on both ends of the interval.
#pragma once

#include <cstddef>

#include "harness/find/search.h"

namespace mbench {

struct CapacityNeed {
  double peak = 0;              // level of today's peak; 0: not asked
  double growth_per_month = 0;  // 0.04: 4 % more every month; 0: not asked
  double cost_per_hour = 0;     // of one node, in any currency; 0: not asked
};

struct Headroom {
  double times_low = 0, times_high = 0;    // capacity by peak, at both ends of the interval
  double months_low = 0, months_high = 0;  // until the peak reaches them; below 0: it has
  // That carry the peak when one of them is lost, with no more than the lower end each. Supposes
  // that nodes share the load evenly and nothing else.
  std::size_t nodes = 0;
  double cost_per_million = 0;          // ops, of one node at the lower end
  double cost_per_million_at_peak = 0;  // of these nodes at the peak
};

// REQUIRES: found.low > 0. A `high` of 0 is not known and gives no high values.
Headroom HeadroomOf(const CapacityInterval& found, const CapacityNeed& need);

}  // namespace mbench
