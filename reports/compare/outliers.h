// SPDX-License-Identifier: Apache-2.0
//
// Runs that are far from the others of their side: the generalized extreme studentized deviate
// procedure (Rosner, Percentage points for a generalized ESD many-outlier procedure, Technometrics
// 1983). The run that is furthest from the mean of the others is taken away, then the next one, up
// to a sixth of the runs; the last one whose distance chance does not explain, and those taken
// before it, are outlying. With more than a sixth of the runs apart there are two kinds of runs,
// and none of them is odd.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace mbench {

// Of runs without any outlying one so many sides in a hundred are said to have one.
inline constexpr double kOutlierLevel = 0.01;

// Indices into `values`, ascending. With fewer than five values there are none.
std::vector<std::size_t> FindOutliers(std::span<const double> values);

}  // namespace mbench
