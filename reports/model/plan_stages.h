// SPDX-License-Identifier: Apache-2.0
//
// The stages of the load as a stored plan has them: for labels on a time axis, and to know where
// the load was a ramp or a flight of steps.
#pragma once

#include <string>
#include <vector>

namespace mbench {

struct PlanStage {
  std::string profile;  // "ramp"
  double begin_s = 0;   // from the start of the measured phase
  double end_s = 0;
  double from = 0;  // level: ops/s or clients
  double to = 0;
  int steps = 0;

  bool Climbs() const { return profile == "ramp" || profile == "step"; }
};

// Empty when the plan is of another version and says it in other words.
std::vector<PlanStage> StagesOf(const std::string& plan_json);

// "ramp 1 to 64 clients", "steady 20k/s"
std::string LabelOf(const PlanStage& stage, bool open_model);

}  // namespace mbench
