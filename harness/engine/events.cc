// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/events.h"

#include <algorithm>

#include "harness/engine/shell.h"

namespace mbench {

Events::Events(const std::vector<EventPlan>& plans, const PhaseTimes* times) : times_(times) {
  for (const EventPlan& plan : plans) threads_.emplace_back([this, plan] { RunOne(plan); });
}

void Events::RunOne(const EventPlan& plan) {
  Clock::SleepUntil(times_->zero + plan.at, &over_);
  if (Clock::Now() < times_->zero + plan.at) return;  // the run was over before
  EventRecord record{.at = Clock::Now() - times_->zero, .name = plan.name, .exit_code = {}};
  if (!plan.run.empty()) {
    record.exit_code = RunShell(
        plan.run, [this] { return Clock::Now() >= kill_at_.load(std::memory_order_relaxed); });
  }
  const std::lock_guard lock(mutex_);
  records_.push_back(record);
}

std::vector<EventRecord> Events::Finish() {
  over_ = true;
  kill_at_ = Clock::Now() + kGrace;
  for (std::jthread& thread : threads_) thread.join();
  threads_.clear();
  std::sort(records_.begin(), records_.end(),
            [](const EventRecord& a, const EventRecord& b) { return a.at < b.at; });
  return records_;
}

}  // namespace mbench
