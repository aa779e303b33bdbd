// SPDX-License-Identifier: Apache-2.0
#include "workloads/values/field_size.h"

#include <algorithm>

#include "harness/base/check.h"
#include "harness/base/rng.h"

namespace mbench {
namespace {

// As many random numbers as are wanted, from one.
struct HashStream {
  std::uint64_t Next() { return state = Mix64(state); }
  std::uint64_t state;
};

}  // namespace

FieldSizes::FieldSizes(const FieldSize& plan)
    : choose_(plan.choose), min_(std::min(plan.min, plan.max)), max_(plan.max) {
  if (choose_ == SizeChoice::kZipfian) zipf_.emplace(max_ - min_ + 1, defaults::kTheta);
  if (choose_ != SizeChoice::kHistogram) return;
  std::vector<double> weights;
  for (const auto& [size, weight] : plan.histogram) {
    if (weight <= 0) continue;
    sizes_.push_back(size);
    weights.push_back(weight);
  }
  MB_CHECK(!sizes_.empty(), "a histogram of {} sizes, none with weight", plan.histogram.size());
  weights_ = AliasTable(weights);
  max_ = *std::max_element(sizes_.begin(), sizes_.end());
}

std::uint32_t FieldSizes::Draw(std::uint64_t hash) const {
  switch (choose_) {
    case SizeChoice::kUniform:
      return min_ + static_cast<std::uint32_t>(Multiply(hash, std::uint64_t{max_} - min_ + 1).high);
    case SizeChoice::kZipfian: {
      HashStream random{hash};
      return min_ + static_cast<std::uint32_t>(zipf_->Draw(random));
    }
    case SizeChoice::kHistogram:
      return sizes_[weights_.Pick(hash)];
    case SizeChoice::kConstant:
      break;
  }
  return max_;
}

bool FieldSizes::Possible(std::uint64_t size) const {
  switch (choose_) {
    case SizeChoice::kConstant:
      return size == max_;
    case SizeChoice::kHistogram:
      return std::find(sizes_.begin(), sizes_.end(), size) != sizes_.end();
    default:
      return size >= min_ && size <= max_;
  }
}

}  // namespace mbench
