// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/system_watch.h"

#include <utility>

namespace mbench {
namespace {

// So late in a second that the answer is about it, and so early that it comes before its end.
constexpr auto kAfter = std::chrono::milliseconds(800);

}  // namespace

SystemWatch::SystemWatch(SystemObserver* system)
    : system_(system), thread_([this](const std::stop_token& stop) { Run(stop); }) {}

SystemFigures SystemWatch::Take() {
  const std::lock_guard lock(mutex_);
  wanted_ = true;
  due_ = std::chrono::steady_clock::now() + kAfter;
  changed_.notify_one();
  return std::exchange(latest_, {});
}

void SystemWatch::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    SystemFigures figures = system_->Observe();
    std::unique_lock lock(mutex_);
    latest_ = std::move(figures);
    changed_.wait(lock, stop, [this] { return wanted_; });
    wanted_ = false;
    const auto due = due_;  // is read while the lock is open
    changed_.wait_until(lock, stop, due, [] { return false; });
  }
}

}  // namespace mbench
