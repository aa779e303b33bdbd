// SPDX-License-Identifier: Apache-2.0
//
// What the engine tells while it runs: to the result folder, to the progress display, to a test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/stats/interval.h"

namespace mbench {

// Thread: all calls come from the thread that called Conductor::Run.
class RunObserver {
 public:
  virtual ~RunObserver() = default;

  // The load phase has written `done` of `records` records. About four times a second.
  virtual void OnLoad(std::uint64_t done, std::uint64_t records) = 0;

  // All sessions stand; the measured phase begins at `zero_ns`, nanoseconds since the Unix epoch,
  // after a warm-up. An error ends the run before its first op.
  virtual Status OnStart(std::int64_t zero_ns) = 0;

  // An event of the plan begins. Told before the first OnSlice that ends behind `at`.
  virtual void OnEvent(std::size_t /*event*/, std::uint32_t /*round*/, Ticks /*at*/) {}

  // A part of a second of the measured phase is over: some 10 ms where an outage is declared, else
  // all of it. The ops of a second are those of its slices; these hold no figures of the host and
  // of the system.
  virtual void OnSlice(const Interval& /*slice*/) {}

  // One second is over; times before 0 are warm-up. An error ends the run as an interruption would.
  virtual Status OnInterval(const Interval& interval) = 0;
};

}  // namespace mbench
