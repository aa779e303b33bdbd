// SPDX-License-Identifier: Apache-2.0
//
// What became of the writes of a run, and what its reads have shown, as it is stored.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/clock.h"

namespace mbench {

struct LedgerSummary {
  struct Reads {
    std::uint64_t judged = 0;
    std::uint64_t stale = 0;  // of these: older than a write acknowledged before the read began
  };
  struct LabelReads : Reads {
    std::string label;
  };
  struct OfOp {
    std::uint64_t acknowledged = 0, lost = 0;        // lost: of these, not there in the end
    std::uint64_t failed = 0, failed_there = 0;      // there: of these, seen in the end
    std::uint64_t in_doubt = 0, in_doubt_there = 0;  // nobody knows whether they took place
    Reads reads;
    std::vector<LabelReads> labels = {};
    std::uint64_t never_written = 0;  // reads of a version that nobody wrote
    std::uint64_t backwards = 0;      // reads older than what this client had read before
    std::uint64_t not_own = 0;        // reads older than what this client had written before
    Ticks oldest = 0;  // how long before a stale read at most the newer version was acknowledged

    void Add(const OfOp& other) {
      acknowledged += other.acknowledged;
      lost += other.lost;
      failed += other.failed;
      failed_there += other.failed_there;
      in_doubt += other.in_doubt;
      in_doubt_there += other.in_doubt_there;
      reads.judged += other.reads.judged;
      reads.stale += other.reads.stale;
      never_written += other.never_written;
      backwards += other.backwards;
      not_own += other.not_own;
      oldest = oldest < other.oldest ? other.oldest : oldest;
    }
  };
  // Lost writes, on the axis of the measured phase.
  struct Loss {
    std::uint64_t writes = 0;
    Ticks from = 0, until = 0;  // the first began, the last was acknowledged
    // What is lost, as a time.
    Ticks Length() const { return writes == 0 ? 0 : until - from; }
    void Add(Ticks started, Ticks ended) {
      from = writes == 0 || started < from ? started : from;
      until = writes == 0 || ended > until ? ended : until;
      ++writes;
    }
  };

  // What an event has brought about: the losses it was the cause of (run_ledger.cc); of those that
  // declare an outage also what began behind it, and before the next one.
  struct AtEvent : Loss {
    std::uint64_t in_doubt = 0;
    Reads reads;
  };

  bool known = false;         // there was a ledger
  bool writes_known = false;  // what the keys show in the end was looked at
  bool reads_known = false;   // reads were followed too
  std::vector<OfOp> ops;      // by op
  Loss loss;
  std::vector<AtEvent> by_event;        // by event
  std::uint64_t keys = 0;               // that were written
  std::uint64_t repeated_versions = 0;  // writes with a version that another of the key has
  std::uint64_t not_kept = 0;           // writes and reads that nobody can judge
  std::string why_not_kept;

  OfOp All() const {
    OfOp all;
    for (const OfOp& op : ops) all.Add(op);
    return all;
  }
};

}  // namespace mbench
