// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/change_point.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "harness/base/rng.h"
#include "reports/compare/moments.h"
#include "reports/compare/random.h"

namespace mbench {
namespace {

struct Split {
  std::size_t index = 0;
  double statistic = -1;  // t squared, but for a factor
};

// The sum of squares between the two parts, over that within them.
Split BestSplit(std::span<const double> values, std::size_t min_segment) {
  Split best;
  const auto n = static_cast<double>(values.size());
  const double mean = MeanOf(values);
  const double total = SquaresOf(values);
  double sum = 0;
  for (std::size_t k = 1; k + min_segment <= values.size(); ++k) {
    sum += values[k - 1] - mean;
    if (k < min_segment) continue;
    const auto before = static_cast<double>(k);
    const double between = sum * sum * n / (before * (n - before));
    if (between > best.statistic) best = {k, between};
  }
  // Rounding is no difference, and leaves no spread where there is none.
  if (total <= 1e-20 * n * mean * mean) return {best.index, 0};
  const double within = std::max(total - best.statistic, 1e-12 * total);
  best.statistic /= within;
  return best;
}

// What is left when both parts are set to level 0.
void TakeLevels(std::size_t split, std::span<double> values) {
  const double before = MeanOf(values.first(split));
  const double after = MeanOf(values.subspan(split));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= i < split ? before : after;
}

// `levels`: how many were taken away; each hides memory.
double MemoryOfResiduals(std::span<const double> residuals, double levels) {
  double squares = 0;
  double products = 0;
  double last = 0;
  for (const double residual : residuals) {
    squares += residual * residual;
    products += residual * last;
    last = residual;
  }
  if (squares <= 0) return 0;
  const double memory = products / squares;
  return memory + levels * (1 + 3 * memory) / static_cast<double>(residuals.size());
}

// A row with two changes has much memory around one of them, so a longer row is also asked when
// each part was split once more; the bias was measured, as is that of one split.
constexpr std::size_t kLongRow = 20;
constexpr double kBiasOfOneSplit = 3;
constexpr double kBiasOfThreeSplits = 10;

double MemoryOf(std::span<const double> values, std::size_t split, std::size_t shortest) {
  std::vector<double> residuals(values.begin(), values.end());
  TakeLevels(split, residuals);
  double memory = MemoryOfResiduals(residuals, kBiasOfOneSplit);
  if (values.size() >= kLongRow) {
    for (const std::span<double> part :
         {std::span(residuals).first(split), std::span(residuals).subspan(split)})
      if (part.size() >= 2 * shortest) TakeLevels(BestSplit(part, shortest).index, part);
    memory = std::min(memory, MemoryOfResiduals(residuals, kBiasOfThreeSplits));
  }
  return std::clamp(memory, 0.0, 0.95);
}

class Segmenter {
 public:
  explicit Segmenter(const ChangePointOptions& options) : options_(options), rng_(options.seed) {}

  void Segment(std::span<const double> values, std::size_t offset, double alpha) {
    const std::size_t shortest = std::max<std::size_t>(options_.min_segment, 1);
    if (values.size() < 2 * shortest) return;
    const Split split = BestSplit(values, shortest);
    const double p = ChanceOf(split, values, shortest, alpha);
    if (p > alpha) return;
    const auto before = values.first(split.index);
    const auto after = values.subspan(split.index);
    Segment(before, offset, alpha / 2);
    found.push_back({offset + split.index, MeanOf(before), MeanOf(after), p});
    Segment(after, offset + split.index, alpha / 2);
  }

  std::vector<ChangePoint> found;

 private:
  // Ends as soon as it is above alpha for certain.
  double ChanceOf(const Split& split, std::span<const double> values, std::size_t shortest,
                  double alpha) {
    if (split.statistic <= 0) return 1;
    const double memory = MemoryOf(values, split.index, shortest);
    const double fresh = std::sqrt(1 - memory * memory);
    const double enough = alpha * static_cast<double>(1 + options_.draws);
    std::vector<double> row(values.size());
    std::size_t hits = 0;
    for (std::size_t draw = 0; draw < options_.draws; ++draw) {
      double state = DrawNormal(&rng_);
      for (double& value : row) {
        value = state;
        state = memory * state + fresh * DrawNormal(&rng_);
      }
      if (BestSplit(row, shortest).statistic >= split.statistic) ++hits;
      if (static_cast<double>(1 + hits) > enough)
        return static_cast<double>(1 + hits) / static_cast<double>(2 + draw);
    }
    return static_cast<double>(1 + hits) / static_cast<double>(1 + options_.draws);
  }

  const ChangePointOptions& options_;
  Rng rng_;
};

}  // namespace

std::vector<ChangePoint> FindChangePoints(std::span<const double> values,
                                          const ChangePointOptions& options) {
  Segmenter segmenter(options);
  segmenter.Segment(values, 0, options.alpha);
  return std::move(segmenter.found);
}

}  // namespace mbench
