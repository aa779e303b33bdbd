// SPDX-License-Identifier: Apache-2.0
#include "drivers/systems/systems_driver.h"

#include <algorithm>
#include <utility>

namespace mbench {
namespace {

// An error of one of them, by its name.
tl::unexpected<Error> Of(const std::string& name, const Error& error) {
  return tl::unexpected<Error>(Error{error.kind, fmt::format("{}: {}", name, error.message)});
}

std::unique_ptr<SystemsObserver> NewObserver(const std::vector<NamedDriver>& systems) {
  std::vector<NamedObserver> observers;
  for (std::size_t i = 0; i < systems.size(); ++i)
    observers.push_back({systems[i].name, systems[i].driver->Observer()});
  const bool any = std::ranges::any_of(
      observers, [](const NamedObserver& one) { return one.observer != nullptr; });
  return any ? std::make_unique<SystemsObserver>(std::move(observers)) : nullptr;
}

// What one system's watcher sees, in the numbers of the run's statements.
class SystemWatcher final : public Watcher {
 public:
  // `numbers`: of its statements, among all.
  SystemWatcher(std::unique_ptr<Watcher> watcher, std::string name,
                std::vector<std::size_t> numbers)
      : watcher_(std::move(watcher)), name_(std::move(name)), numbers_(std::move(numbers)) {}

  void Poll(Ticks until, std::vector<Sighting>* seen) override {
    const std::size_t before = seen->size();
    watcher_->Poll(until, seen);
    for (std::size_t i = before; i < seen->size(); ++i)
      (*seen)[i].statement = static_cast<std::uint16_t>(numbers_[(*seen)[i].statement]);
  }
  std::uint64_t Missing() const override { return watcher_->Missing(); }
  void GiveUp(bool interrupted) override { watcher_->GiveUp(interrupted); }
  std::string DescribeError(std::uint16_t error) const override {
    return name_ + ": " + watcher_->DescribeError(error);
  }
  std::string DescribeLabel(std::uint16_t label) const override {
    return watcher_->DescribeLabel(label);
  }

 private:
  const std::unique_ptr<Watcher> watcher_;
  const std::string name_;
  const std::vector<std::size_t> numbers_;
};

}  // namespace

SystemsDriver::SystemsDriver(std::vector<NamedDriver> systems, std::size_t store)
    : systems_(std::move(systems)),
      store_(store),
      observer_(NewObserver(systems_)),
      verified_(systems_.size()),
      connections_(systems_.size()) {}

// The first of them is whom verbs are asked of.
Result<DriverFacts> SystemsDriver::Open() {
  DriverFacts all;
  bool is_null = true;
  for (const NamedDriver& one : systems_) {
    one.driver->SetTimeout(timeout());
    Result<DriverFacts> facts = one.driver->Open();
    if (!facts) return Of(one.name, facts.error());
    all.system += fmt::format("{}{}: {}", all.system.empty() ? "" : ", ", one.name, facts->system);
    all.blocking |= one.driven && facts->blocking;
    is_null &= facts->is_null || !one.driven;
    facts_.push_back(*std::move(facts));
  }
  all.scans = facts_.front().scans;
  all.verbs = facts_.front().verbs;
  all.is_null = is_null;
  all.load_batch = facts_[store_].load_batch;
  return all;
}

bool SystemsDriver::HasWork(std::size_t system, const SessionPlan& plan) const {
  if (system == 0 && plan.records && plan.phase == SessionPhase::kRun) return true;
  const std::vector<StatementRoute>& routes = routes_[plan.phase];
  if (plan.phase == SessionPhase::kLoad && routes.empty()) return system == 0;
  return std::ranges::any_of(routes,
                             [&](const StatementRoute& route) { return route.system == system; });
}

Result<std::unique_ptr<Session>> SystemsDriver::NewSessionOf(std::size_t system,
                                                             const SessionPlan& plan) {
  SessionPlan own = plan;
  own.records = plan.records && system == 0;
  Result<std::unique_ptr<Session>> session = systems_[system].driver->NewSession(own);
  if (!session) return Of(systems_[system].name, session.error());
  return session;
}

// A load goes to one system, whose statements have the same numbers there: its session is handed
// out as it is.
Result<std::unique_ptr<Session>> SystemsDriver::NewSession(const SessionPlan& plan) {
  if (plan.phase == SessionPhase::kLoad) {
    const std::vector<StatementRoute>& routes = routes_[plan.phase];
    return NewSessionOf(routes.empty() ? 0 : routes.front().system, plan);
  }
  std::vector<SystemSession> sessions(systems_.size());
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    sessions[i].name = systems_[i].name;
    if (!HasWork(i, plan)) continue;
    Result<std::unique_ptr<Session>> session = NewSessionOf(i, plan);
    if (!session) return session;
    sessions[i].session = *std::move(session);
  }
  return std::make_unique<SystemsSession>(plan, std::move(sessions), &routes_[plan.phase],
                                          plan.phase == SessionPhase::kRun ? this : nullptr);
}

