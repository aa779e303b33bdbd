// SPDX-License-Identifier: Apache-2.0
//
// Ctrl-C: the first one ends the run and keeps its results, a second one ends the process at once.
#pragma once

#include "harness/engine/conductor.h"

namespace mbench {

// While it lives, SIGINT and SIGTERM go to `conductor`. One at a time.
class InterruptGuard {
 public:
  explicit InterruptGuard(Conductor* conductor);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
};

}  // namespace mbench
