// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/holm.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace mbench {

std::vector<double> HolmAdjust(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::less(), [&](std::size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size());
  double highest = 0;
  for (std::size_t j = 0; j < order.size(); ++j) {
    const double factor = static_cast<double>(order.size() - j);
    highest = std::max(highest, std::min(1.0, factor * p[order[j]]));
    adjusted[order[j]] = highest;
  }
  return adjusted;
}

}  // namespace mbench
