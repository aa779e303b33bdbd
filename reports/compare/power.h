// SPDX-License-Identifier: Apache-2.0
//
// What can be seen with so many runs: power of the two-sample t test (the permutation test has the
// same for large samples), after Cohen, Statistical Power Analysis (1988), and Lehmann and Romano,
// Testing Statistical Hypotheses (2005), 5.3. `spread`: standard deviation from run to run.
#pragma once

#include <cstddef>
#include <optional>

namespace mbench {

// The probability that a two-sided test on level alpha claims a change in the right direction when
// the means differ by `effect`. Noncentral t distribution.
double Power(double effect, double spread, std::size_t runs_a, std::size_t runs_b, double alpha);

// The effect that is seen with this power: (t_{1-alpha/2} + t_{power}) spread sqrt(1/na + 1/nb).
// Infinite with fewer than two runs on a side.
double SmallestDetectable(double spread, std::size_t runs_a, std::size_t runs_b, double alpha,
                          double power = 0.9);

// Half of the length of the 1 - alpha interval of the difference.
double HalfWidth(double spread, std::size_t runs_a, std::size_t runs_b, double alpha);

// Runs a side with which HalfWidth is below `distance`; nothing when kMostRuns are not enough.
inline constexpr std::size_t kMostRuns = 1000;
std::optional<std::size_t> RunsForHalfWidth(double distance, double spread, double alpha);

// Standard deviation; of two groups, each around its own mean. 0 with nothing to tell.
double PooledSpread(double sum_of_squares_a, std::size_t runs_a, double sum_of_squares_b,
                    std::size_t runs_b);

}  // namespace mbench
