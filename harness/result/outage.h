// SPDX-License-Identifier: Apache-2.0
//
// Times in which a system did not answer, as they are stored.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/names.h"
#include "harness/stats/interval.h"

namespace mbench {

// kNotSeen: nothing worth the name happened. kUnproven: answers came back, but the run ended before
// they had lasted as long as was asked for. kWithin: another outage of that op went on already.
enum class OutageState { kNotSeen, kRecovered, kUnproven, kNeverEnded, kWithin };
template <>
inline constexpr auto kNamesOf<OutageState> = Names("not_seen", "recovered", "unproven",
                                                    "never_ended", "within");

// Ops that ended in one stretch of time.
struct OutagePhase {
  std::uint64_t ended = 0;
  std::uint64_t errors = 0;
  Ticks p99 = 0;  // response of answered and timed-out ops; 0: there were none
};

// What an event did to one kind of op. Times from the start of the measured phase.
struct OutageResult {
  std::string event;  // "": found, and not declared
  std::uint32_t round = 1;
  std::string op;
  OutageState state = OutageState::kNotSeen;
  Ticks event_at = 0;  // of a found one: of the last event before it, or -1
  Ticks at_most = 0;   // as declared; 0: not said
  Ticks from = 0;      // the last answer before it
  Ticks to = 0;        // the first answer from which on it was over; or the end of the run
  Ticks first_error = kNever, last_error = OpMarks::kNone;
  Ticks silence = 0;           // the longest time in it without an answer
  std::uint32_t relapses = 0;  // it was over, and came back
  OutagePhase before, during, after;
  std::string note = {};  // of found ones: the event they came behind

  bool Declared() const { return !event.empty(); }
  bool Seen() const { return state != OutageState::kNotSeen && state != OutageState::kWithin; }
  bool HasErrors() const { return first_error != kNever; }
  // From the last answer to recovery; of one that never ended, how long it is at least.
  Ticks Rto() const { return Seen() ? to - from : 0; }
  bool TooLong() const { return at_most > 0 && Seen() && Rto() > at_most; }
  // A declared one that did not end as it was declared to.
  bool Broken() const { return Declared() && (state == OutageState::kNeverEnded || TooLong()); }
};

// What the rules for whole runs leave out: the ops in declared outages.
struct OutsideOfOutages {
  Interval during;             // `ops`: of each kind in its outages; `delay`: of all
  std::vector<Ticks> lengths;  // by op
  Ticks length = 0;            // in which any of them had one
  std::uint64_t offered = 0;   // due in that
};

}  // namespace mbench
