// SPDX-License-Identifier: Apache-2.0
//
// A driver whose ops are tried again, or not tried for a while, as a policy says; else it is the
// driver it holds. Loads, and what is asked around a run, go to that one as they are.
#pragma once

#include <memory>
#include <optional>

#include "drivers/client_policy.h"
#include "drivers/driver.h"
#include "drivers/observer.h"
#include "drivers/policy/policy_session.h"

namespace mbench {

class PolicyDriver final : public Driver, public SystemObserver {
 public:
  PolicyDriver(std::unique_ptr<Driver> driver, const ClientPolicy& policy);

  Result<DriverFacts> Open() override;
  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override;
  StatementPreparer* Preparer() override { return driver_->Preparer(); }
  MarkedStore* Store() override { return driver_->Store(); }
  SystemObserver* Observer() override { return this; }
  DataVerifier* Verifier() override { return driver_->Verifier(); }
  WatcherSource* Watchers() override { return driver_->Watchers(); }

  // Those of the driver it holds, and what the policy came to.
  SystemFigures Observe() override;
  SystemRemarks Examine(const std::vector<std::vector<std::string>>& samples) override;
  SystemRemarks ExamineAfter() override;
  std::vector<Finding> Advise(std::uint64_t memory_bytes) override;

 private:
  const std::unique_ptr<Driver> driver_;
  const ClientPolicy policy_;
  std::optional<CircuitBreaker> breaker_;
  RetryCounts retries_;
  std::atomic<std::uint64_t> sessions_{0};
};

}  // namespace mbench
