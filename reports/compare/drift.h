// SPDX-License-Identifier: Apache-2.0
//
// Whether a series grows or falls over a long run, with an interval that allows for values that
// hang together.
//
//   points -> medians of blocks -> the median of the slopes of all pairs of blocks
//
// The slope is that of Theil (1950) and Sen (1968): up to 29 % of the blocks may be anything. Its
// interval is Sen's, from the distribution of Kendall's S among all slopes, with the variance of S
// made larger by (1 + rho) / (1 - rho) for the correlation that neighbouring blocks still have
// (Yue and Wang 2004; Hamed and Rao 1998 in its form for AR(1)), and with Student's t of as many
// degrees as independent blocks are left. rho is that of what the line leaves over, corrected for
// the bias that it has in few values (Kendall 1954).
//
// tests/compare/drift_test.cc says how often it errs.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace mbench {

// Fewer points than this make no slope.
inline constexpr std::size_t kLeastDriftPoints = 40;

struct Drift {
  double per_s = 0;          // units of the series per second
  double low = 0, high = 0;  // interval of it
  double level = 0;          // the median of the series
  double rho = 0;            // of neighbouring blocks, 0..1
  // Whether the interval leaves no doubt about the sign.
  bool Clear() const { return low > 0 || high < 0; }
};

// `at_s` ascending, as many as values; those that are not finite are left out. nullopt: too few
// points, or so correlated that nothing can be said.
std::optional<Drift> FindDrift(std::span<const double> at_s, std::span<const double> values,
                               double confidence = 0.95);

}  // namespace mbench
