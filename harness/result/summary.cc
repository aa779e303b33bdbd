// SPDX-License-Identifier: Apache-2.0
#include "harness/result/summary.h"

#include <cmath>

namespace mbench {

bool IsThin(double percent, std::uint64_t samples) {
  // In whole samples, with a little room for what 100 - 99.9 is in binary: 10,000 samples are
  // enough for p99.9.
  const double beyond = static_cast<double>(samples) * (100 - percent) / 100;
  return std::floor(beyond + 1e-6) < static_cast<double>(kMinSamplesBeyond);
}

LatencySummary Summarize(const Histogram& histogram) {
  LatencySummary summary;
  summary.samples = histogram.TotalCount();
  if (summary.samples == 0) return summary;
  for (std::size_t i = 0; i < kShownPercentiles; ++i) {
    summary.percentiles[i] = histogram.ValueAtPercentile(kPercentiles[i].percent);
    summary.thin[i] = IsThin(kPercentiles[i].percent, summary.samples);
  }
  summary.max = histogram.Max();
  summary.mean_ns = histogram.Mean();
  return summary;
}

}  // namespace mbench
