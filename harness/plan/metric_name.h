// SPDX-License-Identifier: Apache-2.0
//
// What of a run is compared with another: `p99(read)`, `rate`, `errors`, `client_cpu`.
//
//     metric [ "(" op ")" ]        without an op: all ops together
//
//   pNN[.N]      response time of answered and timed-out ops
//   rate         answered ops per second
//   errors       part of the ended ops that failed, timed out, were rejected or mismatched
//   client_cpu   CPU time of the load generator per ended op (with an embedded store: of both)
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace mbench {

enum class MetricKind { kRate, kPercentile, kErrors, kClientCpu };

struct MetricName {
  MetricKind kind = MetricKind::kRate;
  double percentile = 0;  // kPercentile: above 0, below 100
  std::string op = {};    // "": all together

  auto operator<=>(const MetricName&) const = default;
};

// As it is written: "p99.9(read)". `Family` leaves the op out: "p99.9".
std::string Name(const MetricName& metric);
std::string Family(const MetricName& metric);

Result<MetricName> ParseMetricName(std::string_view text);

}  // namespace mbench
