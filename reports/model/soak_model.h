// SPDX-License-Identifier: Apache-2.0
//
// What only a long run shows: drift and stalls by the clock, for terminal, page and JSON.
#pragma once

#include <vector>

#include "reports/model/drift_model.h"
#include "reports/model/page_run.h"
#include "reports/model/stall_model.h"

namespace mbench {

// Empty when the run is no soak.
struct SoakModel {
  std::vector<DriftModel> drifts;
  std::vector<StallModel> stalls;
};

SoakModel FindSoak(const PageRun& run);

// Gathers what that takes while a result is read, and nothing of a run that is no soak.
class SoakReader : public ResultVisitor {
 public:
  void OnHead(const RunResult& head) override;
  void OnSecond(const SeriesPoint& second) override;
  void OnInterval(const Interval& interval) override;
  void OnLogged(const LoggedInterval& interval) override;

  // Ends it.
  SoakModel Finish(const RunResult& result);

 private:
  bool is_soak_ = false;
  TimelineMaker timeline_;
  SecondSeriesMaker seconds_;
};

}  // namespace mbench
