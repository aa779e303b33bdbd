// SPDX-License-Identifier: Apache-2.0
//
// The harness watching itself: CPU of this process and of its workers, time stolen by the
// hypervisor, memory; and the host it runs on. Each sample is about the time since the one before.
#pragma once

#include <pthread.h>

#include <cstdint>
#include <vector>

#include "harness/engine/host_figures.h"
#include "harness/engine/worker.h"
#include "harness/stats/interval.h"

namespace mbench {

// Thread: one.
class HostProbe {
 public:
  HostProbe();

  // A thread to be watched; its `spun` time is waiting, not work.
  // REQUIRES: the thread is not joined while samples are taken.
  void Watch(pthread_t thread, const WorkerGauge* gauge);

  HostSample Sample();

 private:
  struct Watched {
    clockid_t cpu_clock;
    const WorkerGauge* gauge;
    Ticks worked = 0;
  };
  struct Jiffies {
    std::uint64_t total = 0, steal = 0;
  };
  static Jiffies ReadJiffies();
  double BusiestSince(Ticks elapsed);

  std::vector<Watched> watched_;
  Ticks last_at_;
  double last_cpu_s_;
  Jiffies last_jiffies_;
  HostFigures figures_;
};

}  // namespace mbench
