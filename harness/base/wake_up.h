// SPDX-License-Identifier: Apache-2.0
//
// How long before a due time a thread should be awake.
//
// A thread that sleeps until a time wakes up later: by 5 us on one host, by 60 on another, where a
// hypervisor has to be asked. So it sleeps until a little before and spins for the rest, which
// costs CPU. How much before is learned from how late the last sleeps ended: enough for 99 of 100.
#pragma once

#include <array>
#include <cstddef>

#include "harness/base/clock.h"

namespace mbench {

// Thread: one.
class WakeUp {
 public:
  static constexpr Ticks kLongest = 60 * kMicrosecond;

  static WakeUp& OfThread();

  // kLongest until enough sleeps were seen.
  Ticks Lead() const { return lead_; }
  // A sleep ended so long after its time.
  void Learn(Ticks late);

 private:
  static constexpr std::size_t kSeen = 256;
  static constexpr std::size_t kOften = 32;  // sleeps between two looks at all of them

  std::array<Ticks, kSeen> late_{};
  std::size_t count_ = 0;
  Ticks lead_ = kLongest;
};

}  // namespace mbench
