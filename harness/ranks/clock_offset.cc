// SPDX-License-Identifier: Apache-2.0
#include "harness/ranks/clock_offset.h"

namespace mbench {
namespace {

void Serve(Ranks* ranks) {
  for (std::uint32_t other = 1; other < ranks->Size(); ++other) {
    ranks->Send(other, Clock::Now());  // its turn
    for (int trip = 0; trip < kRoundTrips; ++trip) {
      (void)ranks->Receive(other, Ranks::Wait::kSpin);
      ranks->Send(other, Clock::Now());
    }
  }
}

}  // namespace

ClockOffset MeasureOffset(Ranks* ranks) {
  if (ranks->Rank() == 0) {
    Serve(ranks);
    return {.at = Clock::Now()};
  }
  (void)ranks->Receive(0, Ranks::Wait::kSleep);
  ClockOffset best{.error = kNever};
  for (int trip = 0; trip < kRoundTrips; ++trip) {
    const Ticks sent = Clock::Now();
    ranks->Send(0, sent);
    const Ticks remote = ranks->Receive(0, Ranks::Wait::kSpin);
    const Ticks received = Clock::Now();
    const Ticks error = (received - sent + 1) / 2;
    if (error < best.error)
      best = {.offset = remote - (sent + (received - sent) / 2), .error = error, .at = received};
  }
  return best;
}

}  // namespace mbench
