// SPDX-License-Identifier: Apache-2.0
//
// What may be said about one run: whether it is valid, and whether its SLOs held. Pure functions of
// a stored result.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/result/run_result.h"

namespace mbench {

// Feed it every interval in order, the drain included, then ask once. Memory: what each SLO with a
// window needs of each second of its window, one histogram or two counts.
//
// A window is a row of consecutive seconds that come to its length. An op that was due in the
// measured phase and ended in the drain after it counts as one of the last second, or a stall at
// the end of a run would break nothing; for rates it does not count at all.
// A second in which an op was in a declared outage is in no window of an objective of that op, and
// what ended in the outage is not in its total.
class SloJudge {
 public:
  SloJudge(std::vector<SloPlan> slo, std::vector<std::string> op_names);
  ~SloJudge();
  // `in_outage`: by op; empty: none is.
  void Add(const Interval& interval, const std::vector<bool>& in_outage = {});
  // `total`: the whole measured phase. `length`: what it came to, for rates. `outages` are what
  // rto(...) is held against.
  std::vector<SloResult> Judge(const Interval& total, Ticks length,
                               const std::vector<OutageResult>& outages = {},
                               const OutsideOfOutages& outside = {}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Adds to result->invalid and result->warnings; the limits and their reasons are in
// plan/defaults.h.
//
// Remembers `input` in result->judged_as. To be called when everything else of the result is there,
// SLOs included; once.
void JudgeValidity(const ValidityInput& input, RunResult* result);

// Of one process of several that shared a run: why it was no load generator to be trusted, by the
// rules that JudgeValidity has for the host and for ops that were started late. Empty: it was fit.
std::vector<std::string> LimitsOf(const RunResult& part);

// Who else than the system under test kept a run from being what it was to be. Asked of a run that
// was judged, whatever came of that: a search does not count such a probe.
struct RunFaults {
  bool load_generator = false;  // it was at its limit
  bool host = false;            // others had the CPU
};
RunFaults FaultsOf(const RunResult& result);

}  // namespace mbench
