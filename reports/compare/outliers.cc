// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/outliers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/stats/distributions.h"

namespace mbench {
namespace {

struct Moments {
  double mean = 0;
  double deviation = 0;
};

Moments MomentsOf(std::span<const double> values, std::span<const std::size_t> kept) {
  Moments moments;
  for (const std::size_t i : kept) moments.mean += values[i];
  moments.mean /= static_cast<double>(kept.size());
  double squares = 0;
  for (const std::size_t i : kept)
    squares += (values[i] - moments.mean) * (values[i] - moments.mean);
  moments.deviation = std::sqrt(squares / static_cast<double>(kept.size() - 1));
  return moments;
}

// The probability that the furthest of so many values is this far from the mean of the others.
double ChanceOf(double value, const Moments& others, std::size_t count) {
  const double distance = std::abs(value - others.mean);
  const auto n = static_cast<double>(count);
  if (others.deviation <= 0) return distance > 1e-12 ? 0 : 1;
  const double t = distance / (others.deviation * std::sqrt(1 + 1 / n));
  const boost::math::students_t student(n - 1);
  return std::min(1.0, 2 * (n + 1) * boost::math::cdf(boost::math::complement(student, t)));
}

}  // namespace

std::vector<std::size_t> FindOutliers(std::span<const double> values) {
  if (values.size() < 5) return {};
  std::vector<std::size_t> kept(values.size());
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  std::vector<std::size_t> taken;
  std::size_t outlying = 0;
  const std::size_t most = std::max<std::size_t>(1, values.size() / 6);
  while (taken.size() < most) {
    const double mean = MomentsOf(values, kept).mean;
    const auto furthest = std::ranges::max_element(
        kept, {}, [&](std::size_t i) { return std::abs(values[i] - mean); });
    taken.push_back(*furthest);
    kept.erase(furthest);
    if (ChanceOf(values[taken.back()], MomentsOf(values, kept), kept.size()) < kOutlierLevel)
      outlying = taken.size();
  }
  taken.resize(outlying);
  std::ranges::sort(taken);
  return taken;
}

}  // namespace mbench
