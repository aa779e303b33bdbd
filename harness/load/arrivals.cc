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
  Step();
  return due;
}

// Whole numbers below 2^53 add up without an error, so constant arrivals stay exact.
void ArrivalStream::Step() { area_ += poisson_ ? rng_.Exponential() * stride_ : stride_; }

// By the area as long as rounding cannot matter, then by the time.
std::uint64_t ArrivalStream::PassUntil(Ticks time) {
  constexpr double kNear = 1;  // in arrivals of all streams
  std::uint64_t passed = 0;
  const double far = curve_->AreaAt(time) - kNear;
  if (!poisson_ && area_ < far) {
    passed = static_cast<std::uint64_t>((far - area_) / stride_);
    area_ += static_cast<double>(passed) * stride_;
  }
  for (; area_ < far; ++passed) Step();
  for (; area_ < curve_->TotalArea() && curve_->TimeOfArea(area_, &hint_) < time; ++passed) Step();
  return passed;
}

}  // namespace mbench
