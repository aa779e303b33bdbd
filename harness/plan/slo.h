// SPDX-License-Identifier: Apache-2.0
//
// A service level objective as data: `p99(read) < 10ms`, `errors < 0.1%`, `rate > 5k/s for 10s`.
//
//     metric comparison value [ "for" window ]
//
// Metrics are those of metric_name.h, values in their units: 10ms of a latency, 5k/s of a rate,
// 40 MB/s or 40 MiB/s of bytes_rate, 0.1% of a part of the ops, 5us of client_cpu. With a window,
// the objective must hold in every stretch of that many consecutive whole seconds of the measured
// phase; without one, over the whole of it.
#pragma once

#include <string>
#include <string_view>

#include "harness/base/clock.h"
#include "harness/base/relation.h"
#include "harness/base/result.h"
#include "harness/plan/metric_name.h"

namespace mbench {

struct SloPlan {
  std::string text;  // as written
  MetricName metric = {MetricKind::kPercentile};
  Relation relation = Relation::kBelow;
  double value = 0;  // durations in ns, those of client_cpu in s, rates per second, fractions 0..1
  Ticks window = 0;  // 0: the whole measured phase; else whole seconds
};

Result<SloPlan> ParseSlo(std::string_view text);

}  // namespace mbench
