// SPDX-License-Identifier: Apache-2.0
#include "harness/base/turns.h"

#include <sched.h>

#include "harness/base/clock.h"

namespace mbench {

void LetOthersRun() {
  constexpr Ticks kLate = 20 * kMillisecond;
  thread_local Ticks not_before = 0;
  const Ticks begin = Clock::Now();
  if (begin < not_before) return;
  sched_yield();
  const Ticks end = Clock::Now();
  if (end - begin > kLate) not_before = end + kSecond;
}

}  // namespace mbench
