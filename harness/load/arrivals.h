// SPDX-License-Identifier: Apache-2.0
//
// When ops are due in the open model.
//
// The curve's area counts arrivals. Constant arrivals are due where it reaches 0, 1, 2, ...; those
// of a Poisson process where it reaches the sums of independent Exp(1) steps, which is the usual
// time change of a unit Poisson process and right for every profile.
//
// Several streams share one load without talking: of constant arrivals, stream i of k takes every
// k-th from the i-th on; of a Poisson process, each stream is one of rate 1/k (their union is one
// of rate 1).
#pragma once

#include <cstdint>

#include "harness/base/rng.h"
#include "harness/load/load_curve.h"

namespace mbench {

// A pure function of its arguments: a copy gives the same times again. Thread: one.
class ArrivalStream {
 public:
  // REQUIRES: `curve` outlives the stream; index < count.
  ArrivalStream(const LoadCurve* curve, Arrivals arrivals, std::uint64_t seed, std::uint32_t index,
                std::uint32_t count);

  // The next due time on the curve's axis, ascending; kNever after the last.
  Ticks Next();
  // Passes over those that are due before `time` and says how many there were: the same as to take
  // them one by one, for much less.
  std::uint64_t PassUntil(Ticks time);

 private:
  void Step();

  const LoadCurve* curve_;
  const bool poisson_;
  const double stride_;
  double area_;
  std::size_t hint_ = 0;
  Rng rng_;
};

}  // namespace mbench
