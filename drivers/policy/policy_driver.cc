// SPDX-License-Identifier: Apache-2.0
#include "drivers/policy/policy_driver.h"

#include <utility>

#include "harness/base/units.h"

namespace mbench {

PolicyDriver::PolicyDriver(std::unique_ptr<Driver> driver, const ClientPolicy& policy)
    : driver_(std::move(driver)), policy_(policy) {
  if (policy.breaker.open_after > 0) breaker_.emplace(policy.breaker);
}

Result<DriverFacts> PolicyDriver::Open() {
  driver_->SetTimeout(timeout());
  return driver_->Open();
}

// Sessions differ in what they draw, or all would come back at once.
Result<std::unique_ptr<Session>> PolicyDriver::NewSession(const SessionPlan& plan) {
  Result<std::unique_ptr<Session>> session = driver_->NewSession(plan);
  if (!session || plan.phase != SessionPhase::kRun) return session;
  SessionPlan own = plan;
  own.seed += sessions_.fetch_add(1, std::memory_order_relaxed);
  return std::make_unique<PolicySession>(*std::move(session), own, policy_.retry,
                                         breaker_ ? &*breaker_ : nullptr, &retries_);
}

SystemFigures PolicyDriver::Observe() {
  SystemObserver* const observer = driver_->Observer();
  SystemFigures figures = observer == nullptr ? SystemFigures() : observer->Observe();
  if (breaker_) figures["circuit_breaker_open"] = breaker_->Look(Clock::Now()).is_open ? 1 : 0;
  return figures;
}

SystemRemarks PolicyDriver::Examine(const std::vector<std::vector<std::string>>& samples) {
  SystemObserver* const observer = driver_->Observer();
  return observer == nullptr ? SystemRemarks() : observer->Examine(samples);
}

SystemRemarks PolicyDriver::ExamineAfter() {
  SystemObserver* const observer = driver_->Observer();
  SystemRemarks remarks = observer == nullptr ? SystemRemarks() : observer->ExamineAfter();
  if (policy_.retry.times > 0)
    remarks.facts["retries"] =
        fmt::format("{} of {} ops, of which {} were answered in the end", retries_.retries.load(),
                    retries_.ops.load(), retries_.recovered.load());
  if (breaker_) {
    const CircuitBreaker::Counts counts = breaker_->Look(Clock::Now());
    remarks.facts["circuit breaker"] =
        fmt::format("opened {} times, refused {} ops, not closed for {} in all", counts.opened,
                    counts.refused, FormatDuration(counts.open));
  }
  return remarks;
}

std::vector<Finding> PolicyDriver::Advise(std::uint64_t memory_bytes) {
  SystemObserver* const observer = driver_->Observer();
  return observer == nullptr ? std::vector<Finding>() : observer->Advise(memory_bytes);
}

}  // namespace mbench
