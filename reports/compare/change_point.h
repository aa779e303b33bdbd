// SPDX-License-Identifier: Apache-2.0
//
// Where in a row of runs did a level change?
//
// A split is judged by the statistic of the best split: max over k of the difference of means
// before and after k, over its standard error. What that comes to without a change is found by
// drawing rows of the same length, each time taking the maximum anew, so the p holds though the
// split was chosen by looking (James, James and Siegmund, Tests for a change-point, Biometrika
// 1987). Splits are sought again on both sides (binary segmentation, Vostrikova 1981), with alpha
// halved at each step down.
//
// Runs that follow each other are alike (a host that is warm, a disk that fills), and a row of such
// looks like levels. The rows drawn are therefore as alike: AR(1), with the memory of the residuals
// around the best split. That is estimated too low from a short row (Marriott and Pope 1954;
// Kendall 1954: by (1 + 3 memory) / n around one mean), so three times as much is added as one mean
// asks for: there are two, and they were chosen to fit. Permuting the row instead, as was done
// before, raised an alarm in 16 % of histories with a memory of 0.3, and cannot be sure of anything
// in eight runs, of which 2 in 70 permutations are as far apart as two levels can be.
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
  double alpha = 0.05;
  std::size_t min_segment = 3;  // values on each side of a split
  std::size_t draws = 2000;
  std::uint64_t seed = 1;
};

// In the order of the row. `values`: logs for what changes by ratios.
std::vector<ChangePoint> FindChangePoints(std::span<const double> values,
                                          const ChangePointOptions& options = {});

}  // namespace mbench
