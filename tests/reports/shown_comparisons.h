// SPDX-License-Identifier: Apache-2.0
//
// Comparisons that show every part of a report. Runs are made of a few numbers, so that they are
// the same on every machine.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "reports/compare/run_sample.h"
#include "reports/compare/shift.h"
#include "reports/compare/verdict.h"
#include "reports/model/comparison_model.h"

namespace mbench {

inline constexpr MetricName kShownP99{MetricKind::kPercentile, 99};

// Run number `index` of a row; `slower`: 1.2 makes everything that is a time 20 % longer.
inline RunSample ShownRun(std::size_t index, double slower) {
  constexpr double kSpread[] = {0.004, -0.011, 0.007, -0.002, 0.012, -0.008, 0.001, -0.003};
  const double luck = kSpread[index % 8];
  RunSample run;
  run.name = "steady";
  run.folder = "results/steady-" + std::to_string(index);
  run.started_at = "2026-01-" + std::to_string(10 + index) + "T12:00:00.000Z";
  run.identity.driver = "rocksdb";
  run.identity.plan_json = R"({"driver":{"options":{"cache":"1G"}}})";
  const auto add = [&run](MetricKind kind, double percentile, double value, bool thin = false) {
    run.metrics.push_back({{kind, percentile}, value, 1000, thin});
  };
  const double shift = std::log(slower) + luck;
  add(MetricKind::kRate, 0, std::log(20'600) - luck);
  add(MetricKind::kPercentile, 50, std::log(120'000) + luck);
  add(MetricKind::kPercentile, 99, std::log(1'050'000) + shift);
  add(MetricKind::kPercentile, 99.9, std::log(4'200'000) + 4 * luck, true);
  add(MetricKind::kErrors, 0, 0.0002 + luck / 1000);
  add(MetricKind::kClientCpu, 0, std::log(1.9e-6) + luck);
  for (const double percentile : kCurvePercentiles)
    run.curve.push_back(std::log(50'000 + 5'000 * percentile) + (percentile < 95 ? luck : shift));
  return run;
}

inline std::vector<RunSample> ShownRuns(std::size_t count, double slower) {
  std::vector<RunSample> runs;
  for (std::size_t i = 0; i < count; ++i) runs.push_back(ShownRun(i, slower));
  return runs;
}

// When they began is not known, so they are no rounds: both sides have the same luck, and within
// rounds nothing would be left of it.
inline ComparisonModel ShownModel(std::vector<RunSample> a, std::vector<RunSample> b) {
  for (std::vector<RunSample>* side : {&a, &b})
    for (RunSample& run : *side) run.started_at.clear();
  const CompareOptions options{.compared = {"driver.cache"}};
  const ComparisonSubject subject{.title = "steady",
                                  .a = "a.yaml",
                                  .b = "b.yaml",
                                  .compared = {{"driver.cache", "\"1G\"", "\"4G\""}},
                                  .folders_a = {"results/a/steady-0"},
                                  .folders_b = {"results/b/steady-0"}};
  return MakeComparisonModel(Compare(a, b, options), subject, ComputeShift(a, b, options));
}

}  // namespace mbench
