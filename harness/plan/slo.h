// SPDX-License-Identifier: Apache-2.0
//
// A service level objective as data: `p99(read) < 10ms`, `errors < 0.1%`, `rate > 5k/s for 10s`.
//
//     metric [ "(" op ")" ] comparison value [ "for" window ]
//
//   metric      unit        of what
//   pNN[.N]     duration    response time of answered and timed-out ops
//   max, mean   duration    the same
//   rate        per second  answered ops
//   errors      fraction    failed, timed out, rejected and mismatched ops of all that ended
//   timeouts, mismatches, not_found
//               fraction    of all that ended
//
// Without an op all ops count together. With a window, the objective must hold in every stretch of
// that many consecutive whole seconds of the measured phase; without one, over the whole of it.
#pragma once

#include <string>
#include <string_view>

#include "harness/base/clock.h"
#include "harness/base/result.h"

namespace mbench {

enum class SloMetric {
  kPercentile,
  kMax,
  kMean,
  kRate,
  kErrors,
  kTimeouts,
  kMismatches,
  kNotFound
};
enum class SloComparison { kBelow, kAtMost, kAbove, kAtLeast };

struct SloPlan {
  std::string text;  // as written
  SloMetric metric = SloMetric::kPercentile;
  double percentile = 0;  // kPercentile: 0..100
  std::string op;         // "": all together
  SloComparison comparison = SloComparison::kBelow;
  double value = 0;  // durations in ns, rates per second, fractions 0..1
  Ticks window = 0;  // 0: the whole measured phase; else whole seconds
};

Result<SloPlan> ParseSlo(std::string_view text);

}  // namespace mbench
