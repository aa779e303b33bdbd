// SPDX-License-Identifier: Apache-2.0
//
// Stalls of a soak that come by the clock, in latency or in what is done, and what else happened
// then: figures of the system and of the host that move with them.
#pragma once

#include <string>
#include <vector>

#include "harness/result/run_result.h"
#include "reports/compare/stalls.h"
#include "reports/model/second_series.h"

namespace mbench {

struct StallCompanion {
  std::string name;  // "checkpoints_per_s of postgres"
  MovesWith moves;
  bool Rises() const { return moves.standard_errors > 0; }
};

struct StallModel {
  std::string name;  // "p99", "rate"
  StallTrain stalls;
  std::vector<StallCompanion> with;  // what tells most first
  std::string text;                  // "p99 rises to 40ms for 2.00s every 30.0 s (17 times of 17)"
};

// In one of twenty runs without such stalls anything is found at all. Empty when the run is no
// soak.
std::vector<StallModel> FindStallModels(const RunResult& result, const SecondSeries& series);

}  // namespace mbench
