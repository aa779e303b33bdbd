// SPDX-License-Identifier: Apache-2.0
//
// What a run shows over its whole length, for terminal, page and JSON: drift and stalls by the
// clock where the load was steady for long, and what limits where it climbed.
#pragma once

#include <vector>

#include "reports/model/drift_model.h"
#include "reports/model/level_use.h"
#include "reports/model/page_run.h"
#include "reports/model/stall_model.h"

namespace mbench {

struct RunFindings {
  std::vector<DriftModel> drifts;  // of a soak
  std::vector<StallModel> stalls;  // of a soak
  UseComparison use;               // of a ramp or steps
};

RunFindings FindIn(const PageRun& run);

// Gathers what that takes while a result is read, and nothing of other runs.
class FindingsReader : public ResultVisitor {
 public:
  void OnHead(const RunResult& head) override;
  void OnSecond(const SeriesPoint& second) override;
  void OnInterval(const Interval& interval) override;
  void OnLogged(const LoggedInterval& interval) override;

  // Ends it.
  RunFindings Finish(const RunResult& result);

 private:
  bool wanted_ = false;
  TimelineMaker timeline_;
  SecondSeriesMaker seconds_;
};

}  // namespace mbench
