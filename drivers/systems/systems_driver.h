// SPDX-License-Identifier: Apache-2.0
//
// Several systems as one: what a run of a file with `systems:` drives.
//
// It holds a driver for each and is itself one, so that the engine knows nothing of it. Statements
// go to the system they name (StatementSpec::system), verbs to the first. Whatever systems say is
// kept apart by their names: errors ("cache: connection lost"), figures ("cache.hits_per_s"),
// facts, warnings and checks ("cache: ...").
//
//   statements, load        by StatementSpec::system, each list in the order of its own system
//   records and their mark  of the system that the load statement goes to, else of the first
//   what is observed        every system that says something, each asked in a thread of its own
//   verification, watchers  of every system that has it
//
// One that blocks gives every client a thread, and the others are then driven from that thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "drivers/driver.h"
#include "drivers/marked_store.h"
#include "drivers/observer.h"
#include "drivers/systems/systems_observer.h"
#include "drivers/systems/systems_session.h"
#include "drivers/verifier.h"
#include "drivers/watcher.h"

namespace mbench {

struct NamedDriver {
  std::string name;  // of the system
  std::unique_ptr<Driver> driver;
  bool driven = true;        // ops go there; false: it is observed
  bool logs_writes = false;  // can look for them after the run
};

class SystemsDriver final : public Driver,
                            public StatementPreparer,
                            public DataVerifier,
                            public WatcherSource,
                            public SystemsSession::Listener {
 public:
  // `store`: which of them keeps the records that are loaded.
  SystemsDriver(std::vector<NamedDriver> systems, std::size_t store);

  Result<DriverFacts> Open() override;
  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override;
  StatementPreparer* Preparer() override;
  MarkedStore* Store() override { return systems_[store_].driver->Store(); }
  SystemObserver* Observer() override { return observer_.get(); }
  DataVerifier* Verifier() override;
  WatcherSource* Watchers() override;

  // What answered, for each of them. REQUIRES: Open succeeded.
  const std::vector<DriverFacts>& Facts() const { return facts_; }
  // Of the sessions of the run that have ended, for each of them.
  std::vector<ConnectionCounts> ConnectionsSoFar() const;

  void OnEnd(const std::vector<ConnectionCounts>& of_systems) override;
  Status Prepare(StatementSet statements) override;
  bool FollowsWrites() const override;
  Status LogWrites() override;
  Result<std::vector<CheckResult>> Verify() override;
  Result<std::vector<std::unique_ptr<Watcher>>> NewWatchers(const SessionPlan& plan) override;
  std::map<std::uint16_t, MessageCounts> Delivered() override;
  bool Exhausted() const override;

 private:
  // A check that two systems are asked, who have to give the same answer.
  struct Comparison {
    std::size_t system, check;  // whose it is, and its place there
    std::size_t other, other_check;
  };

  Status TakeChecks(std::vector<StatementSpec> checks, std::vector<StatementSet>* sets);
  void Compare(std::vector<std::vector<CheckResult>>* results) const;
  std::vector<std::vector<std::size_t>> NumbersBySystem() const;
  bool HasWork(std::size_t system, const SessionPlan& plan) const;
  Result<std::unique_ptr<Session>> NewSessionOf(std::size_t system, const SessionPlan& plan);

  std::vector<NamedDriver> systems_;
  const std::size_t store_;
  const std::unique_ptr<SystemsObserver> observer_;
  std::vector<DriverFacts> facts_;
  ByPhase<std::vector<StatementRoute>> routes_;
  std::vector<Comparison> comparisons_;
  std::vector<bool> verified_;  // by system: there is something to look for after the run
  mutable std::mutex mutex_;
  std::vector<ConnectionCounts> connections_;  // by system
};

}  // namespace mbench
