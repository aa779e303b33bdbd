// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/shift.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/base/rng.h"

namespace mbench {
namespace {

constexpr std::size_t kPoints = kCurvePercentiles.size();
using Curve = std::array<double, kPoints>;

std::vector<Curve> CurvesOf(std::span<const RunSample> runs) {
  std::vector<Curve> curves;
  for (const RunSample& run : runs) {
    if (!run.Valid() || run.curve.size() != kPoints) continue;
    std::ranges::copy(run.curve, curves.emplace_back().begin());
  }
  return curves;
}

struct Moments {
  Curve mean{};
  Curve squares{};  // around the mean
};

Moments MomentsOf(std::span<const Curve> curves) {
  Moments moments;
  for (std::size_t i = 0; i < kPoints; ++i) {
    for (const Curve& curve : curves) moments.mean[i] += curve[i];
    moments.mean[i] /= static_cast<double>(curves.size());
    for (const Curve& curve : curves)
      moments.squares[i] += (curve[i] - moments.mean[i]) * (curve[i] - moments.mean[i]);
  }
  return moments;
}

// Differences of the means of the first `runs_a` curves and the rest, and their standard errors.
struct Contrast {
  Curve difference{};
  Curve error{};
};

Contrast ContrastOf(std::span<const Curve> curves, std::size_t runs_a) {
  const Moments a = MomentsOf(curves.first(runs_a));
  const Moments b = MomentsOf(curves.subspan(runs_a));
  const auto na = static_cast<double>(runs_a);
  const double nb = static_cast<double>(curves.size()) - na;
  Contrast contrast;
  for (std::size_t i = 0; i < kPoints; ++i) {
    contrast.difference[i] = b.mean[i] - a.mean[i];
    const double variance = (a.squares[i] + b.squares[i]) / (na + nb - 2);
    contrast.error[i] = std::sqrt(variance * (1 / na + 1 / nb));
  }
  return contrast;
}

double LargestT(const Contrast& contrast) {
  double largest = 0;
  for (std::size_t i = 0; i < kPoints; ++i)
    if (contrast.error[i] > 0)
      largest = std::max(largest, std::abs(contrast.difference[i]) / contrast.error[i]);
  return largest;
}

// How many standard errors the band is wide: the 1 - alpha quantile of the largest t when curves,
// each around the mean of its side, are dealt out anew.
double BandFactor(std::vector<Curve> curves, std::size_t runs_a, const CompareOptions& options) {
  const Moments a = MomentsOf(std::span(curves).first(runs_a));
  const Moments b = MomentsOf(std::span(curves).subspan(runs_a));
  for (std::size_t run = 0; run < curves.size(); ++run)
    for (std::size_t i = 0; i < kPoints; ++i)
      curves[run][i] -= run < runs_a ? a.mean[i] : b.mean[i];
  Rng rng(options.seed);
  std::vector<double> largest;
  for (std::size_t draw = 0; draw < options.resamples; ++draw) {
    for (std::size_t i = 0; i + 1 < curves.size(); ++i)
      std::swap(curves[i], curves[i + rng.Below(curves.size() - i)]);
    largest.push_back(LargestT(ContrastOf(curves, runs_a)));
  }
  std::ranges::sort(largest);
  const double at = std::ceil((1 - options.alpha) * static_cast<double>(largest.size()));
  return largest[std::min(static_cast<std::size_t>(at), largest.size() - 1)];
}

}  // namespace

Shift ComputeShift(std::span<const RunSample> a, std::span<const RunSample> b,
                   const CompareOptions& options) {
  std::vector<Curve> curves = CurvesOf(a);
  const std::vector<Curve> curves_b = CurvesOf(b);
  const std::size_t runs_a = curves.size();
  Shift shift;
  if (runs_a < 2 || curves_b.size() < 2 || options.resamples == 0) return shift;
  curves.insert(curves.end(), curves_b.begin(), curves_b.end());

  const Moments mean_a = MomentsOf(std::span(curves).first(runs_a));
  const Contrast contrast = ContrastOf(curves, runs_a);
  const double factor = BandFactor(curves, runs_a, options);
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double difference = contrast.difference[i];
    const double half = factor * contrast.error[i];
    shift.points.push_back({kCurvePercentiles[i], std::exp(mean_a.mean[i]),
                            std::exp(mean_a.mean[i] + difference), std::exp(difference),
                            std::exp(difference - half), std::exp(difference + half)});
    shift.differs = shift.differs || std::abs(difference) > half;
  }
  return shift;
}

}  // namespace mbench
