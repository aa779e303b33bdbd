// SPDX-License-Identifier: Apache-2.0
//
// What one worker tells the ledger (drivers/common/ledger.h) of its ops.
#pragma once

#include <cstdint>

#include "drivers/common/ledger.h"
#include "drivers/op.h"
#include "harness/engine/recorder.h"
#include "workloads/workload.h"

namespace mbench {

// Thread: one worker.
class OpLog {
 public:
  // `client`: the first of this worker's, each slot is one. `reads`: they are followed too. All
  // arguments outlive this.
  OpLog(Ledger* ledger, const Workload* workload, Recorder* recorder, std::uint64_t client,
        bool reads)
      : lane_(ledger->NewLane()),
        workload_(workload),
        recorder_(recorder),
        first_client_(client),
        reads_(reads) {}

  // An op, or half of one, has ended; before its request is used again.
  void Add(const Request& request, const Completion& completion, Outcome outcome);
  // The run is over, and no answer to the op has come. It began at `planned` or later.
  void AddUnanswered(const Request& request, Ticks planned, Ticks now);

 private:
  void AddWrite(const Request& request, LedgerKind kind, Ticks started, Ticks ended);
  void AddRead(const Request& request, const Completion& completion, Outcome outcome);
  void Add(LedgerEntry entry, const Request& request, Ticks started, Ticks ended);

  Ledger::Lane* lane_;
  const Workload* workload_;
  Recorder* recorder_;
  const std::uint64_t first_client_;
  const bool reads_;
};

}  // namespace mbench
