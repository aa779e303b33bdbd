// SPDX-License-Identifier: Apache-2.0
//
// Whether counts fit a distribution, or each other: Pearson's chi-square tests.
//
// Seeds are fixed, so a test that passes once passes always; a generator that is wrong by more than
// chance fails. The level is 1e-5.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace mbench {

// The quantile of the chi-square distribution at 1 - 1e-5, as E. B. Wilson and M. M. Hilferty
// (1931) approximate it: good to 1 % for 3 degrees of freedom and more, and too large below.
inline double ChiSquareLimit(double degrees) {
  constexpr double kNormalQuantile = 4.2649;
  const double spread = 2 / (9 * degrees);
  return degrees * std::pow(1 - spread + kNormalQuantile * std::sqrt(spread), 3);
}

// One bin of a comparison, enlarged with its neighbours until the expectation is large enough.
inline constexpr double kLeastExpected = 10;

// `probabilities`: any scale.
inline testing::AssertionResult Fits(std::span<const std::uint64_t> counts,
                                     std::span<const double> probabilities) {
  if (counts.size() != probabilities.size()) return testing::AssertionFailure() << "sizes differ";
  double all = 0, sum = 0;
  for (const std::uint64_t count : counts) all += static_cast<double>(count);
  for (const double probability : probabilities) sum += probability;
  double statistic = 0, observed = 0, expected = 0;
  int bins = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    observed += static_cast<double>(counts[i]);
    expected += probabilities[i] / sum * all;
    if (expected < kLeastExpected && i + 1 < counts.size()) continue;
    if (expected == 0 && observed > 0)
      return testing::AssertionFailure() << "impossible value " << i;
    if (expected > 0) statistic += (observed - expected) * (observed - expected) / expected, ++bins;
    observed = expected = 0;
  }
  const double limit = ChiSquareLimit(std::max(1, bins - 1));
  const bool fits = statistic <= limit;
  return (fits ? testing::AssertionSuccess() : testing::AssertionFailure())
         << "chi-square " << statistic << ", limit " << limit << ", bins " << bins;
}

// Whether two samples of equal size come from the same distribution.
inline testing::AssertionResult FitEachOther(std::span<const std::uint64_t> a,
                                             std::span<const std::uint64_t> b) {
  if (a.size() != b.size()) return testing::AssertionFailure() << "sizes differ";
  double statistic = 0, in_a = 0, in_b = 0;
  int bins = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    in_a += static_cast<double>(a[i]);
    in_b += static_cast<double>(b[i]);
    if (in_a + in_b < 2 * kLeastExpected && i + 1 < a.size()) continue;
    if (in_a + in_b > 0) statistic += (in_a - in_b) * (in_a - in_b) / (in_a + in_b), ++bins;
    in_a = in_b = 0;
  }
  const double limit = ChiSquareLimit(std::max(1, bins - 1));
  const bool fits = statistic <= limit;
  return (fits ? testing::AssertionSuccess() : testing::AssertionFailure())
         << "chi-square " << statistic << ", limit " << limit << ", bins " << bins;
}

}  // namespace mbench
