// SPDX-License-Identifier: Apache-2.0
//
// What a system under test has to look like to be driven.
//
//   DriverInfo   name, options, how to make one        static, listed by the registry
//   Driver       one system; opened once per run       conductor's thread only
//   Session      one worker's private line(s) to it    made, used and destroyed by one thread
//
// What only some systems can do is a facet, with a header of its own, that a Driver hands out or
// does not:
//
//   StatementPreparer   statement_set.h   requests in its own language
//   MarkedStore         marked_store.h    keeps the records of the verbs
//   SystemObserver      observer.h        says something of itself
//   DataVerifier        verifier.h        knows afterwards what was lost
//   WatcherSource       watcher.h         sees what becomes of ops behind their replies
//
// The conformance suite in tests/drivers/conformance holds every driver to what this file says.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "drivers/completions.h"
#include "drivers/connection_counts.h"
#include "drivers/op.h"
#include "drivers/statement_set.h"
#include "drivers/url_form.h"
#include "drivers/words.h"
#include "harness/base/options.h"
#include "harness/base/result.h"

namespace mbench {

class DataVerifier;
class MarkedStore;
class SystemObserver;
class WatcherSource;

// What a session is asked to carry.
struct SessionPlan {
  std::uint32_t connections = 1;  // ops in flight at most; 1 for blocking drivers, unless loading
  Ticks timeout = 10 * kSecond;   // per op, from its start
  bool want_values = false;       // fill Completion::value on reads
  // While the system cannot be reached: ops fail at once (open model, whose rate goes on), or each
  // waits for the next attempt to connect and fails with it (closed model, which would spin).
  bool fail_fast = false;
  SessionPhase phase = SessionPhase::kRun;
  // Verbs may come, so that the place of the records has to be there. False: statements alone.
  bool records = true;
  std::uint16_t fields = 1;  // fields of a record
  std::uint64_t seed = 0;    // for drivers that draw lots (sim)
};

// Names of the codes that completions carry: stable, without values of single ops, so that they can
// be counted ("connection lost", "disk full").
class CodeNames {
 public:
  virtual std::string DescribeError(std::uint16_t error) const = 0;
  virtual std::string DescribeLabel(std::uint16_t label) const { return std::to_string(label); }

 protected:
  ~CodeNames() = default;
};

// When a session has work for Poll: once `fd` is readable (-1: there is no such thing), and at `at`
// at the latest. kOften: it cannot say, so that it has to be asked again and again.
struct NextWork {
  static constexpr Ticks kOften = 0;
  int fd = -1;
  Ticks at = kOften;
};

class Session : public CodeNames {
 public:
  // Ends at once, also with ops in flight: they are given up, and nobody is told. From here on
  // nothing of the caller's is touched, neither Completions nor what ops point to: a client library
  // that calls back later must find nothing of this session. What the system makes of requests that
  // left is not known. The driver, and other sessions, go on.
  virtual ~Session() = default;

  // Starts ops from the front and returns how many it took; fewer than all means "full for now".
  // Takes no more than `done` has room for with what is in flight. May complete ops at once. A
  // network driver never blocks here; a blocking one does its ops one after another.
  virtual std::size_t Submit(std::span<const Op> ops, Completions& done) = 0;

  // Moves work forward: returns after the first batch of completions or steps, when `done` is full,
  // or at `until`, whichever is first. With `until` in the past it looks once and returns. Called
  // with ops in flight, with ops that Submit did not take, and while there is nothing to do: then a
  // session over a network looks after its connections until `until`, others may return at once.
  // Between calls nothing is written to a `done` of an earlier one.
  virtual void Poll(Ticks until, Completions& done) = 0;

  // For who waits for several sessions in one thread (drivers/systems): Poll, called then, finds
  // something to do, and nothing before that is missed.
  virtual NextWork WhenToPoll() const { return {}; }

  // What the system said of the last op that failed, in its own words: for whoever waits for that
  // op alone, as before a load. "": nothing more than its class.
  virtual std::string LastMessage() const { return ""; }

  // Records that statements of a load have left out so far, because they were there already.
  virtual std::uint64_t AlreadyThere() const { return 0; }

  // What has become of its connections so far.
  virtual ConnectionCounts Connections() const { return {}; }
};

struct DriverFacts {
  std::string system = {};  // what answered, with version: "RocksDB 7.8.3"
  bool blocking = false;    // sessions block in Submit: one thread per client
  bool scans = true;        // can do OpKind::kScan
  bool verbs = true;        // can do reads, updates, inserts and deletes of records
  bool is_null = false;     // there is no system: the run measures the harness itself
  // Inserts that a loading session wants at once, to send them together; 0: it does not care.
  std::uint32_t load_batch = 0;
};

class Driver {
 public:
  virtual ~Driver() = default;

  // The time-out of the ops of the run: what is asked around it may take as long. To be called
  // before Open.
  void SetTimeout(Ticks timeout) { timeout_ = timeout; }

  // Reaches the system. Fails with kUnreachable when it does not answer (or a database is locked or
  // damaged), with kUsage when the options cannot be right.
  virtual Result<DriverFacts> Open() = 0;

  // REQUIRES: Open succeeded; the driver outlives its sessions.
  // Thread: any, at the same time as other calls of NewSession.
  virtual Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) = 0;

  // The facets; nullptr: it has no such thing. They are parts of the driver, live as long as it
  // does, and can be asked for before Open, though not used.
  virtual StatementPreparer* Preparer() { return nullptr; }
  virtual MarkedStore* Store() { return nullptr; }
  virtual SystemObserver* Observer() { return nullptr; }
  virtual DataVerifier* Verifier() { return nullptr; }
  virtual WatcherSource* Watchers() { return nullptr; }

 protected:
  Ticks timeout() const { return timeout_; }

 private:
  Ticks timeout_ = 10 * kSecond;
};

struct DriverInfo {
  std::string_view name;
  std::string_view about;  // one sentence
  std::span<const OptionSpec> options;
  std::unique_ptr<Driver> (*make)(const OptionValues& options);
  DriverLanguage language = {};
  // What is wrong with options that are right one by one; nullptr: nothing can be. Reaches for no
  // system.
  std::vector<OptionMistake> (*check_options)(const OptionValues& options) = nullptr;
  // URLs that stand for it on a command line; empty: those of its option of type kUrl or kUri.
  std::span<const UrlForm> urls = {};
};

// The first of them, for Open.
inline Status ToStatus(const std::vector<OptionMistake>& mistakes) {
  if (mistakes.empty()) return {};
  return BadConfig("option '{}': {}", mistakes[0].option, mistakes[0].message);
}

}  // namespace mbench
