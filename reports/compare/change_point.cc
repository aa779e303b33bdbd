// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/change_point.h"

#include <algorithm>
#include <utility>

#include "harness/base/rng.h"

namespace mbench {
namespace {

struct Split {
  std::size_t index = 0;
  double statistic = -1;
};

double MeanOf(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// The sum of squares between the two parts, which for a given row of values grows with the t
// statistic of the split. `values` have mean 0.
Split BestSplit(std::span<const double> values, std::size_t min_segment) {
  Split best;
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (std::size_t k = 1; k + min_segment <= values.size(); ++k) {
    sum += values[k - 1];
    if (k < min_segment) continue;
    const auto before = static_cast<double>(k);
    const double statistic = sum * sum * n / (before * (n - before));
    if (statistic > best.statistic) best = {k, statistic};
  }
  return best;
}

class Segmenter {
 public:
  explicit Segmenter(const ChangePointOptions& options) : options_(options), rng_(options.seed) {}

  void Segment(std::span<const double> values, std::size_t offset, double alpha) {
    const std::size_t shortest = std::max<std::size_t>(options_.min_segment, 1);
    if (values.size() < 2 * shortest) return;
    std::vector<double> centered(values.begin(), values.end());
    const double mean = MeanOf(values);
    for (double& value : centered) value -= mean;
    const Split split = BestSplit(centered, shortest);
    const double p = PermutedP(split.statistic, shortest, &centered);
    if (p > alpha) return;
    const auto before = values.first(split.index);
    const auto after = values.subspan(split.index);
    Segment(before, offset, alpha / 2);
    found.push_back({offset + split.index, MeanOf(before), MeanOf(after), p});
    Segment(after, offset + split.index, alpha / 2);
  }

  std::vector<ChangePoint> found;

 private:
  double PermutedP(double statistic, std::size_t shortest, std::vector<double>* values) {
    if (statistic <= 0) return 1;
    const double limit = statistic * (1 - 1e-9);  // equal on paper may differ in the last bits
    std::size_t hits = 0;
    for (std::size_t draw = 0; draw < options_.permutations; ++draw) {
      for (std::size_t i = 0; i + 1 < values->size(); ++i)
        std::swap((*values)[i], (*values)[i + rng_.Below(values->size() - i)]);
      if (BestSplit(*values, shortest).statistic >= limit) ++hits;
    }
    return static_cast<double>(1 + hits) / static_cast<double>(1 + options_.permutations);
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
