// SPDX-License-Identifier: Apache-2.0
//
// A whole run in virtual time: the real worker, slots, schedule and recorder against the simulated
// server, on a fake clock and in the thread of the test. An hour takes a moment and comes out the
// same everywhere.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "harness/plan/run_plan.h"
#include "harness/stats/interval.h"

namespace mbench {

struct SimulationOptions {
  LoadPlan load;
  std::map<std::string, std::string> server;  // options of driver sim
  std::uint32_t connections = 64;
  Ticks timeout = 10 * kSecond;
  std::uint64_t seed = 42;
  // When, from the start of the measured phase, the thread of the load stands still for how long.
  std::map<Ticks, Ticks> standstills = {};
};

struct SimulationResult {
  Interval total;  // one op: read
  Account account;
  std::uint64_t due =
      0;  // what the schedule made due in the measured phase, counted without the worker

  const OpStats& read() const { return total.ops[0]; }
  Histogram response() const { return read().Answered(); }
  const Histogram& service() const { return read().service; }
  std::uint64_t Count(Outcome outcome) const { return read().Count(outcome); }
};

SimulationResult Simulate(const SimulationOptions& options);

}  // namespace mbench
