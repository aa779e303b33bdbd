// SPDX-License-Identifier: Apache-2.0
//
// Ctrl-C, kill, and a terminal that closes: the first signal ends the run and keeps its results, a
// second one ends the process at once.
#pragma once

#include "harness/engine/conductor.h"

namespace mbench {

// While it lives, SIGINT, SIGTERM and SIGHUP go to `conductor`. One guard without a conductor may
// stand around several runs: then a signal between two of them is kept for the next one, which ends
// before it has begun, and `Interrupted` tells of it.
class InterruptGuard {
 public:
  explicit InterruptGuard(Conductor* conductor = nullptr);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // Whether a signal came while a guard was alive.
  static bool Interrupted();

 private:
  bool outermost_;
};

}  // namespace mbench
