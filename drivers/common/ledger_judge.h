// SPDX-License-Identifier: Apache-2.0
//
// What became of the writes of a run, and what its reads have shown.
//
// A read shows a version, and so the write F that left it. A write W of the same key came after F
// for certain when F had ended before W began. If W was acknowledged before the read began, the
// read is stale; if the read is the last one of all, W is lost:
//
//     F   |------|
//     W1      |------|               at the same time as F: F may have overwritten it
//     W2             |---|           came after F
//     R                     |---|    shows F: stale by W2, not by W1
//
// Versions are compared for being the same and never by size, so they may go backwards. Where two
// writes of a key have the same version, what shows it may be by either: the later one is believed.
//
// What no write of the run has left was there before: a record that was loaded, one that is not
// there, and of each key the first other version that is read. What else is read was never written.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "drivers/common/ledger.h"

namespace mbench {

struct LostWrite {
  Ticks started = 0, ended = 0;
};

// What began in a stretch of time.
struct LedgerWindow {
  Ticks from = 0;  // until the next one
  std::uint64_t in_doubt = 0;
  std::uint64_t reads = 0, stale = 0;  // stale: of these
};

struct LedgerFindings {
  struct Reads {
    std::uint64_t judged = 0;
    std::uint64_t stale = 0;
  };
  // Of one op.
  struct OfOp {
    // Writes.
    std::uint64_t acknowledged = 0, lost = 0;        // lost: of these
    std::uint64_t failed = 0, failed_there = 0;      // there: of these, seen in the end
    std::uint64_t in_doubt = 0, in_doubt_there = 0;  //
    // Reads, of the measured phase.
    Reads reads;
    std::map<std::uint16_t, Reads> by_label = {};
    std::uint64_t never_written = 0;  // showed a version that nobody wrote
    std::uint64_t backwards = 0;      // older than what this client had read before
    std::uint64_t not_own = 0;        // older than what this client had written before
    Ticks oldest = 0;  // how long ago at most what a stale read should have shown was acknowledged
  };
  std::vector<OfOp> ops;  // by LedgerEntry::op
  std::vector<LostWrite> lost = {};
  std::vector<LedgerWindow> windows = {};  // in order of time; set by who wants to know
  std::uint64_t keys = 0;                  // that were written
  std::uint64_t not_looked_for = 0;        // acknowledged writes of keys that nobody could look at
  std::uint64_t repeated_versions = 0;     // writes with a version that another of the key has

  // nullptr: it is before the first one.
  LedgerWindow* WindowOf(Ticks at) {
    LedgerWindow* found = nullptr;
    for (LedgerWindow& window : windows)
      if (window.from <= at) found = &window;
    return found;
  }
  OfOp& Of(std::size_t op) {
    if (ops.size() <= op) ops.resize(op + 1);
    return ops[op];
  }
};

// Adds what became of the entries of one key, sorted by start. Reads that began before `zero`
// belong to the warm-up: they are not counted.
void JudgeKey(std::span<const LedgerEntry> entries, Ticks zero, LedgerFindings* findings);

// Calls visit(entries) for each key. REQUIRES: sorted, as Ledger::ForEachPart gives them.
template <class Visit>
void ForEachKey(std::span<const LedgerEntry> entries, Visit visit) {
  for (std::size_t begin = 0; begin < entries.size();) {
    std::size_t end = begin + 1;
    while (end < entries.size() && entries[end].key == entries[begin].key) ++end;
    visit(entries.subspan(begin, end - begin));
    begin = end;
  }
}

}  // namespace mbench
