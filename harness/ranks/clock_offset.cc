// SPDX-License-Identifier: Apache-2.0
#include "harness/ranks/clock_offset.h"

namespace mbench {
namespace {

constexpr Ticks kEnough = -1;  // in the place of a time: no more trips

void Serve(Ranks* ranks) {
  for (std::uint32_t other = 1; other < ranks->Size(); ++other) {
    ranks->Send(other, Clock::Now());  // its turn
    while (ranks->Receive(other, Ranks::Wait::kSpin) != kEnough) ranks->Send(other, Clock::Now());
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
  const Ticks begin = Clock::Now();
  const auto goes_on = [&](int trips) {
    const bool has_time = Clock::Now() - begin < kLongest;
    return trips < kLeastTrips || (has_time && (trips < kUsualTrips || best.error > kGoodError));
  };
  for (int trips = 0; goes_on(trips); ++trips) {
    const Ticks sent = Clock::Now();
    ranks->Send(0, sent);
    const Ticks remote = ranks->Receive(0, Ranks::Wait::kSpin);
    const Ticks received = Clock::Now();
    const Ticks error = (received - sent + 1) / 2;
    if (error < best.error)
      best = {.offset = remote - (sent + (received - sent) / 2), .error = error, .at = received};
  }
  ranks->Send(0, kEnough);
  return best;
}

}  // namespace mbench
