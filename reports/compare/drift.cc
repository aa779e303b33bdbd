// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/drift.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/stats/distributions.h"
#include "reports/compare/moments.h"

namespace mbench {
namespace {

// Slopes of all pairs: 1,128.
constexpr std::size_t kMostBlocks = 48;
constexpr std::size_t kLeastInBlock = 2;
constexpr double kMostRho = 0.95;
constexpr double kRounding = 1e-20;  // of squares

struct Series {
  std::vector<double> at, value;
};

Series Finite(std::span<const double> at_s, std::span<const double> values) {
  Series finite;
  for (std::size_t i = 0; i < std::min(at_s.size(), values.size()); ++i) {
    if (!std::isfinite(values[i]) || !std::isfinite(at_s[i])) continue;
    finite.at.push_back(at_s[i]);
    finite.value.push_back(values[i]);
  }
  return finite;
}

// As even as can be; each with the middle of its times.
Series Blocks(const Series& points) {
  const std::size_t count = std::min(kMostBlocks, points.at.size() / kLeastInBlock);
  Series blocks;
  for (std::size_t block = 0; block < count; ++block) {
    const auto begin = static_cast<std::ptrdiff_t>(block * points.at.size() / count);
    const auto end = static_cast<std::ptrdiff_t>((block + 1) * points.at.size() / count);
    blocks.at.push_back(MedianOf({points.at.begin() + begin, points.at.begin() + end}));
    blocks.value.push_back(MedianOf({points.value.begin() + begin, points.value.begin() + end}));
  }
  return blocks;
}

std::vector<double> SortedSlopes(const Series& blocks) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < blocks.at.size(); ++i)
    for (std::size_t j = i + 1; j < blocks.at.size(); ++j)
      if (blocks.at[j] > blocks.at[i])
        slopes.push_back((blocks.value[j] - blocks.value[i]) / (blocks.at[j] - blocks.at[i]));
  std::sort(slopes.begin(), slopes.end());
  return slopes;
}

// Of neighbours, in what is left over when the line is taken out.
double RhoOf(const Series& blocks, double slope) {
  const std::size_t n = blocks.at.size();
  std::vector<double> left;
  for (std::size_t i = 0; i < n; ++i) left.push_back(blocks.value[i] - slope * blocks.at[i]);
  double mean = 0, squares = 0, products = 0, largest = 0;
  for (const double value : left) mean += value / static_cast<double>(n);
  for (const double value : blocks.value) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < n; ++i) {
    squares += (left[i] - mean) * (left[i] - mean);
    if (i > 0) products += (left[i] - mean) * (left[i - 1] - mean);
  }
  // A straight line leaves nothing but what rounding makes.
  if (squares <= largest * largest * kRounding) return 0;
  // A line has two parameters: E[r] is about rho - (2 + 4 rho) / n.
  const auto count = static_cast<double>(n);
  const double rho = (count * products / squares + 2) / (count - 4);
  return std::clamp(rho, 0.0, kMostRho);
}

}  // namespace

std::optional<Drift> FindDrift(std::span<const double> at_s, std::span<const double> values,
                               double confidence) {
  const Series points = Finite(at_s, values);
  if (points.at.size() < kLeastDriftPoints) return std::nullopt;
  const Series blocks = Blocks(points);
  const std::vector<double> slopes = SortedSlopes(blocks);
  if (slopes.empty()) return std::nullopt;

  Drift drift{.per_s = MedianOf(slopes), .level = MedianOf(points.value)};
  drift.rho = RhoOf(blocks, drift.per_s);
  const auto n = static_cast<double>(blocks.at.size());
  const double inflation = (1 + drift.rho) / (1 - drift.rho);
  const double degrees = n / inflation - 2;
  if (degrees < 1) return std::nullopt;
  const boost::math::students_t student(degrees);
  const double t = boost::math::quantile(student, (1 + confidence) / 2);
  const double deviation = std::sqrt(n * (n - 1) * (2 * n + 5) / 18 * inflation);
  const auto all = static_cast<double>(slopes.size());
  const double low = (all - t * deviation) / 2 - 1, high = (all + t * deviation) / 2;
  if (low < 0 || high > all - 1) return std::nullopt;
  drift.low = slopes[static_cast<std::size_t>(std::floor(low))];
  drift.high = slopes[static_cast<std::size_t>(std::ceil(high))];
  return drift;
}

}  // namespace mbench
