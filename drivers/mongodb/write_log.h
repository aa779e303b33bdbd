// SPDX-License-Identifier: Apache-2.0
//
// Every write of a run by its number, to be compared with the documents when it is over.
//
// A write leaves its number in the document it writes, so a document says which of its writes is
// the one that is seen. What became of the others the ledger says (drivers/common/ledger_judge.h):
// the number is the version, and the key is a hash of what the document is called.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "drivers/common/ledger.h"
#include "drivers/common/ledger_judge.h"
#include "harness/base/clock.h"

namespace mbench::mongodb {

class WriteLog {
 public:
  // `run`: as of NewRun (drivers/common/event_ledger.h).
  explicit WriteLog(std::uint32_t run, LedgerLimits limits = {});

  // The numbers of this log are first <= n < end.
  std::uint64_t First() const { return first_; }
  std::uint64_t End() const;

  // Thread: any.
  std::uint64_t NewNumber() { return next_.fetch_add(1, std::memory_order_relaxed); }
  // Of one session. Thread: any.
  Ledger::Lane* NewLane() { return ledger_.NewLane(); }

  // `seen`: the numbers that the documents have. To be called once. REQUIRES: no session works.
  Result<LedgerFindings> Compare(std::vector<std::uint64_t> seen);
  std::uint64_t NotKept() const { return ledger_.NotKept(); }
  const std::string& WhyNotKept() const { return ledger_.WhyNotKept(); }

 private:
  const std::uint64_t first_;
  std::atomic<std::uint64_t> next_;
  Ledger ledger_;
};

// A write of the document; `number`: that it left there, 0: it deletes.
LedgerEntry MakeWrite(std::uint64_t document, std::uint64_t number, LedgerKind kind, Ticks started,
                      Ticks ended);

}  // namespace mbench::mongodb
