// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/better_of_two.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
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

// By the integral above.
double ExactPValue(double smaller_p, double degrees, const std::vector<Point>& grid) {
  const double paired = TwoSidedQuantile(degrees, smaller_p) / std::sqrt(degrees);
  const double unpaired = TwoSidedQuantile(2 * degrees, smaller_p) / std::sqrt(2 * degrees);
  double sum = 0;
  for (const Point& x : grid) {
    for (const Point& y : grid) {
      const double bound = std::min(paired * std::sqrt(x.x), unpaired * std::sqrt(x.x + y.x));
      sum += x.weight * y.weight * std::erfc(bound / std::numbers::sqrt2);
    }
  }
  return std::clamp(sum, smaller_p, std::min(1.0, 2 * smaller_p));
}

// How much larger P is than the smaller p, between 1 and 2, at even distances of log p. A
// comparison asks for it a hundred times.
class Table {
 public:
  explicit Table(std::size_t pairs) {
    const double degrees = static_cast<double>(pairs) - 1;
    const std::vector<Point> grid = ChiSquaredGrid(degrees);
    for (int i = 0; i < kEntries; ++i) {
      const double p = std::exp(kLowest * (1 - static_cast<double>(i) / (kEntries - 1)));
      factors_.push_back(i + 1 < kEntries ? ExactPValue(p, degrees, grid) / p : 1);
    }
  }

  double P(double smaller_p) const {
    const double at = std::clamp(1 - std::log(smaller_p) / kLowest, 0.0, 1.0) * (kEntries - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min<std::size_t>(below + 1, kEntries - 1);
    const double part = at - static_cast<double>(below);
    return std::min(1.0,
                    smaller_p * (factors_[below] + part * (factors_[above] - factors_[below])));
  }

 private:
  static constexpr int kEntries = 81;
  static constexpr double kLowest = -28;  // of log p; below it the factor is that at 1e-12

  std::vector<double> factors_;
};

const Table& TableOf(std::size_t pairs) {
  static std::mutex mutex;
  static std::map<std::size_t, Table> tables;
  const std::lock_guard lock(mutex);
  return tables.try_emplace(pairs, pairs).first->second;
}

}  // namespace

double PValueOfBetter(double smaller_p, std::size_t pairs) {
  if (smaller_p <= 0 || smaller_p >= 1) return std::clamp(smaller_p, 0.0, 1.0);
  return TableOf(pairs).P(smaller_p);
}

double LevelOfEach(double alpha, std::size_t pairs) {
  const Table& table = TableOf(pairs);
  double low = alpha / 2;
  double high = alpha;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    (table.P(middle) > alpha ? high : low) = middle;
  }
  return low;
}

}  // namespace mbench
