// SPDX-License-Identifier: Apache-2.0
//
// Which writes of a run have been seen as events (of a change stream, as messages of a topic), and
// how long that took.
//
//   number = ledger.Begin(statement)      travels in the document or message that is written
//   ledger.Acknowledge(number, now)       or Abandon(number): nobody knows what became of it
//   ledger.See(number, now)               the event is in hand
//
// Numbers stand in a ring: a write is forgotten when `capacity` later ones have begun, so memory
// does not grow with the run. One that had not been seen by then is counted as `untracked`, never
// as seen or lost.
//
//         Begin         Acknowledge                See
//   kDone -----> kBegun -----------> kAcknowledged ---------> kDone   told: acknowledged .. seen
//                  | See                       Acknowledge
//                  +-------> kSeen -------------------------> kDone   told: 0, before its reply
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "drivers/message_counts.h"
#include "harness/base/clock.h"

namespace mbench {

// A number is 23 bits of who gave it, then so many that count.
inline constexpr int kNumberBits = 40;
// Those 23 bits, at random: other runs, and other ledgers of this one, have others.
std::uint32_t NewRun();

// Thread: any.
class EventLedger {
 public:
  // `run`: as of NewRun. `capacity`: a power of two.
  explicit EventLedger(std::uint32_t run, std::size_t capacity = kCapacity);

  // Numbers of this ledger are above it, by less than 2^kNumberBits.
  std::uint64_t First() const { return run_; }

  // `from`: when the time until it is seen begins; 0: with its reply.
  std::uint64_t Begin(std::uint16_t statement, Ticks from = 0);
  void Acknowledge(std::uint64_t number, Ticks at);
  void Abandon(std::uint64_t number);
  // Numbers that are none of this ledger are of others, who write there too. False: it is one of
  // these, or was seen before.
  bool See(std::uint64_t number, Ticks at);

  // What became of a write: each is told once, one that was doubled once more each time.
  enum class Fate : std::uint8_t { kSeen, kDoubled, kLost };
  struct Sighting {
    std::uint16_t statement = 0;
    Fate fate = Fate::kSeen;
    // When its time began, as Begin was told, and ended. seen >= from; kDoubled, kLost: the same.
    Ticks from = 0, seen = 0;
  };
  // Moves what was not told yet to the end of `to`.
  void TakeSightings(std::vector<Sighting>* to);

  // Writes that were acknowledged and are awaited, and what was not taken yet.
  std::uint64_t Missing() const;
  // Those that are awaited are lost from now on, or (`lost` false) counted as not awaited.
  void GiveUp(bool lost);

  struct Counts {
    std::uint64_t acknowledged = 0;
    std::uint64_t seen = 0;            // of those
    std::uint64_t early = 0;           // of these, before the reply to their write
    std::uint64_t doubled = 0;         // events that had been seen already
    std::uint64_t lost = 0;            // acknowledged, and did not come
    std::uint64_t not_awaited = 0;     // the run was interrupted first
    std::uint64_t untracked = 0;       // more than `capacity` writes behind
    std::uint64_t unacknowledged = 0;  // events of writes that were not acknowledged
    std::uint64_t awaited = 0;         // just now
    Ticks oldest = 0;  // when the time of the first of these began; 0: there is none
  };
  Counts Look() const;
  // Of those, what became of the writes of each statement, by its number.
  std::vector<MessageCounts> ByStatement() const;

 private:
  static constexpr std::size_t kCapacity = std::size_t{1} << 20;  // 32 MiB

  enum class State : std::uint8_t { kDone, kBegun, kAcknowledged, kSeen, kAbandoned, kGivenUp };
  struct Entry {
    std::uint64_t number = 0;
    Ticks at = 0;    // kAcknowledged, kSeen: when
    Ticks from = 0;  // as Begin was told
    std::uint16_t statement = 0;
    State state = State::kDone;
  };

  // Null when it is forgotten.
  Entry* Find(std::uint64_t number);
  void Tell(const Entry& entry, Fate fate, Ticks acknowledged, Ticks seen);
  MessageCounts& Of(const Entry& entry) { return by_statement_[entry.statement]; }
  Ticks OldestAwaited() const;

  const std::uint64_t run_;  // in the bits above those of the number
  mutable std::mutex mutex_;
  std::vector<Entry> ring_;
  std::uint64_t next_ = 1;
  mutable std::uint64_t first_open_ = 1;  // all before are done
  std::vector<Sighting> untold_;
  Counts counts_;
  std::vector<MessageCounts> by_statement_;
};

}  // namespace mbench
