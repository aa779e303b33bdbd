// SPDX-License-Identifier: Apache-2.0
//
// Asks the system what it says of itself (SystemObserver::Observe) for every interval of a run, in
// a thread of its own: a server that does not answer holds up nobody.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "drivers/observer.h"

namespace mbench {

// Thread: one.
class SystemWatch {
 public:
  // Asks at once, and again for every interval of a second, shortly before it ends. REQUIRES: the
  // driver is open, and outlives this.
  explicit SystemWatch(SystemObserver* system);

  // What was said since the last call; nothing when the system is still being asked.
  SystemFigures Take();

 private:
  void Run(const std::stop_token& stop);

  SystemObserver* const system_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool wanted_ = false;
  std::chrono::steady_clock::time_point due_;  // when to look again
  SystemFigures latest_;
  std::jthread thread_;  // the last member: ends before the others do
};

}  // namespace mbench
