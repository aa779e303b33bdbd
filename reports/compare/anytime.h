// SPDX-License-Identifier: Apache-2.0
//
// Evidence that may be looked at after every round and stays right: the mixture sequential t test.
//
// The Bayes factor of "the difference is d standard deviations, d from N(0, g)" against "no
// difference", with the prior 1/sigma on the unknown standard deviation, is a martingale while
// nothing differs. So it reaches 1/alpha at any time with probability alpha at most, whenever one
// looks and for whatever reason one stops (Ville 1939; Robbins, Statistical methods related to the
// law of the iterated logarithm, 1970; Lai, On confidence sequences, 1976; Wang and Ramdas,
// Anytime-valid t-tests and confidence sequences for Gaussian means with unknown variance, 2024).
// It depends on the data through t alone (Gronau, Ly and Wagenmakers, Informed Bayesian t-tests,
// 2020):
//
//   E(t) = c^(-1/2) ((1 + t^2/v) / (1 + t^2/(v c)))^((v+1)/2),   c = 1 + n g
//
// with v degrees of freedom, and n = na nb / (na + nb) for two sides, or the number of pairs.
#pragma once

namespace mbench {

// The prior of the difference in standard deviations of a run: wide, because the changes worth an
// early stop are several of them. 9 decides +10, +20 and +100 % at a spread of 3 % after 5, 4 and 3
// rounds (harness/decisions/016-three-claims.md).
inline constexpr double kPriorVariance = 9;

double Evidence(double t, double degrees, double effective_runs);

}  // namespace mbench
