// SPDX-License-Identifier: Apache-2.0
//
// Where latency against load turns up: the last load worth asking for.
//
// Both axes are scaled to 0..1 between their first and last point. The knee is the point that lies
// farthest below the straight line between the two ends, x - y being largest (Satopaa, Albrecht,
// Irwin and Raghavan, Finding a "Kneedle" in a Haystack: Detecting Knee Points in System Behavior,
// 2011, for a curve that is convex and rises). Latencies are smoothed by the median of three
// neighbours first, so that one bad second is no knee, and are made to rise by taking the highest
// so far.
//
// There is no knee where latency hardly rises (less than kLeastRise from the first to the last
// load), where it rises along the line (less than kLeastDepth below it anywhere), or where it does
// not rise with the load at all: of the pairs of loads more than kMostFalling have the lower
// latency at the higher load, as noise has.
//
// How sure the place is: all loads around it that lie nearly as far below the line (kNearly of the
// depth) could be it as well.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace mbench {

inline constexpr std::size_t kLeastLevels = 4;
inline constexpr double kLeastRise = 1.5;  // times
inline constexpr double kLeastDepth = 0.2;
inline constexpr double kMostFalling = 0.25;
inline constexpr double kNearly = 0.85;

struct Knee {
  std::size_t at = 0;             // index
  std::size_t low = 0, high = 0;  // where it may be as well, both inclusive

  bool operator==(const Knee&) const = default;
};

// `load` ascends, `latency` is of the same length; a latency that is not a number is skipped.
std::optional<Knee> FindKnee(std::span<const double> load, std::span<const double> latency);

}  // namespace mbench
