// SPDX-License-Identifier: Apache-2.0
#include "harness/run/systems.h"

#include <utility>

#include "drivers/policy/policy_driver.h"
#include "drivers/registry.h"
#include "drivers/systems/systems_driver.h"

namespace mbench {
namespace {

std::unique_ptr<Driver> MakeOne(const DriverPlan& system, const ClientPolicy& policy) {
  std::unique_ptr<Driver> driver = FindDriver(system.use)->make(system.options);
  if (!policy.Any()) return driver;
  return std::make_unique<PolicyDriver>(std::move(driver), policy);
}

// Of the run, by the system they go to.
std::vector<std::vector<std::string>> OpsBySystem(const RunPlan& plan) {
  std::vector<std::vector<std::string>> ops(1 + plan.other_systems.size());
  for (std::size_t i = 0; i < kVerbs; ++i)
    if (plan.mix.weights[i] > 0) ops[0].emplace_back(Name(static_cast<Verb>(i)));
  for (const StatementSpec& statement : plan.mix.statements)
    ops[statement.system].push_back(statement.name);
  return ops;
}

}  // namespace

std::string DriverNamesOf(const RunPlan& plan) {
  std::string names;
  for (const DriverPlan* const system : SystemsOf(plan))
    names += (names.empty() ? "" : ", ") + system->use;
  return names;
}

std::unique_ptr<Driver> MakeDriver(const RunPlan& plan) {
  if (plan.other_systems.empty()) return MakeOne(plan.driver, plan.client);
  const std::vector<bool> driven = DrivenSystems(plan);
  std::vector<NamedDriver> drivers;
  for (const DriverPlan* const system : SystemsOf(plan)) {
    const bool is_driven = driven[drivers.size()];
    drivers.push_back({.name = system->name,
                       .driver = MakeOne(*system, is_driven ? plan.client : ClientPolicy()),
                       .driven = is_driven,
                       .logs_writes = FindDriver(system->use)->language.verifies_writes});
  }
  const std::size_t store = plan.data.load_statement ? plan.data.load_statement->system : 0;
  return std::make_unique<SystemsDriver>(std::move(drivers), store);
}

std::vector<SystemRecord> SystemRecords(const RunPlan& plan, const Driver& driver) {
  const auto* const several = dynamic_cast<const SystemsDriver*>(&driver);
  if (several == nullptr) return {};
  std::vector<std::vector<std::string>> ops = OpsBySystem(plan);
  const std::vector<ConnectionCounts> connections = several->ConnectionsSoFar();
  std::vector<SystemRecord> records;
  for (const DriverPlan* const system : SystemsOf(plan)) {
    const std::size_t i = records.size();
    records.push_back({.name = system->name,
                       .driver = system->use,
                       .system = several->Facts()[i].system,
                       .ops = std::move(ops[i]),
                       .connections = connections[i]});
  }
  return records;
}

}  // namespace mbench
