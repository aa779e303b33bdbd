// SPDX-License-Identifier: Apache-2.0
//
// One thread of load: the hot loop.
#pragma once

#include <atomic>
#include <cstdint>

#include "drivers/completions.h"
#include "drivers/driver.h"
#include "harness/engine/op_log.h"
#include "harness/engine/phase_times.h"
#include "harness/engine/recorder.h"
#include "harness/engine/slots.h"

namespace mbench {

// What a worker tells while it runs. Written by the worker, read by the collector; figures of one
// moment, not of the same one.
struct alignas(64) WorkerGauge {
  std::atomic<std::uint64_t> planned{0};    // ops taken that were due in the measured phase
  std::atomic<std::uint32_t> in_flight{0};  // ops on their way: planned, and not ended
  std::atomic<Ticks> spun{0};               // CPU time spent waiting for a due time
};

struct WorkerParts {
  DueSource* source;
  Workload* workload;
  Session* session;
  Recorder* recorder;
  WorkerGauge* gauge;
  const PhaseTimes* times;
  std::uint32_t slots = 1;
  OpLog* log = nullptr;  // what it writes, and may have read, is followed
  bool verify = false;   // check what reads return
  bool spin = true;      // wait for a due time to the microsecond; costs CPU
};

class Worker {
 public:
  explicit Worker(const WorkerParts& parts);

  // Returns when everything that was due has ended, or at the deadline.
  void Run();

 private:
  void Wait(Ticks now);
  void Idle(Ticks now, Ticks until);
  void Settle(const Completion& completion);
  void SettleStep(const StepDone& step);
  void LogUnanswered();
  Outcome Judge(const Slot& slot, const Completion& completion) const;
  void Publish();

  WorkerParts parts_;
  Slots slots_;
  Completions done_;
};

}  // namespace mbench
