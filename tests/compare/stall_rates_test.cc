// SPDX-License-Identifier: Apache-2.0
//
// How often stalls by the clock are found: in soaks that have none, and in soaks that have some.
// Half an hour each, with fixed seeds.
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "reports/compare/stalls.h"
#include "tests/compare/stall_soak.h"

namespace mbench {
namespace {

int Found(const StallSoak& soak, int soaks, std::uint64_t seed) {
  Rng rng(seed);
  int found = 0;
  for (int i = 0; i < soaks; ++i) {
    const auto stalls = FindStalls(SecondsOf(soak, &rng), 1, StallSide::kUp);
    if (!stalls) continue;
    if (soak.every_s == 0 || std::abs(stalls->period_s - soak.every_s) < 0.02 * soak.every_s)
      ++found;
  }
  std::cout << found << " of " << soaks << "\n";
  return found;
}

// Of a thousand: 5 % is 50.
TEST(StallRates, OfSoaksWithoutStallsFewAreSaidToHaveSome) {
  EXPECT_LE(Found({}, 1000, 1), 50) << "white noise";
  EXPECT_LE(Found({.deviation = 0.3}, 1000, 2), 50);
  EXPECT_LE(Found({.rho = 0.8, .deviation = 0.2}, 1000, 3), 50);
  EXPECT_LE(Found({.rho = 0.95, .deviation = 0.2}, 1000, 4), 50);
  EXPECT_LE(Found({.chance = 1.0 / 30}, 1000, 5), 50) << "stalls at any time";
  EXPECT_LE(Found({.rho = 0.8, .deviation = 0.2, .chance = 1.0 / 60}, 1000, 6), 50);
}

TEST(StallRates, TwiceTheLatencyForTwoSecondsIsFound) {
  for (const double every_s : {30.0, 60.0}) {
    EXPECT_GE(Found({.every_s = every_s}, 100, 11), 90) << every_s;
    EXPECT_GE(Found({.rho = 0.8, .every_s = every_s}, 100, 12), 90) << every_s;
    EXPECT_GE(Found({.deviation = 0.2, .every_s = every_s}, 100, 13), 90) << every_s;
    EXPECT_GE(Found({.rho = 0.8, .deviation = 0.2, .every_s = every_s}, 100, 14), 90) << every_s;
    EXPECT_GE(Found({.every_s = every_s, .chance = 1.0 / 120}, 100, 15), 90) << every_s;
  }
}

}  // namespace
}  // namespace mbench
