// SPDX-License-Identifier: Apache-2.0
//
// What may be said about one run: whether it is valid, and whether its SLOs held. Pure functions of a
// stored result.
#pragma once

#include <memory>
#include <vector>

#include "harness/base/result.h"
#include "harness/result/run_result.h"

namespace mbench {

// Feed it every interval of the measured phase in order, then ask. Memory: one histogram per op and
// second of the longest window.
class SloJudge {
 public:
  SloJudge(std::vector<SloPlan> slo, std::vector<std::string> op_names);
  ~SloJudge();
  void Add(const Interval& interval);
  // `total`: the whole measured phase. `length`: what it came to, for rates.
  std::vector<SloResult> Judge(const Interval& total, Ticks length) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What the rules need besides the result itself.
struct ValidityInput {
  bool is_null_driver = false;  // the harness measures itself: generator rules do not apply
  bool blocking = false;        // client CPU is the system's own (embedded)
};

// Fills result->invalid and result->warnings; the limits and their reasons are in plan/defaults.h.
void JudgeValidity(const ValidityInput& input, RunResult* result);

}  // namespace mbench
