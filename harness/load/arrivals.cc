// SPDX-License-Identifier: Apache-2.0
#include "harness/load/arrivals.h"

#include "harness/base/check.h"

namespace mbench {

ArrivalStream::ArrivalStream(const LoadCurve* curve, Arrivals arrivals, std::uint64_t seed,
                             std::uint32_t index, std::uint32_t count)
    : curve_(curve),
      poisson_(arrivals == Arrivals::kPoisson),
      stride_(count),
      area_(index),
      rng_(Mix64(seed, index)) {
  MB_CHECK(index < count, "stream {} of {}", index, count);
  if (poisson_) area_ = rng_.Exponential() * stride_;
}

Ticks ArrivalStream::Next() {
  if (area_ >= curve_->TotalArea()) return kNever;
  const Ticks due = curve_->TimeOfArea(area_, &hint_);
  // Whole numbers below 2^53 add up without an error, so constant arrivals stay exact.
  area_ += poisson_ ? rng_.Exponential() * stride_ : stride_;
  return due;
}

}  // namespace mbench
