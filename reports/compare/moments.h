// SPDX-License-Identifier: Apache-2.0
//
// Mean and squares of a few values.
#pragma once

#include <span>

namespace mbench {

// 0 of nothing.
double MeanOf(std::span<const double> values);
// Sum of the squares of what lies between each value and their mean.
double SquaresOf(std::span<const double> values);

}  // namespace mbench
