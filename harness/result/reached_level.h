// SPDX-License-Identifier: Apache-2.0
//
// Where a run stands on the scale of plan/service_level.h.
#pragma once

#include <string>

#include "harness/result/run_result.h"

namespace mbench {

struct ReachedLevel {
  std::string asked;    // "": nobody asked for one, and there is nothing to show
  std::string reached;  // "": not even the lowest
};

ReachedLevel ReachedLevelOf(const RunResult& result);

}  // namespace mbench
