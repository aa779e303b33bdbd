// SPDX-License-Identifier: Apache-2.0
//
// Permutation test of the difference of means: if A and B were the same, every way of dealing the
// values out to the two sides would have been as likely (Fisher 1935; Pitman, Significance tests
// which may be applied to samples from any populations, 1937). Exact whatever the distribution is.
#pragma once

#include <cstdint>
#include <span>

namespace mbench {

// Up to so many splits are all looked at (9 against 9 are 48,620).
inline constexpr double kMostExactSplits = 60'000;
inline constexpr std::size_t kSampledSplits = 20'000;

// Two-sided: the part of all splits whose means lie at least as far apart. With more splits than
// kMostExactSplits a sample of them is drawn and (1 + hits) / (1 + drawn) returned, which is never
// too small (Phipson and Smyth, Permutation p-values should never be zero, 2010).
// 1 when a side is empty.
double PermutationP(std::span<const double> a, std::span<const double> b, std::uint64_t seed);

// Of all values that p can take with so many runs, the smallest.
double SmallestPermutationP(std::size_t runs_a, std::size_t runs_b);

}  // namespace mbench
