// SPDX-License-Identifier: Apache-2.0
//
// The text format of Prometheus, a line at a time:
//
//   http_requests_total{code="200",method="get"} 1027
#pragma once

#include <optional>
#include <string_view>

namespace mbench {

struct MetricLine {
  std::string_view name, labels;  // without braces
  double value = 0;
};

// Nothing: it is no such line (a comment, a value that is no number).
std::optional<MetricLine> ReadMetric(std::string_view line);

}  // namespace mbench
