// SPDX-License-Identifier: Apache-2.0
//
// Soaks of a day in minutes, made of noise that hangs together: how often a drift is found where
// there is none, and where there is one.
#include "reports/compare/drift.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "reports/compare/random.h"

namespace mbench {
namespace {

constexpr std::size_t kMinutes = 24 * 60;
constexpr int kSoaks = 100;

struct Soak {
  double rho = 0.8;        // of neighbouring minutes
  double deviation = 0.1;  // of a minute, as a part of the level
  double per_hour = 0;     // drift, as a part of the level
  std::size_t minutes = kMinutes;
  double stalls = 0;  // part of the minutes that are ten times as slow
};

std::vector<double> Times(std::size_t minutes) {
  std::vector<double> at(minutes);
  for (std::size_t i = 0; i < minutes; ++i) at[i] = 60.0 * (static_cast<double>(i) + 0.5);
  return at;
}

// AR(1): what is left of a disturbance is rho after a minute.
std::vector<double> Values(const Soak& soak, Rng* rng) {
  std::vector<double> values;
  double noise = DrawNormal(rng);
  for (std::size_t i = 0; i < soak.minutes; ++i) {
    const double trend = 1 + soak.per_hour * static_cast<double>(i) / 60;
    const bool stalls = rng->Unit() < soak.stalls;
    values.push_back(5e6 * trend * std::exp(soak.deviation * noise) * (stalls ? 10 : 1));
    noise = soak.rho * noise + std::sqrt(1 - soak.rho * soak.rho) * DrawNormal(rng);
  }
  return values;
}

int Found(const Soak& soak, std::uint64_t seed, double confidence = 0.95) {
  Rng rng(seed);
  const std::vector<double> at = Times(soak.minutes);
  int found = 0;
  for (int i = 0; i < kSoaks; ++i) {
    const std::optional<Drift> drift = FindDrift(at, Values(soak, &rng), confidence);
    if (drift && drift->Clear()) ++found;
  }
  return found;
}

TEST(Drift, OfAHundredSoaksWithoutOneAtMostFiveAreFound) {
  EXPECT_LE(Found({}, 1), 5);
  EXPECT_LE(Found({.rho = 0.5}, 2), 5);
  EXPECT_LE(Found({.rho = 0}, 3), 5);
  EXPECT_LE(Found({.stalls = 0.05}, 4), 5);
  EXPECT_LE(Found({.minutes = 120}, 5), 5);
}

// Disturbances that last for an hour and more, longer than a block.
TEST(Drift, NoiseThatLastsForAnHourIsNoneEither) {
  EXPECT_LE(Found({.rho = 0.983}, 6), 5);
  EXPECT_LE(Found({.rho = 0.992}, 7), 5);
}

TEST(Drift, OnePercentAnHourIsFoundInADay) {
  EXPECT_GE(Found({.per_hour = 0.01}, 11), 90);
  EXPECT_GE(Found({.per_hour = -0.01}, 12), 90);
  EXPECT_GE(Found({.per_hour = 0.01, .stalls = 0.05}, 13), 90);
  // Also when it is one of ten series that are looked at.
  EXPECT_GE(Found({.per_hour = 0.01}, 14, 0.995), 90);
}

TEST(Drift, TheIntervalHoldsTheTruth) {
  Rng rng(21);
  const std::vector<double> at = Times(kMinutes);
  int held = 0;
  for (int i = 0; i < kSoaks; ++i) {
    const std::optional<Drift> drift = FindDrift(at, Values({.per_hour = 0.01}, &rng));
    ASSERT_TRUE(drift);
    const double truth = 5e6 * 0.01 / 3600;
    if (drift->low <= truth && truth <= drift->high) ++held;
    EXPECT_LE(drift->low, drift->per_s);
    EXPECT_GE(drift->high, drift->per_s);
  }
  EXPECT_GE(held, 90);
}

TEST(Drift, AStraightLineIsItsSlope) {
  const std::vector<double> at = Times(100);
  std::vector<double> values;
  for (const double time : at) values.push_back(7 + 0.25 * time);
  const std::optional<Drift> drift = FindDrift(at, values);
  ASSERT_TRUE(drift);
  EXPECT_NEAR(drift->per_s, 0.25, 1e-9);
  EXPECT_NEAR(drift->low, 0.25, 1e-9);
  EXPECT_NEAR(drift->high, 0.25, 1e-9);
}

TEST(Drift, WhatNeverChangesHasNone) {
  const std::optional<Drift> drift = FindDrift(Times(100), std::vector<double>(100, 4.0));
  ASSERT_TRUE(drift);
  EXPECT_FALSE(drift->Clear());
}

TEST(Drift, OfTooLittleNothingIsSaid) {
  EXPECT_FALSE(FindDrift(Times(39), std::vector<double>(39, 1.0)));
  std::vector<double> unknown(200, std::nan(""));
  EXPECT_FALSE(FindDrift(Times(200), unknown));
  // A walk that never comes back: neighbours say everything.
  Rng rng(31);
  std::vector<double> walk = {0};
  for (int i = 1; i < 200; ++i) walk.push_back(walk.back() + DrawNormal(&rng));
  const std::optional<Drift> drift = FindDrift(Times(200), walk);
  EXPECT_FALSE(drift && drift->Clear());
}

}  // namespace
}  // namespace mbench
