// SPDX-License-Identifier: Apache-2.0
//
// Wakes a thread that waits, by a descriptor, so that it may wait for others beside it.
#pragma once

#include "harness/base/clock.h"

namespace mbench {

class Wakeup {
 public:
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  // Ends a wait that goes on, or the next one. Thread: any.
  void Signal();

  // Returns when somebody has signalled since the last wait, or at `until`. Thread: one.
  void Wait(Ticks until);

  // Readable while a signal waits to be noticed.
  int Fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace mbench
