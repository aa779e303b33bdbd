// SPDX-License-Identifier: Apache-2.0
//
// Samples as latencies are: log-uniform or bunched around a middle, now and then an extreme; all
// from a seed.
#pragma once

#include <cmath>
#include <vector>

#include "harness/base/rng.h"
#include "harness/stats/histogram.h"

namespace mbench {

// Any power of two is as likely as any other.
inline Ticks RandomTicks(Rng* rng) {
  const auto bits = rng->Below(43);
  return static_cast<Ticks>(rng->Next() & ((std::uint64_t{1} << bits) - 1));
}

inline std::vector<Ticks> RandomSamples(Rng* rng, std::size_t count) {
  std::vector<Ticks> samples;
  const double middle = std::pow(10, 2 + 6 * rng->Unit());
  const bool bunched = rng->Below(2) == 0;
  for (std::size_t i = 0; i < count; ++i)
    samples.push_back(bunched ? static_cast<Ticks>(middle * (0.5 + rng->Exponential()))
                              : RandomTicks(rng));
  return samples;
}

inline Histogram HistogramOf(const std::vector<Ticks>& samples) {
  Histogram histogram;
  for (const Ticks sample : samples) histogram.Record(sample);
  return histogram;
}

// 0 to 5000 samples, some cells with counts of any size.
inline Histogram RandomHistogram(Rng* rng) {
  Histogram histogram = HistogramOf(RandomSamples(rng, rng->Below(5000)));
  for (std::uint64_t i = rng->Below(4); i > 0; --i)
    histogram.RecordMany(RandomTicks(rng), rng->Next() >> (4 + rng->Below(60)));
  return histogram;
}

}  // namespace mbench
