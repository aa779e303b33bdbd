// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/metrics_text.h"

#include <charconv>
#include <cmath>

#include "harness/base/text.h"

namespace mbench {

std::optional<MetricLine> ReadMetric(std::string_view line) {
  MetricLine metric;
  const std::size_t brace = line.find('{');
  std::string_view rest;
  if (brace != std::string_view::npos) {
    const std::size_t close = line.rfind('}');
    if (close == std::string_view::npos || close < brace) return std::nullopt;
    metric.name = line.substr(0, brace);
    metric.labels = line.substr(brace + 1, close - brace - 1);
    rest = Trim(line.substr(close + 1));
  } else {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    metric.name = line.substr(0, blank);
    rest = Trim(line.substr(blank + 1));
  }
  const auto [end, wrong] = std::from_chars(rest.data(), rest.data() + rest.size(), metric.value);
  if (wrong != std::errc() || !std::isfinite(metric.value)) return std::nullopt;
  return metric;
}

}  // namespace mbench
