// SPDX-License-Identifier: Apache-2.0
//
// What was measured in one stretch of a run, all workers together: the unit that the engine hands
// out once a second, the interval log stores, and the result folder sums up.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/op.h"
#include "harness/stats/histogram.h"

namespace mbench {

// What ops have moved (drivers/op.h): bytes whatever became of them, items of those that ended
// well.
struct Moved {
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t items = 0;
  bool known = true;  // false: of a result that was stored without them, and the rest is 0

  std::uint64_t Bytes() const { return bytes_sent + bytes_received; }
  // Of a Completion, or whatever else has these.
  template <class Op>
  void AddBytes(const Op& op) {
    bytes_sent += op.bytes_sent;
    bytes_received += op.bytes_received;
  }
  template <class Op>
  void Add(const Op& op, Outcome outcome) {
    AddBytes(op);
    items += outcome == Outcome::kOk ? op.items : 0;
  }
  void Add(const Moved& other);
  bool operator==(const Moved&) const = default;
};

// When the first and the last ops ended, to the nanosecond: what outages are measured by, which
// sums of a stretch of time cannot tell. kNever and kNone: there was none. Times as of the Interval
// they are in.
struct OpMarks {
  static constexpr Ticks kNone = -kNever;
  Ticks first_answer = kNever, last_answer = kNone;
  Ticks first_error = kNever, last_error = kNone;
  Ticks error_since = kNever;  // the earliest start of those that ended in errors

  void Answer(Ticks at) {
    if (at < first_answer) [[unlikely]]
      first_answer = at;
    last_answer = at;
  }
  void Error(Ticks started, Ticks at);
  void Add(const OpMarks& other);
  // To another zero of time.
  OpMarks From(Ticks zero) const;
};

// Of one op name ("read", "rmw", a statement's name). Only ops that were planned inside the
// measured phase.
struct OpStats {
  std::array<Histogram, kOutcomes> response;  // finished - planned, by outcome
  Histogram service;  // finished - started, ops that were answered or timed out
  std::map<std::string, std::uint64_t> errors;  // class -> ops that failed or were rejected with it
  Moved moved;
  OpMarks marks;  // not stored

  std::uint64_t Count(Outcome outcome) const {
    return response[static_cast<std::size_t>(outcome)].TotalCount();
  }
  std::uint64_t Ended() const;
  // What percentiles are made of: answered and timed-out ops. An op that timed out counts with the
  // time after which it was given up; one that failed does not count, because it may have failed
  // fast.
  Histogram Answered() const;
  void AddAnsweredTo(Histogram* sum) const;
  static bool CountsAsAnswered(Outcome outcome) {
    return IsAnswer(outcome) || outcome == Outcome::kTimedOut;
  }

  void Add(const OpStats& other);
};

// Ops of the measured phase. offered = ended (by outcome) + in_flight + waiting is checked and
// printed.
struct Account {
  std::uint64_t offered = 0;                     // due until the end of the measured phase
  std::array<std::uint64_t, kOutcomes> ended{};  // by outcome
  std::uint64_t in_flight = 0;                   // started and not finished when the run ended
  std::uint64_t waiting = 0;                     // due and never started

  void Add(const Account& other);
  std::uint64_t Ended() const;
  bool Balances() const { return offered == Ended() + in_flight + waiting; }
};

// How the host and this process fared.
struct HostSample {
  double client_cpu_s = 0;  // user + system time of this process
  double busy = 0;          // busiest worker: part of the time it neither waited nor spun, 0..1
  double steal = 0;         // part of the host's CPU time taken by the hypervisor, 0..1
  std::uint64_t rss_bytes = 0;
  // Of the whole host, with units in the names (engine/host_figures.h): cpu_fraction,
  // memory_used_bytes, disk_read_bytes_per_s ...; what is not known is left out.
  std::map<std::string, double> figures = {};
};

// Parts of an op: steps of a transaction (each timed from its own start), and ops by what their
// reply says of itself (Completion::label). Views of ops that are counted already: in no total.
// Called "<op>:<label>".
using PartStats = std::map<std::string, OpStats, std::less<>>;
// Of one op at most so many by name; those that come later are together in the part "other".
inline constexpr std::size_t kMostParts = 64;
inline constexpr std::string_view kOtherPart = "other";

std::string PartName(std::string_view op, std::string_view label);
// The op's name; "": `name` is that of no part. Names of ops hold no colon.
std::string_view OpOfPart(std::string_view name);
std::string_view LabelOfPart(std::string_view name);

struct Interval {
  Ticks begin = 0;  // from the start of the measured phase
  Ticks end = 0;
  std::vector<OpStats> ops = {};  // in the order of the run's op names
  PartStats parts = {};
  Histogram lag = {};         // started - planned
  Histogram delay = {};       // the part of lag that is the harness's own: a connection was free
  std::uint64_t offered = 0;  // due in this interval
  double planned_level = 0;   // what the profile asks for at `end`: ops/s or clients
  std::uint64_t in_flight = 0;
  std::uint64_t warmup_ops = 0;  // ended, but planned before the measured phase: not in the above
  HostSample host = {};
  std::map<std::string, double> system = {};  // what the system said of itself, with units in names

  // Histograms, counts and CPU time are summed; begin and end become the union; level, ops in
  // flight and what the system said are the later one's; busy, steal and the figures of the host
  // are means over time, rss_bytes the higher. Adding to a new Interval copies.
  void Add(const Interval& other);
  // Histograms, and counts of ops, alone.
  void AddCounts(const Interval& other);
};

}  // namespace mbench
