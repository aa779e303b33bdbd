// SPDX-License-Identifier: Apache-2.0
//
// What a system counts, told per second.
#pragma once

#include "drivers/observer.h"
#include "harness/base/clock.h"

namespace mbench {

// Thread: one.
class FigureRates {
 public:
  // Adds to `figures` what each of `counted` has grown by in a second since the last call; nothing
  // of one that was not there then, or that was larger: another server counts from elsewhere.
  void Add(SystemFigures counted, SystemFigures* figures) {
    const Ticks now = Clock::Now();
    const double elapsed_s = ToSeconds(now - last_at_);
    for (const auto& [name, value] : counted) {
      const auto before = last_.find(name);
      if (before == last_.end() || value < before->second || elapsed_s <= 0) continue;
      (*figures)[name] = (value - before->second) / elapsed_s;
    }
    last_ = std::move(counted);
    last_at_ = now;
  }

 private:
  SystemFigures last_;
  Ticks last_at_ = 0;
};

}  // namespace mbench
