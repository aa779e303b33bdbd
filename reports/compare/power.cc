// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/power.h"

#include <cmath>
#include <limits>

#include "harness/stats/distributions.h"

namespace mbench {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

double ErrorOf(double spread, std::size_t runs_a, std::size_t runs_b) {
  return spread * std::sqrt(1 / static_cast<double>(runs_a) + 1 / static_cast<double>(runs_b));
}

// REQUIRES: two runs on each side.
boost::math::students_t StudentFor(std::size_t runs_a, std::size_t runs_b) {
  return boost::math::students_t(static_cast<double>(runs_a + runs_b - 2));
}

}  // namespace

double Power(double effect, double spread, std::size_t runs_a, std::size_t runs_b, double alpha) {
  if (runs_a < 2 || runs_b < 2) return 0;
  if (spread <= 0) return effect == 0 ? 0 : 1;
  const boost::math::students_t student = StudentFor(runs_a, runs_b);
  const double bound = boost::math::quantile(student, 1 - alpha / 2);
  const double shift = std::abs(effect) / ErrorOf(spread, runs_a, runs_b);
  if (shift > 30) return 1;  // beyond what the series of Boost is good for, and 1 in every digit
  const boost::math::non_central_t moved(student.degrees_of_freedom(), shift);
  return boost::math::cdf(boost::math::complement(moved, bound));
}

double HalfWidth(double spread, std::size_t runs_a, std::size_t runs_b, double alpha) {
  if (runs_a < 2 || runs_b < 2) return kInfinite;
  return boost::math::quantile(StudentFor(runs_a, runs_b), 1 - alpha / 2) *
         ErrorOf(spread, runs_a, runs_b);
}

double SmallestDetectable(double spread, std::size_t runs_a, std::size_t runs_b, double alpha,
                          double power) {
  if (runs_a < 2 || runs_b < 2) return kInfinite;
  return HalfWidth(spread, runs_a, runs_b, alpha) +
         boost::math::quantile(StudentFor(runs_a, runs_b), power) * ErrorOf(spread, runs_a, runs_b);
}

std::optional<std::size_t> RunsForHalfWidth(double distance, double spread, double alpha) {
  std::size_t low = 2;  // bisection: the width falls with every run
  std::size_t high = kMostRuns;
  if (!(HalfWidth(spread, high, high, alpha) < distance)) return std::nullopt;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (HalfWidth(spread, middle, middle, alpha) < distance) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

double PooledSpread(double sum_of_squares_a, std::size_t runs_a, double sum_of_squares_b,
                    std::size_t runs_b) {
  const std::size_t runs = runs_a + runs_b;
  const std::size_t means = (runs_a > 0 ? 1U : 0U) + (runs_b > 0 ? 1U : 0U);
  if (runs <= means) return 0;
  return std::sqrt((sum_of_squares_a + sum_of_squares_b) / static_cast<double>(runs - means));
}

}  // namespace mbench
