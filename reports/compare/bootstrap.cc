// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/base/rng.h"
#include "harness/stats/distributions.h"

namespace mbench {
namespace {

double Mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

double SquaresAround(std::span<const double> values, double mean) {
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares;
}

// Mean variance of the deviations within runs.
double WithinVariance(const BootstrapSide& side) {
  double sum = 0;
  std::size_t runs = 0;
  for (const std::span<const float> noise : side.noise) {
    if (noise.empty()) continue;
    double squares = 0;
    for (const float deviation : noise) squares += static_cast<double>(deviation) * deviation;
    sum += squares / static_cast<double>(noise.size());
    ++runs;
  }
  return runs == 0 ? 0 : sum / static_cast<double>(runs);
}

// One side, ready to be drawn from.
class Drawer {
 public:
  // `between`: the variance between runs, over both sides.
  Drawer(const BootstrapSide& side, double between) : side_(side), mean_(Mean(side.values)) {
    const auto runs = static_cast<double>(side.values.size());
    const double wanted = std::max(0.0, between - WithinVariance(side));
    const double have = SquaresAround(side.values, mean_) / runs;
    shrink_ = have > 0 ? std::sqrt(wanted / have) : 0;
  }

  double DrawMean(Rng* rng) const {
    double sum = 0;
    for (std::size_t i = 0; i < side_.values.size(); ++i) sum += DrawRun(rng);
    return sum / static_cast<double>(side_.values.size());
  }

 private:
  double DrawRun(Rng* rng) const {
    const std::size_t run = rng->Below(side_.values.size());
    const double value = shrink_ * (side_.values[run] - mean_);
    if (run >= side_.noise.size() || side_.noise[run].empty()) return value;
    const std::span<const float> noise = side_.noise[run];
    return value + noise[rng->Below(noise.size())];
  }

  const BootstrapSide& side_;
  double mean_;
  double shrink_ = 0;
};

// The level of a percentile of draws that is as far out as Student's t is at `level`. REQUIRES: at
// least one degree of freedom.
double ExpandedLevel(double level, double degrees) {
  const boost::math::students_t student(degrees);
  return boost::math::cdf(boost::math::normal(), boost::math::quantile(student, level));
}

// Linear between neighbours. REQUIRES: ascending, not empty.
double SortedQuantile(std::span<const double> sorted, double level) {
  const double at = std::clamp(level, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

// The draw at `level`, 0 < level < 1/2, or at 1 - level. Further out than kFurthestLevel there are
// too few draws; from there the tail is taken to be that of a normal distribution.
constexpr double kFurthestLevel = 0.01;

double TailQuantile(std::span<const double> sorted, double level, bool upper) {
  const double near = std::max(level, kFurthestLevel);
  const double value = SortedQuantile(sorted, upper ? 1 - near : near);
  if (level >= kFurthestLevel) return value;
  const boost::math::normal normal;
  const double z = boost::math::quantile(normal, std::max(level, 1e-15));
  return value * z / boost::math::quantile(normal, near);
}

// One run tells nothing of how much runs differ, whatever is known of chance within it: intervals
// made of that alone hold the truth in half of the cases.
bool KnowsNothing(const BootstrapSide& side) { return side.values.size() < 2; }

}  // namespace

BootstrapEstimate Bootstrap(const BootstrapSide& a, const BootstrapSide& b, double alpha,
                            std::size_t resamples, std::uint64_t seed) {
  BootstrapEstimate estimate;
  const double mean_a = Mean(a.values);
  const double mean_b = Mean(b.values);
  estimate.difference = mean_b - mean_a;
  estimate.low = -std::numeric_limits<double>::infinity();
  estimate.high = std::numeric_limits<double>::infinity();
  if (KnowsNothing(a) || KnowsNothing(b) || resamples == 0) return estimate;

  const double degrees = static_cast<double>(a.values.size() + b.values.size()) - 2;
  const double squares = SquaresAround(a.values, mean_a) + SquaresAround(b.values, mean_b);
  const double between = squares / degrees;
  const Drawer draw_a(a, between);
  const Drawer draw_b(b, between);
  Rng rng(seed);
  std::vector<double> draws(resamples);
  for (double& draw : draws) draw = draw_b.DrawMean(&rng) - draw_a.DrawMean(&rng);
  std::ranges::sort(draws);
  const double level = ExpandedLevel(alpha / 2, degrees);
  estimate.low = estimate.difference + TailQuantile(draws, level, false);
  estimate.high = estimate.difference + TailQuantile(draws, level, true);
  return estimate;
}

}  // namespace mbench
