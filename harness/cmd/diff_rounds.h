// SPDX-License-Identifier: Apache-2.0
//
// Two plans, run in turns and compared: what `mbench diff a.yaml b.yaml` does.
#pragma once

#include <string>

#include "harness/base/clock.h"
#include "harness/cmd/exit_code.h"
#include "harness/cmd/run_flags.h"
#include "harness/plan/run_plan.h"

namespace mbench {

struct DiffRounds {
  RunPlan a;
  RunPlan b;
  std::string label_a;  // as the user knows them: "a.yaml", "a.yaml with driver.cache=4G"
  std::string label_b;
  std::size_t rounds = 8;      // with until_decided: at most
  bool until_decided = false;  // look again and again, with the error spent over the looks
  Ticks budget = 0;            // 0: no limit
  std::string html;            // where the page goes; "": none is wanted
  RunFlags run;
};

ExitCode RunDiff(DiffRounds diff);

}  // namespace mbench
