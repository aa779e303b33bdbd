// SPDX-License-Identifier: Apache-2.0
//
// Stages for tests, one line each, and a list that has every profile in it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/plan/run_plan.h"

namespace mbench {

inline LoadPlan OneStage(const StagePlan& stage) {
  LoadPlan plan;
  plan.model = LoadModel::kOpen;
  plan.stages = {stage};
  return plan;
}

inline StagePlan Steady(double level, Ticks over) {
  return {.profile = Profile::kSteady, .over = over, .from = level};
}
inline StagePlan Ramp(double from, double to, Ticks over) {
  return {.profile = Profile::kRamp, .over = over, .from = from, .to = to};
}
inline StagePlan Spike(double base, double peak, Ticks at, Ticks length, Ticks over) {
  return {.profile = Profile::kSpike,
          .over = over,
          .from = base,
          .to = peak,
          .spike_at = at,
          .spike_for = length};
}
inline StagePlan Steps(double from, double to, std::uint32_t steps, Ticks over) {
  return {.profile = Profile::kStep, .over = over, .from = from, .to = to, .steps = steps};
}
inline StagePlan Sine(double low, double high, Ticks period, Ticks over) {
  return {.profile = Profile::kSine, .over = over, .from = low, .to = high, .period = period};
}

inline std::vector<std::pair<std::string, LoadPlan>> EveryProfile() {
  StagePlan replay{.profile = Profile::kReplay, .over = 9 * kSecond};
  replay.points = {{0, 100}, {2 * kSecond, 0}, {4 * kSecond, 900.5}};
  std::vector<std::pair<std::string, LoadPlan>> all = {
      {"steady", OneStage(Steady(1234.5, 7 * kSecond))},
      {"ramp up from nothing", OneStage(Ramp(0, 5000, 10 * kSecond))},
      {"ramp down to nothing", OneStage(Ramp(5000, 0, 10 * kSecond))},
      {"spike", OneStage(Spike(200, 2000, 3 * kSecond, kSecond, 10 * kSecond))},
      {"step", OneStage(Steps(100, 1000, 7, 13 * kSecond))},
      {"sine that touches zero", OneStage(Sine(0, 800, 3 * kSecond, 10 * kSecond))},
      {"replay with a pause", OneStage(replay)}};
  LoadPlan row = OneStage(Ramp(0, 500, 3 * kSecond));
  row.stages.push_back(Steady(500, 2 * kSecond));
  row.stages.push_back(Ramp(500, 0, kSecond));
  row.warmup = 2 * kSecond;
  all.emplace_back("three stages and a warm-up", row);
  return all;
}

}  // namespace mbench
