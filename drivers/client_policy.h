// SPDX-License-Identifier: Apache-2.0
//
// What a client does when a system fails it, as plain data: tries again, and after too many
// failures leaves the system alone for a while.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "harness/base/clock.h"

namespace mbench {

// The n-th retry of an op waits backoff * 2^(n-1), at most `most`, less a random part of it of up
// to `jitter`.
struct RetryPolicy {
  std::uint32_t times = 0;                                // at most, for one op; 0: never
  bool failed = true, timed_out = true, rejected = true;  // after these outcomes
  Ticks backoff = 10 * kMillisecond;
  Ticks most = kSecond;
  double jitter = 0.5;
};

// The outcomes by their names (drivers/op.h).
struct RetriedOutcome {
  std::string_view name;
  bool RetryPolicy::*is_retried;
};
inline constexpr std::array<RetriedOutcome, 3> kRetriedOutcomes = {
    {{"failed", &RetryPolicy::failed},
     {"timed_out", &RetryPolicy::timed_out},
     {"rejected", &RetryPolicy::rejected}}};

// After `open_after` failures in a row it is open: for so long no op gets through. Then it is half
// open: so many ops get through, and when all of them end well it is closed again; else it opens
// anew. Failures are attempts that failed, timed out or were rejected.
struct BreakerPolicy {
  std::uint32_t open_after = 0;  // 0: there is no breaker
  Ticks open_for = 5 * kSecond;
  std::uint32_t half_open = 1;
};

struct ClientPolicy {
  RetryPolicy retry;
  BreakerPolicy breaker;
  bool Any() const { return retry.times > 0 || breaker.open_after > 0; }
};

}  // namespace mbench
