// SPDX-License-Identifier: Apache-2.0
//
// Metrics in the text format of Prometheus, version 0.0.4:
// https://prometheus.io/docs/instrumenting/exposition_formats/
//
// Names follow OpenTelemetry's rules for Prometheus: "mbench.response" in "s" becomes
// mbench_response_seconds, and a counter ends in _total.
#pragma once

#include <span>
#include <string>

#include "reports/model/metrics_model.h"

namespace mbench {

std::string PrometheusName(const Metric& metric);
std::string RenderPrometheus(std::span<const Metric> metrics);
inline constexpr const char* kPrometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace mbench
