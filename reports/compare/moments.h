// SPDX-License-Identifier: Apache-2.0
//
// Mean, squares and median of a few values.
#pragma once

#include <span>
#include <vector>

namespace mbench {

// 0 of nothing.
double MeanOf(std::span<const double> values);
double MedianOf(std::vector<double> values);
// Sum of the squares of what lies between each value and their mean.
double SquaresOf(std::span<const double> values);

}  // namespace mbench
