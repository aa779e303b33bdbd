// SPDX-License-Identifier: Apache-2.0
//
// The p99 of every second of a soak, made of noise that hangs together, with stalls by the clock.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "reports/compare/random.h"

namespace mbench {

struct StallSoak {
  std::size_t seconds = 1800;
  double rho = 0;          // of neighbouring seconds
  double deviation = 0.1;  // of a second, as a part of the level
  double every_s = 0;      // 0: there are no stalls
  double for_s = 2;
  double times = 2;   // the level
  double chance = 0;  // stalls at any time: in so many of the seconds one begins
};

inline std::vector<double> SecondsOf(const StallSoak& soak, Rng* rng) {
  std::vector<double> values;
  double noise = DrawNormal(rng), irregular_until = -1;
  const double phase = rng->Unit() * soak.every_s;
  for (std::size_t i = 0; i < soak.seconds; ++i) {
    const auto at = static_cast<double>(i);
    const bool by_clock = soak.every_s > 0 && std::fmod(at + phase, soak.every_s) < soak.for_s;
    if (rng->Unit() < soak.chance) irregular_until = at + soak.for_s;
    const bool stalls = by_clock || at < irregular_until;
    values.push_back(5e6 * std::exp(soak.deviation * noise) * (stalls ? soak.times : 1));
    noise = soak.rho * noise + std::sqrt(1 - soak.rho * soak.rho) * DrawNormal(rng);
  }
  return values;
}

}  // namespace mbench
