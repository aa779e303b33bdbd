// SPDX-License-Identifier: Apache-2.0
//
// What a run does to the system while the load goes on ("stop the primary"), and what it is
// expected to do to the ops.
//
//   - {at: 60s, name: stopped, run: ./stop.sh, outage: {of: [put], at_most: 60s}}
//   - {after: {stopped: 10s}, name: promoted, run: ./promote.sh, must: succeed}
//   - {after: promoted, name: switched, wait_for: {http: "http://127.0.0.1:8404/up", limit: 30s}}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/relation.h"
#include "harness/plan/defaults.h"

namespace mbench {

// An event that begins `delay` behind the end, or the begin, of another one.
struct EventAfter {
  std::string event;
  bool its_begin = false;
  Ticks delay = 0;
};

// Asked again and again until it is true. One of `run` and `http` is there.
struct WaitPlan {
  std::string run;   // true when it exits with 0
  std::string http;  // true when a GET of this URL is answered with `status`
  int status = 0;    // 0: any of 2xx
  Ticks every = defaults::kWaitEvery;
  Ticks limit = defaults::kWaitLimit;
};

// Ops that are expected to fail for a while, which is what the run is made to measure.
struct OutagePlan {
  std::vector<std::string> of;  // names of ops; empty: all
  Ticks at_most = 0;            // from the last answer before it to recovery
};

// When an outage is over: from then on, for so long.
struct RecoveredPlan {
  double errors = defaults::kRecoveredErrors;  // a smaller part of the ops than this ends in errors
  // p99 of the response is below this many times that before the event, or below this time; 0: no
  // matter.
  double p99_times = 0;
  Ticks p99_below = 0;
  Ticks lasts = defaults::kRecoveredFor;
};

struct EventPlan {
  Ticks at = 0;  // from the start of the measured phase; with `after` it does not count
  std::string name;
  std::string run;  // given to /bin/sh; empty: only marked on the time axis
  std::optional<EventAfter> after = {};
  std::optional<WaitPlan> wait_for = {};  // after `run`
  Ticks limit = 0;                        // `run` is killed after this long; 0: at the run's end
  bool must_succeed = false;
  std::uint32_t times = 1;  // it happens so often,
  Ticks every = 0;          // from begin to begin, or one after the other when they take longer
  std::optional<OutagePlan> outage = {};
  // Variables of the environment that its commands get though they look secret.
  std::vector<std::string> environment = {};
};

}  // namespace mbench
