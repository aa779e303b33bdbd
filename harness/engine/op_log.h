// SPDX-License-Identifier: Apache-2.0
//
// What one worker tells the ledger (drivers/common/ledger.h) of its ops.
#pragma once

#include <cstdint>

#include "drivers/common/ledger.h"
#include "drivers/op.h"
#include "harness/engine/followed.h"
#include "harness/engine/recorder.h"
#include "workloads/workload.h"

namespace mbench {

// Thread: one worker.
class OpLog {
 public:
  // `client`: the first of this worker's, each slot is one. All arguments outlive this.
  OpLog(Ledger* ledger, const WhatIsFollowed& followed, const Workload* workload,
        Recorder* recorder, std::uint64_t client)
      : lane_(ledger->NewLane()),
        followed_(followed),
        workload_(workload),
        recorder_(recorder),
        first_client_(client) {}

  // An op, or half of one, has ended; before its request is used again.
  void Add(const Request& request, const Completion& completion, Outcome outcome);
  // The run is over, and no answer to the op has come. It began at `planned` or later.
  void AddUnanswered(const Request& request, Ticks planned, Ticks now);

  // Of statements.
  const KeyTexts& Keys() const { return keys_; }

 private:
  void AddVerb(const Request& request, const Completion& completion, Outcome outcome);
  void AddStatement(const Request& request, const Completion& completion, Outcome outcome);
  void AddStatementWrite(const FollowedStatement::Write& write, const Request& request,
                         LedgerKind kind, Ticks started, Ticks ended);
  std::string_view Text(const TextTemplate& text, const Request& request);
  void AddWrite(const Request& request, LedgerKind kind, Ticks started, Ticks ended);
  void AddRead(const Request& request, const Completion& completion, Outcome outcome);
  void Add(LedgerEntry entry, std::uint64_t key, const Request& request, Ticks started,
           Ticks ended);
  std::uint64_t LabelOf(const Request& request, const Completion& completion) const;

  Ledger::Lane* lane_;
  const WhatIsFollowed& followed_;
  const Workload* workload_;
  Recorder* recorder_;
  const std::uint64_t first_client_;
  KeyTexts keys_;
  std::string text_;
};

}  // namespace mbench
