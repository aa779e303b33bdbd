// SPDX-License-Identifier: Apache-2.0
//
// What a host can tell apart: from runs of one configuration (A/A), the run-to-run spread of each
// metric, the smallest change that can be seen, and how often the gate would have raised an alarm.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "reports/compare/verdict.h"

namespace mbench {

struct NoiseFloor {
  MetricName metric;
  double spread = 0;      // standard deviation over runs of the (log) value
  double value = 0;       // geometric mean (mean for errors), as MetricRow::a
  double detectable = 0;  // smallest change seen in 9 of 10 cases with `runs_a_side`
  bool thin = false;
  std::vector<double> sessions = {};  // mean of each session so far, on that scale
};

struct Calibration {
  std::size_t runs = 0;  // valid ones
  std::size_t runs_a_side = 0;
  std::vector<NoiseFloor> floors;
  // Of `splits` comparisons of one half of the runs with the other: those that claimed a change.
  std::size_t splits = 0;
  std::size_t false_alarms = 0;
  std::vector<LeftOutRun> left_out;
};

// REQUIRES: none; with fewer than two valid runs there are no floors.
Calibration Calibrate(std::span<const RunSample> runs, std::size_t runs_a_side,
                      const CompareOptions& options, std::size_t splits = 200);

// Smallest change of `metric` that is seen in 9 of 10 cases with so many runs a side, as
// MetricRow::detectable.
double DetectableChange(const MetricName& metric, double spread, std::size_t runs_a_side,
                        const CompareOptions& options);

// For CompareOptions::floor and CompareOptions::sessions; the latter has nothing of metrics with
// one session.
std::map<std::string, KnownSpread> Floors(const Calibration& calibration);
std::map<std::string, KnownSpread> SessionSpreads(const Calibration& calibration);

// Puts the sessions of an earlier calibration of the same thing before that of `calibration`.
void AddSessions(const Calibration& earlier, Calibration* calibration);

// A sentence for each primary metric whose margin this host cannot see with so many runs a side.
std::vector<std::string> MarginsBelowFloor(const std::map<std::string, KnownSpread>& floor,
                                           std::size_t runs_a_side, const CompareOptions& options);

}  // namespace mbench
