// SPDX-License-Identifier: Apache-2.0
//
// Which records exist: the one thing that the workers of a run share.
//
// Inserts are numbered from a counter. They are acknowledged in any order, and reads may ask only
// for what was acknowledged, so Limit() follows the lowest number that was not:
//
//     first ........................ Limit()   x x . x . . x     next_
//     |--- exist, reads ask for these --|       acknowledged (x), in flight or failed (.)
//
// Each number has a place in a ring, where its acknowledgement is left; whoever finds the place of
// Limit() filled moves Limit() on. No locks are taken for that. Should a stalled insert hold
// Limit() back for more than the ring's size, acknowledgements beyond the ring are kept as
// intervals under a lock; as neighbours are joined there are never more of them than ops in flight.
//
// An insert that failed gives its number back, and a later insert tries it again. One that timed
// out may have been done in spite of that, and then fails again each time on systems that refuse
// duplicates. So numbers that were given back are tried one in kRetryEvery inserts only, or a
// single such number could turn all later inserts into errors. Only when many of them wait, they go
// first.
//
// Of a run that several processes share, each has such a thing of its own, and they do not talk.
// Process r of n then has the inserted numbers base + r, base + r + n, ... (base = first + records)
// and the r-th of every n blocks of the sequence; so no two insert the same record, and reads of
// each ask for what was there at the start and what it inserted itself. Limit() counts these.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "workloads/fleet/fleet.h"
#include "workloads/keys/zipf_table.h"

namespace mbench {

// One of several processes that share a run. Alone: the first of one.
struct RunShare {
  std::uint32_t rank = 0, ranks = 1;
};

// Thread: any, all of it.
class SharedRecords {
 public:
  static constexpr std::uint64_t kRing = 1 << 14;
  static constexpr std::uint64_t kRetryEvery = 16;
  static constexpr std::size_t kRetryFirst = 1024;

  // Records [first, first + records) exist. `theta`: of Popularity.
  SharedRecords(std::uint64_t first, std::uint64_t records, double theta, RunShare share = {});

  std::uint64_t First() const { return first_; }
  // All records of [First(), Limit()) were acknowledged; alone, these are their numbers.
  std::uint64_t Limit() const { return limit_.load(std::memory_order_acquire); }
  // The number of the record at this place of [First(), Limit()).
  std::uint64_t NumberAt(std::uint64_t place) const {
    if (share_.ranks == 1 || place < base_) [[likely]]
      return place;
    return base_ + (place - base_) * share_.ranks + share_.rank;
  }

  // A number for an insert, to be followed by Acknowledge or GiveBack of it.
  std::uint64_t TakeInsert();
  void Acknowledge(std::uint64_t number);
  void GiveBack(std::uint64_t number);

  // The next `count` places of the one sequence that all workers walk through together.
  // REQUIRES: it is always the same.
  std::uint64_t TakeSequence(std::uint64_t count) {
    const std::uint64_t taken = sequence_.fetch_add(count, std::memory_order_relaxed);
    return taken * share_.ranks + share_.rank * count;
  }

  // Of a write: greater than all before it. 0 is what a load writes.
  std::uint64_t TakeVersion() { return version_.fetch_add(1, std::memory_order_relaxed) + 1; }
  // So that versions of two runs differ. Before it is shared.
  void BeginVersionsAt(std::uint64_t first) { version_ = first; }

  // What sends points beside them; null: nothing. To be set before it is shared.
  void SetFleet(std::shared_ptr<SharedFleet> fleet) { fleet_ = std::move(fleet); }
  SharedFleet* Fleet() const { return fleet_.get(); }

  // A table of at least n ranks, shared by all who ask. Grows by doubling.
  std::shared_ptr<const ZipfTable> Popularity(std::uint64_t n);

 private:
  void AdvanceLimit();
  void AddBeyondRing(std::uint64_t number);
  bool MoveIntoRing();
  std::optional<std::uint64_t> TakeReturned();
  std::uint64_t PlaceOf(std::uint64_t number) const {
    return number < base_ ? number : base_ + (number - base_) / share_.ranks;
  }

  const std::uint64_t first_;
  const std::uint64_t base_;  // of inserted ones
  const double theta_;
  const RunShare share_;
  std::shared_ptr<SharedFleet> fleet_;
  // What all workers write to stays away from what they only read.
  alignas(64) std::atomic<std::uint64_t> limit_;
  alignas(64) std::atomic<std::uint64_t> next_;
  alignas(64) std::atomic<std::uint64_t> sequence_{0};
  alignas(64) std::atomic<std::uint64_t> version_{0};
  alignas(64) std::atomic<std::size_t> beyond_count_{0};  // intervals in beyond_
  std::atomic<std::size_t> returned_count_{0};
  // Place n % kRing holds n once n is acknowledged.
  std::vector<std::atomic<std::uint64_t>> ring_;

  std::mutex mutex_;                               // what follows
  std::map<std::uint64_t, std::uint64_t> beyond_;  // begin -> end, acknowledged
  std::deque<std::uint64_t> returned_;
  std::uint64_t inserts_since_retry_ = 0;
  std::shared_ptr<const ZipfTable> popularity_;
};

}  // namespace mbench
