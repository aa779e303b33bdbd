// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/better_of_two.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <utility>
#include <vector>

#include "harness/stats/distributions.h"

namespace mbench {
namespace {

constexpr int kPoints = 60;  // of the grid, even in log x: the trapezoid rule is exact to 1e-6

struct Point {
  double x = 0;
  double weight = 0;
};

std::vector<Point> ChiSquaredGrid(double degrees) {
  const boost::math::chi_squared chi(degrees);
  const double low = std::log(boost::math::quantile(chi, 1e-10));
  const double high = std::log(boost::math::quantile(boost::math::complement(chi, 1e-10)));
  const double step = (high - low) / (kPoints - 1);
  std::vector<Point> grid;
  for (int i = 0; i < kPoints; ++i) {
    const double x = std::exp(low + i * step);
    grid.push_back({x, boost::math::pdf(chi, x) * x * step});
  }
  return grid;
}

double TwoSidedQuantile(double degrees, double p) {
  return boost::math::quantile(boost::math::complement(boost::math::students_t(degrees), p / 2));
}

}  // namespace

double PValueOfBetter(double smaller_p, std::size_t pairs) {
  if (smaller_p <= 0 || smaller_p >= 1) return std::clamp(smaller_p, 0.0, 1.0);
  const double degrees = static_cast<double>(pairs) - 1;
  const double paired = TwoSidedQuantile(degrees, smaller_p) / std::sqrt(degrees);
  const double unpaired = TwoSidedQuantile(2 * degrees, smaller_p) / std::sqrt(2 * degrees);
  const std::vector<Point> grid = ChiSquaredGrid(degrees);
  double sum = 0;
  for (const Point& x : grid) {
    for (const Point& y : grid) {
      const double bound = std::min(paired * std::sqrt(x.x), unpaired * std::sqrt(x.x + y.x));
      sum += x.weight * y.weight * std::erfc(bound / std::numbers::sqrt2);
    }
  }
  return std::clamp(sum, smaller_p, 1.0);
}

double LevelOfEach(double alpha, std::size_t pairs) {
  static std::mutex mutex;
  static std::map<std::pair<double, std::size_t>, double> known;  // it is asked for every metric
  const std::lock_guard lock(mutex);
  const auto [entry, is_new] = known.try_emplace({alpha, pairs}, 0);
  if (!is_new) return entry->second;
  double low = alpha / 2;
  double high = alpha;
  for (int i = 0; i < 30; ++i) {
    const double middle = (low + high) / 2;
    (PValueOfBetter(middle, pairs) > alpha ? high : low) = middle;
  }
  return entry->second = low;
}

}  // namespace mbench
