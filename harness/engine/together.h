// SPDX-License-Identifier: Apache-2.0
//
// A run that several processes share, as the engine of one of them sees it.
//
//   load        by the first one; the others look whether they see the records, and where they see
//               an empty store (it is in their own process) they fill it
//   workers     counted over all processes: process r of n has those from W r / n on; arrivals,
//               clients, connections, seeds and ops follow from a worker's number
//   start       agreed, some time ahead
//   the rest    events, what the system says of itself and checks of the data: the first one alone
//
// harness/run implements it over what MPI carries. Thread: the conductor's.
#pragma once

#include <cstdint>
#include <set>

#include "harness/base/clock.h"
#include "harness/base/result.h"
#include "workloads/shared_records.h"

namespace mbench {

class Together {
 public:
  virtual ~Together() = default;

  virtual RunShare Share() const = 0;
  // Workers of each process where neither plan nor driver say how many; 0: as a run alone.
  virtual std::uint32_t UsualWorkers() const = 0;
  // Processes of this host that are no strangers.
  virtual std::set<int> Neighbours() const = 0;

  // Waits for all. Fails everywhere when it fails anywhere; else whether any wants to stop.
  virtual Result<bool> All(const Status& mine, bool stop) = 0;
  // When the warm-up begins, on the clock of this process: the same moment for all.
  virtual Ticks AgreeOnStart() = 0;
};

}  // namespace mbench
