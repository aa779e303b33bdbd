// SPDX-License-Identifier: Apache-2.0
//
// Many tests, one error rate: Holm, A simple sequentially rejective multiple test procedure,
// Scandinavian Journal of Statistics 1979. Valid whatever the dependence of the tests.
#pragma once

#include <span>
#include <vector>

namespace mbench {

// In the order of `p`: max over all smaller or equal p(j) of (m - j) p(j), at most 1, j from 0.
std::vector<double> HolmAdjust(std::span<const double> p);

}  // namespace mbench
