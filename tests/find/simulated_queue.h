// SPDX-License-Identifier: Apache-2.0
//
// Servers that are arithmetic, for searches: what a probe of so many seconds at a rate would see,
// in microseconds of real time and without a clock.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/find/evidence.h"
#include "harness/find/probe.h"

namespace mbench {

enum class Service { kExponential, kConstant };
enum class ArrivalsOf { kPoisson, kConstant };

struct QueuePlan {
  Service service = Service::kExponential;
  ArrivalsOf arrivals = ArrivalsOf::kPoisson;
  double service_s = 0.001;
  int servers = 1;
  double limit_s = 0.020;     // the objective: a percentile of the response time is below it
  double allowed = 0.01;      // and which one: 0.01 for p99
  double collapse_above = 0;  // with more requests in the queue each takes collapse_factor longer
  double collapse_factor = 3;
  double stall_every_s = 0;  // all work rests for stall_s that often
  double stall_s = 0;
  double cold_s = 0;  // so long after its start each request takes cold_factor longer
  double cold_factor = 3;
};

struct WindowSeen {
  std::vector<ShareBlock> blocks;  // per second
  std::vector<double> backlog;
  double answered_per_s = 0;
};

// A fresh server, `warmup_s` at `rate`, then the window.
WindowSeen Simulate(const QueuePlan& plan, double rate, double warmup_s, double window_s,
                    std::uint64_t seed);

// As a search sees it.
Probe ProbeOf(const WindowSeen& seen, const QueuePlan& plan, double rate, bool scout);

}  // namespace mbench
