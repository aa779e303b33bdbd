// SPDX-License-Identifier: Apache-2.0
//
// Where in a row of runs did a level change?
//
// A split is judged by the statistic of the best split: max over k of the difference of means
// before and after k, over its standard error. Its distribution without a change is found by
// permuting the row, each time taking the maximum anew, so the p holds though the split was chosen
// by looking (James, James and Siegmund, Tests for a change-point, Biometrika 1987; permutation:
// Antoch and Huskova 2001). Splits are sought again on both sides (binary segmentation, Vostrikova
// 1981), with alpha halved at each step down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mbench {

struct ChangePoint {
  std::size_t index = 0;  // the first value of the new level
  double before = 0;      // mean of the segment before
  double after = 0;
  double p = 1;
};

struct ChangePointOptions {
  double alpha = 0.01;
  std::size_t min_segment = 3;  // values on each side of a split
  std::size_t permutations = 5000;
  std::uint64_t seed = 1;
};

// In the order of the row. `values`: logs for what changes by ratios.
std::vector<ChangePoint> FindChangePoints(std::span<const double> values,
                                          const ChangePointOptions& options = {});

}  // namespace mbench
