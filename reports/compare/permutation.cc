// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/permutation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "harness/base/rng.h"

namespace mbench {
namespace {

double Splits(std::size_t runs_a, std::size_t runs_b) {
  double splits = 1;
  const std::size_t chosen = std::min(runs_a, runs_b);
  for (std::size_t i = 1; i <= chosen; ++i)
    splits = splits * static_cast<double>(runs_a + runs_b - chosen + i) / static_cast<double>(i);
  return splits;
}

// The values lie around 0, so the sums of the two sides are opposite, and what is known of one side
// (its sum and its sum of squares) tells the statistic.
class Deal {
 public:
  Deal(std::span<const double> a, std::span<const double> b) {
    if (a.size() > b.size()) std::swap(a, b);  // the statistic does not mind
    chosen_ = a.size();
    values_.assign(a.begin(), a.end());
    values_.insert(values_.end(), b.begin(), b.end());
    chosen_count_ = static_cast<double>(a.size());
    other_count_ = static_cast<double>(b.size());
    const double mean =
        std::accumulate(values_.begin(), values_.end(), 0.0) / (chosen_count_ + other_count_);
    for (double& value : values_) {
      value -= mean;
      squares_ += value * value;
    }
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < chosen_; ++i) {
      sum += values_[i];
      squares += values_[i] * values_[i];
    }
    // Statistics that are equal on paper may differ in the last bits.
    limit_ = Statistic(sum, squares) * (1 - 1e-9);
  }

  // Part of all splits that are as far out.
  double Exact() {
    Descend(0, chosen_, 0, 0);
    return static_cast<double>(hits_) / static_cast<double>(seen_);
  }

  double Sampled(std::size_t draws, Rng* rng) {
    for (std::size_t draw = 0; draw < draws; ++draw) {
      double sum = 0;
      double squares = 0;
      for (std::size_t i = 0; i < chosen_; ++i) {  // Fisher and Yates, as far as it is needed
        std::swap(values_[i], values_[i + rng->Below(values_.size() - i)]);
        sum += values_[i];
        squares += values_[i] * values_[i];
      }
      Count(sum, squares);
    }
    return static_cast<double>(1 + hits_) / static_cast<double>(1 + seen_);
  }

 private:
  // The square of the difference of means over its variance; with a side of one value, which has
  // none, over that of all.
  double Statistic(double sum, double squares) const {
    const double difference = sum / chosen_count_ + sum / other_count_;
    const double within_chosen = std::max(squares - sum * sum / chosen_count_, 0.0);
    const double within_other = std::max(squares_ - squares - sum * sum / other_count_, 0.0);
    const double variance = chosen_ < 2 ? squares_
                                        : within_chosen / (chosen_count_ * (chosen_count_ - 1)) +
                                              within_other / (other_count_ * (other_count_ - 1));
    // Rounding must not make a difference of nothing, nor spread where there is none.
    const double least = 1e-24 * squares_;
    if (difference * difference <= least) return 0;
    return difference * difference / std::max(variance, least);
  }

  void Count(double sum, double squares) {
    ++seen_;
    if (Statistic(sum, squares) >= limit_) ++hits_;
  }

  void Descend(std::size_t next, std::size_t left, double sum, double squares) {
    if (left == 0) return Count(sum, squares);
    for (std::size_t i = next; i + left <= values_.size(); ++i)
      Descend(i + 1, left - 1, sum + values_[i], squares + values_[i] * values_[i]);
  }

  std::vector<double> values_;
  std::size_t chosen_ = 0;  // the smaller side, which comes first
  double chosen_count_ = 0;
  double other_count_ = 0;
  double squares_ = 0;  // of all
  double limit_ = 0;
  std::uint64_t seen_ = 0;
  std::uint64_t hits_ = 0;
};

// Ranks among both sides, equal values in the middle of theirs; those of `a` come first.
std::vector<double> RanksOf(std::span<const double> a, std::span<const double> b) {
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  std::vector<double> sorted = all;
  std::ranges::sort(sorted);
  for (double& value : all) {
    const auto [first, last] = std::ranges::equal_range(sorted, value);
    value = static_cast<double>((first - sorted.begin()) + (last - sorted.begin()));
  }
  return all;
}

}  // namespace

double PermutationP(std::span<const double> a, std::span<const double> b, std::uint64_t seed) {
  if (a.empty() || b.empty()) return 1;
  Deal deal(a, b);
  if (Splits(a.size(), b.size()) <= kMostExactSplits) return deal.Exact();
  Rng rng(seed);
  return deal.Sampled(kSampledSplits, &rng);
}

double RankPermutationP(std::span<const double> a, std::span<const double> b, std::uint64_t seed) {
  const std::vector<double> ranks = RanksOf(a, b);
  return PermutationP(std::span(ranks).first(a.size()), std::span(ranks).subspan(a.size()), seed);
}

double SmallestPermutationP(std::size_t runs_a, std::size_t runs_b) {
  if (runs_a == 0 || runs_b == 0) return 1;
  // With sides of one size every split has a mirror image that is as far out.
  const double smallest = (runs_a == runs_b ? 2.0 : 1.0) / Splits(runs_a, runs_b);
  return std::max(smallest, 1.0 / static_cast<double>(1 + kSampledSplits));
}

}  // namespace mbench
