// SPDX-License-Identifier: Apache-2.0
//
// When a run's phases begin and end, on the clock. Shared by all workers; only the end may still
// move, to an earlier time, when the run is interrupted or there is nothing left to be read.
#pragma once

#include <atomic>

#include "harness/base/clock.h"

namespace mbench {

struct PhaseTimes {
  Ticks begin = 0;                 // of the warm-up
  Ticks zero = 0;                  // of the measured phase: time 0 of the load curve
  std::atomic<Ticks> end{0};       // nothing is due from here on
  std::atomic<Ticks> deadline{0};  // what has not finished by now is left in flight
  std::atomic<bool> interrupted{false};

  Ticks End() const { return end.load(std::memory_order_relaxed); }
  Ticks Deadline() const { return deadline.load(std::memory_order_relaxed); }

  // Nothing is due any more; what is in flight gets `grace`.
  void EndAt(Ticks time, Ticks grace) {
    end.store(time, std::memory_order_relaxed);
    deadline.store(time + grace, std::memory_order_relaxed);
    interrupted.store(true, std::memory_order_release);
  }
};

}  // namespace mbench
