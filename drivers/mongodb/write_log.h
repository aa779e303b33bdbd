// SPDX-License-Identifier: Apache-2.0
//
// Every write of a run, to be compared with the documents when it is over.
//
// A write leaves its number in the document it writes, so a document says which of its writes is
// the one that is seen. Let that be F. A write W of the same document that was acknowledged and is
// not seen was overwritten by F, unless F had ended before W began: then W came after F and is
// lost. A document without a number of this run shows none of its writes: it stands as it was
// before, or was deleted.
//
//   F   |------|
//   W1      |------|     may have come before F: overwritten
//   W2             |---| came after F: lost
//
// 32 bytes a write, in memory.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "harness/base/clock.h"

namespace mbench::mongodb {

struct LoggedWrite {
  std::uint64_t document = 0;  // a hash of what it is called, and in which collection
  std::uint64_t number = 0;    // that it left there; 0: it deletes
  Ticks started = 0;
  Ticks ended = kNever;  // kNever: nobody knows whether, or when, it took place
};

class WriteLog {
 public:
  static constexpr std::uint64_t kCapacity = std::uint64_t{1} << 25;  // 1 GiB

  // `run`: as of NewRun (drivers/common/event_ledger.h). Later writes than `capacity` are counted, not kept.
  explicit WriteLog(std::uint32_t run, std::uint64_t capacity = kCapacity);

  // The numbers of this log are first <= n < end.
  std::uint64_t First() const { return first_; }
  std::uint64_t End() const;

  // Thread: any.
  std::uint64_t NewNumber() { return next_.fetch_add(1, std::memory_order_relaxed); }

  // Those of one session. Thread: one.
  class Lane {
   public:
    explicit Lane(WriteLog* log) : log_(log) {}
    void Add(const LoggedWrite& write);

   private:
    friend class WriteLog;
    WriteLog* log_;
    std::deque<LoggedWrite> writes_;
  };
  // Lives as long as the log. Thread: any.
  Lane* NewLane();

  struct Findings {
    std::uint64_t acknowledged = 0;
    std::uint64_t lost = 0;            // of these
    std::uint64_t unacknowledged = 0;  // failed, timed out, or nobody knows
    std::uint64_t present = 0;         // of these: seen in a document
    std::uint64_t not_kept = 0;        // above the capacity
  };
  // `seen`: the numbers that the documents have. Forgets the writes. REQUIRES: no session works.
  Findings Compare(std::vector<std::uint64_t> seen);

 private:
  const std::uint64_t first_, capacity_;
  std::atomic<std::uint64_t> next_, count_ = 0;
  std::mutex mutex_;
  std::deque<Lane> lanes_;
};

}  // namespace mbench::mongodb
