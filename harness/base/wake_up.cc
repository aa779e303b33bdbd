// SPDX-License-Identifier: Apache-2.0
#include "harness/base/wake_up.h"

#include <algorithm>

namespace mbench {

WakeUp& WakeUp::OfThread() {
  thread_local WakeUp of_thread;
  return of_thread;
}

void WakeUp::Learn(Ticks late) {
  late_[count_++ % kSeen] = late;
  if (count_ < kSeen || count_ % kOften != 0) return;
  std::array<Ticks, kSeen> sorted = late_;
  const auto most = sorted.end() - kSeen / 100 - 1;  // all but the latest in a hundred
  std::nth_element(sorted.begin(), most, sorted.end());
  lead_ = std::clamp(*most + kMicrosecond, 2 * kMicrosecond, kLongest);
}

}  // namespace mbench
