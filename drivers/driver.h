// SPDX-License-Identifier: Apache-2.0
//
// What a system under test has to look like to be driven.
//
//   DriverInfo   name, options, how to make one        static, listed by the registry
//   Driver       one system; opened once per run       conductor's thread only
//   Session      one worker's private line(s) to it    made, used and destroyed by one thread
//   Watcher      sees what becomes of ops afterwards   has a thread of its own
//
// The conformance suite in tests/drivers/conformance holds every driver to what this file says.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/completions.h"
#include "drivers/op.h"
#include "drivers/statement.h"
#include "drivers/verification.h"
#include "harness/base/options.h"
#include "harness/base/result.h"

namespace mbench {

// What a session is asked to carry.
struct SessionPlan {
  std::uint32_t connections = 1;  // ops in flight at most; 1 for blocking drivers, unless loading
  Ticks timeout = 10 * kSecond;   // per op, from its start
  bool want_values = false;       // fill Completion::value on reads
  // While the system cannot be reached: ops fail at once (open model, whose rate goes on), or each
  // waits for the next attempt to connect and fails with it (closed model, which would spin).
  bool fail_fast = false;
  // The load phase: inserts only, or one statement (StatementUse::kLoad). Nobody times them one by
  // one.
  bool loading = false;
  std::uint16_t fields = 1;  // fields of a record
  std::uint64_t seed = 0;    // for drivers that draw lots (sim)
};

class Session {
 public:
  virtual ~Session() = default;

  // Starts ops from the front and returns how many it took; fewer than all means "full for now".
  // Takes no more than `done` has room for with what is in flight; a driver with transactions needs
  // room for a step (Completion::more) and the end of each. May complete ops at once. A
  // network driver never blocks here; a blocking one does its ops one after another.
  virtual std::size_t Submit(std::span<const Op> ops, Completions& done) = 0;

  // Moves work forward: returns after the first batch of completions, when `done` is full, or at
  // `until`, whichever is first. With `until` in the past it looks once and returns. Called with
  // ops in flight, with ops that Submit did not take, and while there is nothing to do: then a
  // session over a network looks after its connections until `until`, others may return at once.
  virtual void Poll(Ticks until, Completions& done) = 0;

  // A short class name for an error code of this session ("connection lost", "disk full"): stable,
  // without values of single ops, so that it can be counted.
  virtual std::string DescribeError(std::uint16_t error) const = 0;
  virtual std::string DescribeLabel(std::uint16_t label) const { return std::to_string(label); }
  // What the system said of the last op that failed, in its own words: for whoever waits for that
  // op alone, as before a load. "": nothing more than its class.
  virtual std::string LastMessage() const { return ""; }

  // Records that statements of a load have left out so far, because they were there already.
  virtual std::uint64_t AlreadyThere() const { return 0; }
};

// Sees what becomes of ops after their replies, such as the events of a change stream: a line of
// its own beside those of the workers, to which nothing is submitted.
//
// Poll tells a completion for each thing seen, with `more` set: `slot` is the index of the
// statement, `started` when the op ended for whoever asked for it, `finished` when this was seen
// (no earlier), `label` what it is. It becomes a part of that statement, timed by itself. Made by
// the conductor's thread, ready to see what the first op does; then used and destroyed by one
// other.
class Watcher : public Session {
 public:
  std::size_t Submit(std::span<const Op> ops, Completions& done) final {
    (void)ops, (void)done;
    return 0;
  }
  // Ops that ended and were not seen yet, or not told.
  virtual std::uint64_t Missing() const = 0;
  // Waits no longer. What is missing is told as failed by the next calls of Poll; with
  // `interrupted` it is not, because nobody gave it the time to come.
  virtual void GiveUp(bool interrupted) = 0;
};

// The mark of data whose load has not ended with SetDataset. A driver that makes a new store leaves
// it there at once, so that what an interrupted load leaves behind is known to be ours and can be
// cleared.
inline constexpr std::string_view kUnfinishedDataset = "unfinished";

struct DriverFacts {
  std::string system = {};   // what answered, with version: "RocksDB 7.8.3"
  bool blocking = false;     // sessions block in Submit: one thread per client
  bool scans = true;         // can do OpKind::kScan
  bool verbs = true;         // can do reads, updates, inserts and deletes of records
  bool statements = false;   // can do OpKind::kStatement
  bool keeps_data = true;    // a read returns what was written (false: noop)
  bool is_null = false;      // there is no system: the run measures the harness itself
  std::string dataset = {};  // the mark of SetDataset; "": none, these data are not ours
  bool empty = true;         // holds no records
  bool observes = false;     // Observe, Examine and ExamineAfter have something to say
  bool verifies = false;     // knows PrepareVerify and Verify
  // Inserts that a loading session wants at once, to send them together; 0: it does not care.
  std::uint32_t load_batch = 0;
};

// What a system says of itself just now, by name with unit: "cache_used_bytes", "reads_per_s". What
// it counts is told per second, since the last look.
using SystemFigures = std::map<std::string, double>;

// What a look at the system has found, for who reads the result.
struct SystemRemarks {
  std::map<std::string, std::string> facts = {};  // "storage engine" -> "wiredTiger"
  std::vector<std::string> warnings = {};         // whole sentences, without values of single ops
  std::vector<std::string> invalid = {};          // the same: why nobody may judge by this run
};

class Driver {
 public:
  virtual ~Driver() = default;

