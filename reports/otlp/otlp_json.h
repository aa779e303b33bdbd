// SPDX-License-Identifier: Apache-2.0
//
// Metrics as the body of an OTLP/HTTP request, in JSON: an ExportMetricsServiceRequest of
// opentelemetry-proto 1.x, where 64-bit numbers are strings and enumerations are numbers.
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reports/model/metrics_model.h"

namespace mbench {

struct OtlpContext {
  std::vector<std::pair<std::string, std::string>> resource;  // attributes: service.name ...
  std::string version;                                        // of mbench
  // Nanoseconds since the Unix epoch: since when counters count, and when they were read.
  std::int64_t start_ns = 0;
  std::int64_t time_ns = 0;
};

std::string RenderOtlp(std::span<const Metric> metrics, const OtlpContext& context);

}  // namespace mbench
