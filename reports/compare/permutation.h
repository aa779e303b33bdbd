// SPDX-License-Identifier: Apache-2.0
//
// Permutation test of the difference of means: if A and B were the same, every way of dealing the
// values out to the two sides would have been as likely (Fisher 1935; Pitman, Significance tests
// which may be applied to samples from any populations, 1937). Exact whatever the distribution is.
//
// What is compared is the difference over its standard error in that split, so that the p also
// holds, nearly, when both sides have one mean and unequal spreads (Janssen, Studentized
// permutation tests for non-i.i.d. hypotheses and the generalized Behrens-Fisher problem, 1997;
// Chung and Romano, Exact and asymptotically robust permutation tests, 2013).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mbench {

// Up to so many splits are all looked at (9 against 9 are 48,620).
inline constexpr double kMostExactSplits = 60'000;
inline constexpr std::size_t kSampledSplits = 20'000;

// Two-sided: the part of all splits that lie at least as far apart. With more splits than
// kMostExactSplits a sample of them is drawn and (1 + hits) / (1 + drawn) returned, which is never
// too small (Phipson and Smyth, Permutation p-values should never be zero, 2010).
// 1 when a side is empty.
double PermutationP(std::span<const double> a, std::span<const double> b, std::uint64_t seed);

// The same of ranks, which a few outlying values cannot move (Neubert and Brunner, A studentized
// permutation test for the non-parametric Behrens-Fisher problem, 2007).
double RankPermutationP(std::span<const double> a, std::span<const double> b, std::uint64_t seed);

// Of all values that p can take with so many runs, the smallest.
double SmallestPermutationP(std::size_t runs_a, std::size_t runs_b);

}  // namespace mbench
