// SPDX-License-Identifier: Apache-2.0
//
// How the clock of a rank stands to that of rank 0, by round trips:
//
//    this rank   t0 --.            .--> t1      offset = remote - (t0 + t1) / 2
//    rank 0            `-> remote -'            wrong by (t1 - t0) / 2 at most
//
// The trip of least delay is taken, as NTP does (RFC 5905, clock filter). The clocks are those of
// the runs (base/clock.h), which begin with their programs: what the hosts think the time of day is
// does not matter.
#pragma once

#include "harness/base/clock.h"
#include "harness/ranks/ranks.h"

namespace mbench {

struct ClockOffset {
  Ticks offset = 0;  // clock of rank 0 - this clock
  Ticks error = 0;   // at most; 0 at rank 0
  Ticks at = 0;      // when it was measured, on this clock
};

// On a host that has other work to do most of the trips are slow: then there are more of them, as
// long as there is time.
inline constexpr int kLeastTrips = 10, kUsualTrips = 100;
inline constexpr Ticks kLongest = 200 * kMillisecond;
inline constexpr Ticks kGoodError = 20 * kMicrosecond;

// To be called by all ranks; rank 0 serves one after another, some milliseconds each.
ClockOffset MeasureOffset(Ranks* ranks);

}  // namespace mbench
