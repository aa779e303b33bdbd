// SPDX-License-Identifier: Apache-2.0
//
// A run as it is stored and read again: everything a report or a verdict needs, and nothing of the
// engine.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/message_counts.h"
#include "harness/plan/slo.h"
#include "harness/result/outage.h"
#include "harness/result/rank_record.h"
#include "harness/stats/cpu_account.h"
#include "harness/stats/interval.h"
#include "harness/stats/ledger_summary.h"
#include "harness/stats/phases.h"

namespace mbench {

// Version of run.json. A reader refuses a higher one; what changed is in reports/README.md.
inline constexpr int kSchemaVersion = 2;
// From this version on a run.json ends with a digest of itself.
inline constexpr int kSchemaWithDigest = 2;

struct Provenance {
  std::string mbench_version;
  std::vector<std::string> command_line;  // secrets out
  std::string file;                       // path of the workload file
  std::string source_text;                // the file as written
  std::string plan_json;                  // every resolved value, secrets out
  std::uint64_t seed = 0;
  std::string driver;                               // "rocksdb"
  std::string system;                               // "RocksDB 7.8.3"
  std::map<std::string, std::string> system_facts;  // how it was set up, and what it would do
  std::map<std::string, std::string> system_after;  // what it came to, some under the same names
  std::string host, os, kernel, cpu;
  std::uint32_t cores = 0;
  std::uint64_t memory_bytes = 0;
  std::string clock;
  double clock_drift_ppm = 0;
  std::string commit;      // of the system, as the CI says; "": not known
  std::string started_at;  // start of the measured phase, UTC, 2026-01-31T12:34:56.789Z
};

enum class RunEnd { kComplete, kInterrupted, kEndedEarly };  // kEndedEarly: the process was killed
template <>
inline constexpr auto kNamesOf<RunEnd> = Names("complete", "interrupted", "ended_early");

struct SloResult {
  SloPlan slo;
  bool held = false;
  bool judged = true;   // false: nothing was measured that it could be held against
  double measured = 0;  // the worst window's, when windowed
  Ticks worst_at = 0;   // start of that window
};

// What the rules of validity need besides what was measured.
struct ValidityInput {
  bool is_null_driver = false;  // the harness measures itself: generator rules do not apply
  bool blocking = false;        // client CPU is the system's own (embedded)
  std::uint32_t threads = 0;    // workers at most at one time; 0: not known
};

// Of an op or a part: what came by the end of the measured phase, not in the drain after it. What
// rates are made of.
struct InTime {
  std::uint64_t answered = 0;
  Moved moved;
  void Add(const InTime& other) {
    answered += other.answered;
    moved.Add(other.moved);
  }
  bool operator==(const InTime&) const = default;
};

// What became of the messages of an op that somebody had to receive.
struct OpMessages {
  std::string op;
  MessageCounts counts;
  bool operator==(const OpMessages&) const = default;
};

// One of several systems of a run.
struct SystemRecord {
  std::string name;              // "cache"
  std::string driver;            // "redis"
  std::string system;            // what answered: "Redis 7.0.15"
  std::vector<std::string> ops;  // of op_names, that went there; empty: it was observed
  ConnectionCounts connections;
  bool operator==(const SystemRecord&) const = default;
};

struct RunResult {
  std::string name;
  std::string about;
  bool open_model = false;
  Provenance provenance;
  RunEnd end = RunEnd::kComplete;

  std::vector<std::string> op_names;
  Interval total;               // sum of all intervals
  std::vector<InTime> in_time;  // by op; empty: not known, and all of `total` counts
  std::map<std::string, InTime, std::less<>> parts_in_time;  // the same of total.parts
  Account account;
  ConnectionCounts connections;
  std::vector<SystemRecord> systems;  // empty: there is one, and all of this is about it
  std::vector<RankRecord> ranks;      // processes that shared it; empty: there was one
  Ticks planned_length = 0;           // of the measured phase
  Ticks measured_length = 0;          // what it came to
  Ticks warmup_length = 0;
  CpuAccount cpu;
  ValidityInput judged_as;
  LoadPhase load;
  std::vector<EventRecord> events;
  std::vector<OutageResult> outages;  // declared ones in order, then those that were found
  OutsideOfOutages outside;           // while it is judged; not stored
  std::vector<SloResult> slo;
  LedgerSummary ledger;              // of writes and reads
  std::vector<OpMessages> messages;  // of the ops whose messages are followed
  std::vector<CheckResult> checks;   // of the data, when the run was over
  std::vector<std::string> invalid;  // why no verdict may be drawn from this run; empty: valid
  std::vector<std::string> warnings;

  std::string folder;  // where it is stored

  bool Valid() const { return invalid.empty(); }

  // Of one op, of all together: answered per second of the measured phase; 0 when that has no
  // length.
  double Rate(std::size_t op) const;
  double PartRate(std::string_view part) const;
  double Rate() const;
};

// The account of a run that goes on, or that nobody closed. Figures of a second come from several
// threads and not from one moment, so an op may have ended that is not counted as offered yet: what
// has ended was offered. The rest is in flight, as far as so many were at the last look, or
// waiting. This balances by construction.
Account AccountSoFar(const Interval& total);

// Adds the next interval of the run to `result->total` and to what came in time; an interval that
// begins at planned_length or later is part of the drain. Every program that sums intervals
// does it here.
void AddInterval(const Interval& interval, RunResult* result);

}  // namespace mbench