  // Reaches the system. Fails with kUnreachable when it does not answer (or a database is locked or
  // damaged), with kUsage when the options cannot be right.
  virtual Result<DriverFacts> Open() = 0;

  // Takes the statements of the run, after Open and before the first session; checks what can be
  // checked without running them. Fails with kUsage, naming the statement and what would be right.
  // Where the load has statements too, it is called again for each phase, with those of the phase
  // alone, and takes them instead. REQUIRES: no session is alive.
  virtual Status Prepare(std::vector<StatementSpec> statements) {
    (void)statements;  // a driver without statements is never given any (DriverFacts)
    return {};
  }

  // REQUIRES: Open succeeded; the driver outlives its sessions.
  // Thread: any, at the same time as other calls of NewSession.
  virtual Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) = 0;

  // For statements that ask to be watched. Called after Prepare, before the sessions of a run.
  virtual Result<std::vector<std::unique_ptr<Watcher>>> NewWatchers(const SessionPlan& plan) {
    (void)plan;
    return std::vector<std::unique_ptr<Watcher>>();
  }

  // With DriverFacts::verifies: takes what will be asked of Verify, after Open and before Prepare.
  // Fails with kUsage.
  virtual Status PrepareVerify(VerifySpec spec) {
    (void)spec;
    return {};
  }
  // What has become of the data, when all sessions and watchers are gone. Fails with kUnreachable
  // when nobody can say.
  virtual Result<std::vector<CheckResult>> Verify() { return std::vector<CheckResult>(); }

  // With DriverFacts::observes, called about once a second while sessions work, off the way of
  // their ops. May block for a second; what cannot be learnt is left out. Thread: one, which may be
  // another than that of other calls.
  virtual SystemFigures Observe() { return {}; }

  // A look at how the system is set up, and at how it would do the statements of the run. With
  // DriverFacts::observes, called once, when the data are there and nothing is measured yet.
  // `samples`: arguments of each statement.
  virtual SystemRemarks Examine(const std::vector<std::vector<std::string>>& samples) {
    (void)samples;
    return {};
  }

  // The same look when all sessions and watchers of the run are gone: facts that may have changed,
  // under the same names, and what the run came to in the eyes of the driver.
  virtual SystemRemarks ExamineAfter() { return {}; }

  // Removes all records that mbench put there, so that a load starts from nothing; the mark is then
  // kUnfinishedDataset. Refuses to touch data without a mark. REQUIRES: no session is alive.
  virtual Status Clear() { return {}; }

  // Keeps a short text beside the data, so that a later run knows what the store holds. Replaces
  // the earlier one. To be called when a load is done: returns when the data are safely stored and
  // the system has finished what the load left it to do (compactions), at most a minute later.
  virtual Status SetDataset(std::string_view mark) {
    (void)mark;
    return {};
  }
};

struct DriverInfo {
  std::string_view name;
  std::string_view about;  // one sentence
  std::span<const OptionSpec> options;
  std::unique_ptr<Driver> (*make)(const OptionValues& options);
};

}  // namespace mbench