void SystemsDriver::OnEnd(const std::vector<ConnectionCounts>& of_systems) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < of_systems.size(); ++i) connections_[i].Add(of_systems[i]);
}

std::vector<ConnectionCounts> SystemsDriver::ConnectionsSoFar() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

// ---- statements ----

StatementPreparer* SystemsDriver::Preparer() {
  const bool any = std::ranges::any_of(
      systems_, [](const NamedDriver& one) { return one.driver->Preparer() != nullptr; });
  return any ? this : nullptr;
}

Status SystemsDriver::Prepare(StatementSet statements) {
  std::vector<StatementSet> sets(systems_.size());
  for (const SessionPhase phase : kSessionPhases) {
    for (StatementSpec& statement : statements[phase]) {
      std::vector<StatementSpec>& own = sets[statement.system][phase];
      routes_[phase].push_back(
          {.system = statement.system, .statement = static_cast<std::uint16_t>(own.size())});
      own.push_back(std::move(statement));
    }
  }
  if (observer_ != nullptr) observer_->SetStatements(NumbersBySystem());
  if (Status taken = TakeChecks(std::move(statements.checks), &sets); !taken) return taken;
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    if (sets[i].Empty()) continue;
    StatementPreparer* const preparer = systems_[i].driver->Preparer();
    if (preparer == nullptr) return BadConfig("{}: it knows no statements", systems_[i].name);
    if (Status prepared = preparer->Prepare(std::move(sets[i])); !prepared)
      return Of(systems_[i].name, prepared.error());
  }
  return {};
}

// One that says `equal_to` is asked of both.
Status SystemsDriver::TakeChecks(std::vector<StatementSpec> checks,
                                 std::vector<StatementSet>* sets) {
  for (StatementSpec& check : checks) {
    const std::size_t system = check.system;
    verified_[system] = true;
    if (const ValueNode* const equal_to = check.Find("equal_to"); equal_to != nullptr) {
      const auto other = static_cast<std::size_t>(
          std::ranges::find(systems_, equal_to->text, &NamedDriver::name) - systems_.begin());
      if (other == systems_.size())
        return BadConfig("check '{}': there is no system '{}'", check.name, equal_to->text);
      verified_[other] = true;
      if (other == system)
        return BadConfig("check '{}': '{}' is compared with itself", check.name, equal_to->text);
      comparisons_.push_back(
          {system, (*sets)[system].checks.size(), other, (*sets)[other].checks.size()});
      (*sets)[other].checks.push_back(check);
    }
    (*sets)[system].checks.push_back(std::move(check));
  }
  return {};
}

// Of each system's statements of the run, among all.
std::vector<std::vector<std::size_t>> SystemsDriver::NumbersBySystem() const {
  std::vector<std::vector<std::size_t>> numbers(systems_.size());
  const std::vector<StatementRoute>& routes = routes_[SessionPhase::kRun];
  for (std::size_t i = 0; i < routes.size(); ++i) numbers[routes[i].system].push_back(i);
  return numbers;
}

// ---- after the run ----

