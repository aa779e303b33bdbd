// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/permutation.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

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

// The means of the two sides are furthest apart when the sum of side A is furthest from its
// expectation; so sums are compared, and one subtraction is saved in each split.
class Deal {
 public:
  Deal(std::span<const double> a, std::span<const double> b) : chosen_(a.size()) {
    values_.assign(a.begin(), a.end());
    values_.insert(values_.end(), b.begin(), b.end());
    double sum = 0;
    for (const double value : values_) sum += value;
    // Around 0, so that the expectation of every sum is 0 and rounding is as small as can be.
    const double mean = sum / static_cast<double>(values_.size());
    double largest = 0;
    for (double& value : values_) {
      value -= mean;
      largest = std::max(largest, std::abs(value));
    }
    double observed = 0;
    for (std::size_t i = 0; i < chosen_; ++i) observed += values_[i];
    // Sums that are equal on paper may differ in the last bits.
    limit_ = std::abs(observed) - 1e-9 * largest * static_cast<double>(chosen_);
  }

  // Part of all splits that are as far out.
  double Exact() {
    Descend(0, chosen_, 0);
    return static_cast<double>(hits_) / static_cast<double>(seen_);
  }

  double Sampled(std::size_t draws, Rng* rng) {
    for (std::size_t draw = 0; draw < draws; ++draw) {
      double sum = 0;
      for (std::size_t i = 0; i < chosen_; ++i) {  // Fisher and Yates, as far as it is needed
        std::swap(values_[i], values_[i + rng->Below(values_.size() - i)]);
        sum += values_[i];
      }
      Count(sum);
    }
    return static_cast<double>(1 + hits_) / static_cast<double>(1 + seen_);
  }

 private:
  void Count(double sum) {
    ++seen_;
    if (std::abs(sum) >= limit_) ++hits_;
  }

  void Descend(std::size_t next, std::size_t left, double sum) {
    if (left == 0) return Count(sum);
    for (std::size_t i = next; i + left <= values_.size(); ++i)
      Descend(i + 1, left - 1, sum + values_[i]);
  }

  std::vector<double> values_;
  std::size_t chosen_;
  double limit_ = 0;
  std::uint64_t seen_ = 0;
  std::uint64_t hits_ = 0;
};

}  // namespace

double PermutationP(std::span<const double> a, std::span<const double> b, std::uint64_t seed) {
  if (a.empty() || b.empty()) return 1;
  Deal deal(a, b);
  if (Splits(a.size(), b.size()) <= kMostExactSplits) return deal.Exact();
  Rng rng(seed);
  return deal.Sampled(kSampledSplits, &rng);
}

double SmallestPermutationP(std::size_t runs_a, std::size_t runs_b) {
  if (runs_a == 0 || runs_b == 0) return 1;
  // With sides of one size every split has a mirror image that is as far out.
  const double smallest = (runs_a == runs_b ? 2.0 : 1.0) / Splits(runs_a, runs_b);
  return std::max(smallest, 1.0 / static_cast<double>(1 + kSampledSplits));
}

}  // namespace mbench
