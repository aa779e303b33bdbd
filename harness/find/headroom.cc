// SPDX-License-Identifier: Apache-2.0
#include "harness/find/headroom.h"

#include <cmath>

namespace mbench {
namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kMillion = 1e6;

double CostPerMillion(double cost_per_hour, double per_s) {
  return cost_per_hour / (per_s * kSecondsPerHour) * kMillion;
}

}  // namespace

Headroom HeadroomOf(const CapacityInterval& found, const CapacityNeed& need) {
  Headroom headroom;
  headroom.cost_per_million = CostPerMillion(need.cost_per_hour, found.low);
  if (need.peak <= 0) return headroom;
  headroom.times_low = found.low / need.peak;
  headroom.times_high = found.high / need.peak;
  if (need.growth_per_month > 0) {
    const double month = std::log1p(need.growth_per_month);
    headroom.months_low = std::log(headroom.times_low) / month;
    if (found.high > 0) headroom.months_high = std::log(headroom.times_high) / month;
  }
  headroom.nodes = static_cast<std::size_t>(std::ceil(need.peak / found.low)) + 1;
  headroom.cost_per_million_at_peak =
      CostPerMillion(need.cost_per_hour * static_cast<double>(headroom.nodes), need.peak);
  return headroom;
}

}  // namespace mbench
