// SPDX-License-Identifier: Apache-2.0
//
// The ops of one worker that are on their way: planned, and waiting to be sent or in flight.
//
// A slot is one op's place from when it is due until its outcome is known. There are as many as the
// worker has connections. A due op that finds no free slot is late, never dropped: it stays in its
// source and keeps its planned start.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "drivers/op.h"
#include "harness/engine/due_source.h"
#include "harness/engine/phase_times.h"
#include "workloads/workload.h"

namespace mbench {

struct Slot {
  Request request;
  Ticks planned = 0;
  Ticks free_since = 0;  // since when this slot could have taken it
  Ticks started = 0;     // of the first op of a chain; 0: not known yet
};

// Thread: one worker.
class Slots {
 public:
  Slots(std::uint32_t count, DueSource* source, Workload* workload, const PhaseTimes* times);

  // Moves ops that are due into free slots: the source says when, the workload says what.
  void Fill(Ticks now);
  // The ops that the session has not taken yet, oldest first.
  std::span<const Op> Waiting() const { return waiting_; }
  // The session took the first `count` of them.
  void Taken(std::size_t count);

  Slot& operator[](std::uint32_t slot) { return slots_[slot]; }
  // The slot's op goes to the session once more: the next op of a chain.
  void Again(std::uint32_t slot);
  // The slot's op has ended.
  void Release(std::uint32_t slot, Ticks finished);

  // Ops the session has taken and not been released.
  std::size_t InFlight() const { return slots_.size() - free_.size() - waiting_.size(); }
  // Calls visit(slot) for each of them.
  template <class Visit>
  void ForEachInFlight(Visit visit) const {
    std::vector<bool> idle(slots_.size());
    for (const std::uint32_t slot : free_) idle[slot] = true;
    for (const Op& op : waiting_) idle[op.slot] = true;
    for (std::size_t slot = 0; slot < slots_.size(); ++slot)
      if (!idle[slot]) visit(slots_[slot]);
  }
  // When there will be something to do if no reply comes before.
  Ticks NextWake(Ticks now);
  // Everything that was due has ended, or the time to wait for it is over.
  bool Finished(Ticks now);

  // Ops taken from the source so far that were due in the measured phase.
  std::uint64_t planned() const { return planned_; }
  std::uint32_t OnTheirWay() const {
    return static_cast<std::uint32_t>(slots_.size() - free_.size());
  }

 private:
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::vector<Op> waiting_;
  DueSource* source_;
  Workload* workload_;
  const PhaseTimes* times_;
  std::uint64_t planned_ = 0;
  Ticks stalled_until_ = 0;  // end of the last time in which this thread stood still
};

}  // namespace mbench
