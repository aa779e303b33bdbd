// SPDX-License-Identifier: Apache-2.0
#include "harness/find/belief.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace mbench {
namespace {

// Beyond the probes the capacity may lie as far away as this factor.
constexpr double kBeyond = 16;
constexpr double kSlack = 0.05;
// Any probe may be wrong altogether, for a reason that nobody saw.
constexpr double kPlainlyWrong = 1e-4;
constexpr std::array kSpreads = {1.0, 1.5, 2.5, 4.0};
// Between two probes the belief is constant in pieces, short ones near the probes.
constexpr std::array kPieces = {0.0, 0.02, 0.06, 0.15, 0.3, 0.5, 0.7, 0.85, 0.94, 0.98, 1.0};

double NormalProbability(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double Likelihood(const Probe& probe, double at, double spread) {
  const double distance = at - std::log(probe.level);
  const double clarity = std::abs(probe.clarity);
  const bool agrees = (distance >= 0) == (probe.clarity >= 0);
  if (agrees) return 1 - NormalProbability(-clarity / spread);
  return std::max(NormalProbability(-(clarity + std::abs(distance) / kSlack) / spread),
                  kPlainlyWrong);
}

}  // namespace

CapacityBelief::CapacityBelief(std::span<const Probe> probes) {
  std::vector<double> bounds;
  for (const Probe& probe : probes)
    if (probe.Counts()) bounds.push_back(std::log(probe.level));
  if (bounds.empty()) return;
  std::ranges::sort(bounds);
  bounds.insert(bounds.begin(), bounds.front() - std::log(kBeyond));
  bounds.push_back(bounds.back() + std::log(kBeyond));
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    const double length = bounds[i + 1] - bounds[i];
    if (length <= 0) continue;
    for (std::size_t piece = 0; piece + 1 < kPieces.size(); ++piece)
      segments_.push_back(
          {bounds[i] + kPieces[piece] * length, bounds[i] + kPieces[piece + 1] * length, 0});
  }
  double sum = 0;
  for (Segment& segment : segments_) {
    const double middle = (segment.from + segment.to) / 2;
    for (const double spread : kSpreads) {
      double mass = (segment.to - segment.from) / (spread * spread);
      for (const Probe& probe : probes)
        if (probe.Counts()) mass *= Likelihood(probe, middle, spread);
      segment.mass += mass;
    }
    sum += segment.mass;
  }
  for (Segment& segment : segments_) segment.mass /= sum;
}

double CapacityBelief::Quantile(double probability) const {
  double below = 0;
  for (const Segment& segment : segments_) {
    if (segment.mass > 0 && below + segment.mass >= probability) {
      const double part = (probability - below) / segment.mass;
      return std::exp(segment.from + part * (segment.to - segment.from));
    }
    below += segment.mass;
  }
  return segments_.empty() ? 0 : std::exp(segments_.back().to);
}

double CapacityBelief::MassBelow(double level) const {
  const double at = std::log(level);
  double below = 0;
  for (const Segment& segment : segments_) {
    if (segment.to <= at)
      below += segment.mass;
    else if (segment.from < at)
      below += segment.mass * (at - segment.from) / (segment.to - segment.from);
  }
  return below;
}

}  // namespace mbench