DataVerifier* SystemsDriver::Verifier() {
  const bool any = std::ranges::any_of(
      systems_, [](const NamedDriver& one) { return one.driver->Verifier() != nullptr; });
  return any ? this : nullptr;
}

bool SystemsDriver::FollowsWrites() const {
  return std::ranges::any_of(systems_,
                             [](const NamedDriver& one) { return one.driven && one.logs_writes; });
}

Status SystemsDriver::LogWrites() {
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    DataVerifier* const verifier = systems_[i].driver->Verifier();
    if (verifier == nullptr || !systems_[i].driven || !systems_[i].logs_writes) continue;
    if (Status able = verifier->LogWrites(); !able) return Of(systems_[i].name, able.error());
    verified_[i] = true;
  }
  return {};
}

Result<std::vector<CheckResult>> SystemsDriver::Verify() {
  std::vector<std::vector<CheckResult>> results(systems_.size());
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    if (!verified_[i]) continue;
    DataVerifier* const verifier = systems_[i].driver->Verifier();
    if (verifier == nullptr) return BadConfig("{}: it cannot look at its data", systems_[i].name);
    Result<std::vector<CheckResult>> found = verifier->Verify();
    if (!found) return Of(systems_[i].name, found.error());
    results[i] = *std::move(found);
  }
  Compare(&results);
  std::vector<CheckResult> all;
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    for (CheckResult& check : results[i]) {
      if (check.what.empty()) continue;  // the other half of a comparison
      check.what = fmt::format("{}: {}", systems_[i].name, check.what);
      all.push_back(std::move(check));
    }
  }
  return all;
}

// A driver that knows `equal_to` has one result for each of its checks, in their order.
void SystemsDriver::Compare(std::vector<std::vector<CheckResult>>* results) const {
  for (const Comparison& comparison : comparisons_) {
    CheckResult& own = (*results)[comparison.system][comparison.check];
    CheckResult& other = (*results)[comparison.other][comparison.other_check];
    own.target = fmt::format("as {}: {}", systems_[comparison.other].name, other.measured);
    own.ok = own.ok && other.ok && own.measured == other.measured;
    other.what.clear();
  }
}

// ---- what becomes of ops behind their replies ----

WatcherSource* SystemsDriver::Watchers() {
  const bool any = std::ranges::any_of(
      systems_, [](const NamedDriver& one) { return one.driver->Watchers() != nullptr; });
  return any ? this : nullptr;
}

Result<std::vector<std::unique_ptr<Watcher>>> SystemsDriver::NewWatchers(const SessionPlan& plan) {
  std::vector<std::unique_ptr<Watcher>> all;
  const std::vector<std::vector<std::size_t>> numbers = NumbersBySystem();
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    WatcherSource* const source = systems_[i].driver->Watchers();
    if (source == nullptr || !systems_[i].driven) continue;
    Result<std::vector<std::unique_ptr<Watcher>>> made = source->NewWatchers(plan);
    if (!made) return Of(systems_[i].name, made.error());
    for (std::unique_ptr<Watcher>& watcher : *made) {
      all.push_back(
          std::make_unique<SystemWatcher>(std::move(watcher), systems_[i].name, numbers[i]));
    }
  }
  return all;
}

std::map<std::uint16_t, MessageCounts> SystemsDriver::Delivered() {
  std::map<std::uint16_t, MessageCounts> all;
  const std::vector<std::vector<std::size_t>> numbers = NumbersBySystem();
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    WatcherSource* const source = systems_[i].driver->Watchers();
    if (source == nullptr || !systems_[i].driven) continue;
    for (const auto& [statement, counts] : source->Delivered())
      all[static_cast<std::uint16_t>(numbers[i][statement])] = counts;
  }
  return all;
}

// While one has something to do, the run goes on.
bool SystemsDriver::Exhausted() const {
  return std::ranges::all_of(systems_, [](const NamedDriver& one) {
    if (!one.driven) return true;
    const WatcherSource* const source = one.driver->Watchers();
    return source != nullptr && source->Exhausted();
  });
}

}  // namespace mbench
