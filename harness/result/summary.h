// SPDX-License-Identifier: Apache-2.0
//
// The few numbers that stand for a histogram: in run.json, in the table, in --json. One list of
// percentiles, so that all of them show the same ones.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "harness/stats/histogram.h"

namespace mbench {

struct ShownPercentile {
  double percent;
  std::string_view name;  // "p99.9"
  std::string_view key;   // "p99_9_ns"
};

inline constexpr std::size_t kShownPercentiles = 5;
inline constexpr std::array<ShownPercentile, kShownPercentiles> kPercentiles = {{
    {50, "p50", "p50_ns"},
    {90, "p90", "p90_ns"},
    {95, "p95", "p95_ns"},
    {99, "p99", "p99_ns"},
    {99.9, "p99.9", "p99_9_ns"},
}};

// With fewer samples beyond a percentile its value is one of a handful of lucky or unlucky ones:
// another run may well say something else.
inline constexpr std::uint64_t kMinSamplesBeyond = 10;

bool IsThin(double percent, std::uint64_t samples);

struct LatencySummary {
  std::uint64_t samples = 0;
  std::array<Ticks, kShownPercentiles> percentiles{};
  std::array<bool, kShownPercentiles> thin{};
  Ticks max = 0;
  double mean_ns = 0;
};

LatencySummary Summarize(const Histogram& histogram);

}  // namespace mbench
