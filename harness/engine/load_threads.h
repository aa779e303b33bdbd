// SPDX-License-Identifier: Apache-2.0
//
// The load phase proper: threads that write all records as fast as the system takes them. No
// schedule, no recording; each record is tried a few times before the load is given up.
#pragma once

#include <atomic>
#include <cstdint>

#include "drivers/driver.h"
#include "harness/engine/data_marks.h"
#include "harness/engine/run_observer.h"
#include "harness/plan/run_plan.h"
#include "harness/stats/phases.h"

namespace mbench {

struct LoadTask {
  const RunPlan& plan;
  const DriverFacts& facts;
  Driver* driver;
  RunObserver* observer;
  const std::atomic<bool>* stop;  // ends it early
  const DataMarks& marks;         // told how far a load by statement is, each second
  std::uint64_t first = 0;        // record to begin with
};

// Fails with kUnreachable when a record cannot be written.
Result<LoadPhase> LoadRecords(const LoadTask& task);

}  // namespace mbench
