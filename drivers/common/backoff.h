// SPDX-License-Identifier: Apache-2.0
//
// How long to wait between attempts to connect: 10 ms, then twice as long each time up to 1 s, each
// time a part between a half and the whole of it, so that a thousand connections that were lost
// together do not come back together.
#pragma once

#include <algorithm>

#include "harness/base/clock.h"
#include "harness/base/rng.h"

namespace mbench {

class Backoff {
 public:
  static constexpr Ticks kFirst = 10 * kMillisecond;
  static constexpr Ticks kMost = 1 * kSecond;

  void Reset() { next_ = kFirst; }

  Ticks Next(Rng& rng) {
    const Ticks whole = next_;
    next_ = std::min(2 * next_, kMost);
    return whole / 2 + static_cast<Ticks>(rng.Below(static_cast<std::uint64_t>(whole / 2) + 1));
  }

 private:
  Ticks next_ = kFirst;
};

}  // namespace mbench
