// SPDX-License-Identifier: Apache-2.0
//
// A run as monitoring systems take it: counters that only grow, gauges, histograms with fixed
// bounds. One list for all of them; a renderer only spells it (Prometheus, OTLP).
//
// Names and units are those of OpenTelemetry: "mbench.response" in "s" is mbench_response_seconds
// to Prometheus. reports/README.md has the table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/result/run_result.h"

namespace mbench {

enum class MeterKind { kCounter, kGauge, kHistogram };

struct MetricPoint {
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;                         // counter, gauge
  std::vector<std::uint64_t> buckets = {};  // histogram: one per bound, and one beyond the last
  double sum = 0;                           // histogram

  std::uint64_t Count() const;  // histogram
};

struct Metric {
  std::string name;
  std::string unit;  // UCUM: "s", "By", "1", "{operation}", "{operation}/s"; "": has none
  std::string help;
  MeterKind kind = MeterKind::kGauge;
  std::vector<MetricPoint> points = {};
};

// Upper ends of the buckets of histograms in seconds, each inclusive: five a decade from 1 us to
// 60 s. A percentile taken from them is known to a factor of two at worst; those of a report are
// exact to a thousandth.
std::span<const double> BucketBoundsS();

enum class RunPhase { kLoad, kWarmup, kMeasure, kDrain, kEnded };

// Of the run when this interval ended.
RunPhase PhaseOf(const Interval& interval, const RunResult& run);

struct MetricsMoment {
  RunPhase phase = RunPhase::kLoad;
  std::string side = {};             // "A" or "B" of a diff
  std::uint64_t loaded_records = 0;  // by the load phase so far
  const Interval* last = nullptr;    // the last whole second; nothing before the first
};

// `run`: what was measured up to this moment. Every point has the label `run`.
std::vector<Metric> MakeMetrics(const RunResult& run, const MetricsMoment& moment);

// Of op names, error classes, and whatever else comes from outside: no text that is not UTF-8.
std::string LabelValue(std::string_view text);

}  // namespace mbench
