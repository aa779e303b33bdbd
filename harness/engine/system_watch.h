// SPDX-License-Identifier: Apache-2.0
//
// Asks the system once a second what it says of itself (Driver::Observe), in a thread of its own: a
// server that does not answer holds up nobody.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "drivers/driver.h"

namespace mbench {

// Thread: one.
class SystemWatch {
 public:
  // Asks at once, and from then on. REQUIRES: the driver is open, and outlives this.
  explicit SystemWatch(Driver* driver);

  // What was said last; nothing when that was taken before.
  SystemFigures Take();

 private:
  void Run(const std::stop_token& stop);

  Driver* const driver_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  SystemFigures latest_;
  std::jthread thread_;  // the last member: ends before the others do
};

}  // namespace mbench
