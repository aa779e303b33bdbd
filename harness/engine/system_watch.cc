// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/system_watch.h"

#include <utility>

namespace mbench {

SystemWatch::SystemWatch(Driver* driver)
    : driver_(driver), thread_([this](const std::stop_token& stop) { Run(stop); }) {}

SystemFigures SystemWatch::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(latest_, {});
}

void SystemWatch::Run(const std::stop_token& stop) {
  auto next = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    SystemFigures figures = driver_->Observe();
    std::unique_lock lock(mutex_);
    latest_ = std::move(figures);
    next = std::max(next + std::chrono::seconds(1), std::chrono::steady_clock::now());
    stopped_.wait_until(lock, stop, next, [] { return false; });
  }
}

}  // namespace mbench
