// SPDX-License-Identifier: Apache-2.0
//
// Rounds are pairs, or they are not: the honest p of taking the better one of two t tests.
//
// Of n rounds with one run of each side, the difference of the means is the same number whether it
// is taken within rounds or not; its error is estimated from the differences within rounds (n - 1
// degrees of freedom) or from the runs of each side (2n - 2). The first one is smaller when what
// disturbs the host lasts longer than a round, the second one rests on more. Taking the smaller one
// and its p would be wrong too often. While rounds do not matter, the differences and the sums
// within rounds are independent, so that the probability that either test has a p as small as the
// smaller one of the two is
//
//   P = E[ 2 Phi(-min(t_{n-1} sqrt(X/(n-1)), t_{2n-2} sqrt((X+Y)/(2n-2)))) ],
//
// X, Y: chi squared with n - 1 degrees of freedom, t: the two quantiles at that p. Where rounds do
// matter, the second test is seldom the one with the smaller p, and P is too large.
#pragma once

#include <cstddef>

namespace mbench {

// P for the smaller one of two two-sided p. REQUIRES: pairs >= 2.
double PValueOfBetter(double smaller_p, std::size_t pairs);

// The other way: the level of both tests at which one of them is wrong with probability alpha.
double LevelOfEach(double alpha, std::size_t pairs);

}  // namespace mbench
