// SPDX-License-Identifier: Apache-2.0
#include "reports/model/knee.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mbench {
namespace {

double MedianOf3(double a, double b, double c) {
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

std::vector<double> SmoothAndRising(const std::vector<double>& values) {
  std::vector<double> smooth = values;
  for (std::size_t i = 1; i + 1 < values.size(); ++i)
    smooth[i] = MedianOf3(values[i - 1], values[i], values[i + 1]);
  for (std::size_t i = 1; i < smooth.size(); ++i) smooth[i] = std::max(smooth[i], smooth[i - 1]);
  return smooth;
}

// Of all pairs, those whose latency is lower at the higher load.
double FallingPairs(const std::vector<double>& values) {
  std::size_t falling = 0, pairs = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = i + 1; j < values.size(); ++j) {
      ++pairs;
      if (values[j] < values[i]) ++falling;
    }
  }
  return pairs == 0 ? 0 : static_cast<double>(falling) / static_cast<double>(pairs);
}

}  // namespace

std::optional<Knee> FindKnee(std::span<const double> load, std::span<const double> latency) {
  std::vector<std::size_t> places;
  std::vector<double> values;
  for (std::size_t i = 0; i < load.size() && i < latency.size(); ++i) {
    if (!std::isfinite(load[i]) || !(latency[i] > 0) || !std::isfinite(latency[i])) continue;
    places.push_back(i);
    values.push_back(latency[i]);
  }
  if (places.size() < kLeastLevels) return std::nullopt;
  const std::vector<double> y = SmoothAndRising(values);
  const double x0 = load[places.front()];
  const double width = load[places.back()] - x0;
  const double height = y.back() - y.front();
  if (width <= 0 || y.back() < kLeastRise * y.front()) return std::nullopt;
  if (FallingPairs(values) > kMostFalling) return std::nullopt;
  std::vector<double> depth;
  for (std::size_t i = 0; i < places.size(); ++i)
    depth.push_back((load[places[i]] - x0) / width - (y[i] - y.front()) / height);
  const auto best = static_cast<std::size_t>(std::ranges::max_element(depth) - depth.begin());
  if (depth[best] < kLeastDepth) return std::nullopt;
  std::size_t low = best, high = best;
  while (low > 0 && depth[low - 1] >= kNearly * depth[best]) --low;
  while (high + 1 < depth.size() && depth[high + 1] >= kNearly * depth[best]) ++high;
  return Knee{.at = places[best], .low = places[low], .high = places[high]};
}

}  // namespace mbench
