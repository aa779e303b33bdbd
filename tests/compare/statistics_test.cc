// SPDX-License-Identifier: Apache-2.0
//
// Each piece of the mathematics against published values, closed forms or brute force.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "reports/compare/bootstrap.h"
#include "reports/compare/change_point.h"
#include "reports/compare/holm.h"
#include "reports/compare/permutation.h"
#include "reports/compare/power.h"
#include "reports/compare/random.h"
#include "reports/compare/sequential.h"

namespace mbench {
namespace {

constexpr std::uint64_t kSeed = 7;

// ---- permutation ----

TEST(Permutation, FullySeparatedSidesHaveTheSmallestPThereIs) {
  const std::array a = {1.0, 2.0, 3.0, 4.0, 5.0};
  const std::array b = {6.0, 7.0, 8.0, 9.0, 10.0};
  EXPECT_DOUBLE_EQ(PermutationP(a, b, kSeed), 2.0 / 252);
  EXPECT_DOUBLE_EQ(SmallestPermutationP(5, 5), 2.0 / 252);
}

// All splits by bit patterns, another way to list them.
double BruteForceP(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> all = a;
  all.insert(all.end(), b.begin(), b.end());
  const auto difference = [&](unsigned mask) {
    double sum[2] = {0, 0};
    int count[2] = {0, 0};
    for (std::size_t i = 0; i < all.size(); ++i) {
      sum[mask >> i & 1] += all[i];
      ++count[mask >> i & 1];
    }
    return std::abs(sum[1] / count[1] - sum[0] / count[0]);
  };
  const unsigned side_a = (1U << a.size()) - 1;
  int hits = 0;
  int seen = 0;
  for (unsigned mask = 0; mask < 1U << all.size(); ++mask) {
    if (static_cast<std::size_t>(std::popcount(mask)) != a.size()) continue;
    ++seen;
    hits += difference(mask) >= difference(side_a) - 1e-12;
  }
  return static_cast<double>(hits) / seen;
}

TEST(Permutation, AgreesWithBruteForceForSidesOfAnySize) {
  Rng rng(kSeed);
  for (std::size_t runs_a = 1; runs_a <= 6; ++runs_a) {
    for (std::size_t runs_b = 1; runs_b <= 6; ++runs_b) {
      std::vector<double> a(runs_a);
      std::vector<double> b(runs_b);
      for (double& value : a) value = DrawNormal(&rng);
      for (double& value : b) value = DrawNormal(&rng) + 1;
      EXPECT_DOUBLE_EQ(PermutationP(a, b, kSeed), BruteForceP(a, b)) << runs_a << " " << runs_b;
    }
  }
}

TEST(Permutation, EqualValuesAreNoEvidence) {
  const std::array same = {3.3, 3.3, 3.3, 3.3, 3.3};
  EXPECT_EQ(PermutationP(same, same, kSeed), 1);
  EXPECT_EQ(PermutationP({}, same, kSeed), 1);
}

TEST(Permutation, ASampleOfSplitsComesNearToAllOfThem) {
  Rng rng(kSeed);
  std::vector<double> a(10);
  std::vector<double> b(10);
  for (double& value : a) value = DrawNormal(&rng);
  for (double& value : b) value = DrawNormal(&rng) + 0.8;
  EXPECT_NEAR(PermutationP(a, b, kSeed), BruteForceP(a, b), 0.01);
}

// ---- Holm ----

TEST(Holm, GivesTheAdjustedValuesOfRsPAdjust) {
  const std::array p = {0.01, 0.04, 0.03, 0.005};  // p.adjust(p, "holm")
  EXPECT_EQ(HolmAdjust(p).size(), 4U);
  EXPECT_NEAR(HolmAdjust(p)[0], 0.03, 1e-12);
  EXPECT_NEAR(HolmAdjust(p)[1], 0.06, 1e-12);
  EXPECT_NEAR(HolmAdjust(p)[2], 0.06, 1e-12);
  EXPECT_NEAR(HolmAdjust(p)[3], 0.02, 1e-12);
}

TEST(Holm, IsNeverAboveOne) {
  const std::array p = {0.9, 0.8};
  EXPECT_EQ(HolmAdjust(p), (std::vector<double>{1, 1}));
  EXPECT_TRUE(HolmAdjust({}).empty());
}

// ---- power ----

TEST(Power, IsThatOfRsPowerTTest) {
  // power.t.test(n = 17, delta = 1, sd = 1) gives 0.807; n = 64, delta = 0.5 gives 0.801.
  EXPECT_NEAR(Power(1, 1, 17, 17, 0.05), 0.807, 0.001);
  EXPECT_NEAR(Power(0.5, 1, 64, 64, 0.05), 0.801, 0.001);
}

TEST(Power, TheSmallestDetectableEffectIsDetectedThatOften) {
  for (const std::size_t runs : {5U, 8U, 20U}) {
    const double effect = SmallestDetectable(0.03, runs, runs, 0.05, 0.9);
    EXPECT_NEAR(Power(effect, 0.03, runs, runs, 0.05), 0.9, 0.015) << runs;
  }
}

TEST(Power, TheRunsItAsksForAreTheFewestThatDo) {
  const std::size_t runs = *RunsForHalfWidth(0.02, 0.03, 0.05);
  EXPECT_LT(HalfWidth(0.03, runs, runs, 0.05), 0.02);
  EXPECT_GE(HalfWidth(0.03, runs - 1, runs - 1, 0.05), 0.02);
  EXPECT_EQ(RunsForHalfWidth(1e-9, 1, 0.05), std::nullopt);
  EXPECT_EQ(RunsForHalfWidth(0, 1, 0.05), std::nullopt);
}

TEST(Power, NothingIsSeenWithOneRunASide) {
  EXPECT_EQ(Power(1, 1, 1, 1, 0.05), 0);
  EXPECT_TRUE(std::isinf(SmallestDetectable(1, 1, 5, 0.05)));
}

// ---- sequential looks ----

TEST(Sequential, BoundsAreThePublishedOnesOfTheLanDeMetsFunction) {
  // Five equal looks at two-sided 5 %: Reboussin et al., Programs for computing group sequential
  // boundaries using the Lan-DeMets method (2000).
  const std::array information = {0.2, 0.4, 0.6, 0.8, 1.0};
  const std::vector<double> bounds = SequentialBounds(information, 0.05);
  const std::array published = {4.8769, 3.3569, 2.6803, 2.2898, 2.0310};
  ASSERT_EQ(bounds.size(), published.size());
  for (std::size_t i = 0; i < bounds.size(); ++i) EXPECT_NEAR(bounds[i], published[i], 0.002) << i;
}

TEST(Sequential, OneLookIsAnOrdinaryTest) {
  EXPECT_NEAR(LookLevels(std::array{1.0}, 0.05)[0], 0.05, 1e-9);
}

TEST(Sequential, ARandomWalkCrossesTheBoundsAsOftenAsAlphaSays) {
  const std::vector<double> information = {0.3, 0.45, 0.6, 0.8, 1};
  const std::vector<double> bounds = SequentialBounds(information, 0.05);
  Rng rng(kSeed);
  int crossed = 0;
  constexpr int kWalks = 40'000;
  for (int walk = 0; walk < kWalks; ++walk) {
    double at = 0;
    double before = 0;
    bool out = false;
    for (std::size_t k = 0; k < bounds.size(); ++k) {
      at += std::sqrt(information[k] - before) * DrawNormal(&rng);
      before = information[k];
      out = out || std::abs(at) > bounds[k] * std::sqrt(before);
    }
    crossed += out;
  }
  EXPECT_NEAR(static_cast<double>(crossed) / kWalks, 0.05, 0.004) << "seed " << kSeed;
}

TEST(Sequential, LooksBeginWhereAVerdictIsPossibleAndEndAtTheBudget) {
  EXPECT_EQ(PlanLooks(10), (std::vector<std::size_t>{5, 7, 9, 10}));
  EXPECT_EQ(PlanLooks(3), (std::vector<std::size_t>{5}));
  EXPECT_EQ(PlanLooks(8, 100), (std::vector<std::size_t>{5, 8}));
}

// ---- bootstrap ----

BootstrapSide Side(std::vector<double> values) { return {std::move(values), {}}; }

TEST(Bootstrap, IsAsWideAsTheIntervalOfStudentForValuesLikeNormalOnes) {
  const BootstrapSide a = Side({-1.2, -0.7, -0.3, 0, 0, 0.3, 0.7, 1.2});
  const BootstrapSide b = Side({-1.2, -0.7, -0.3, 0, 0, 0.3, 0.7, 1.2});
  const double spread = std::sqrt(2 * (1.44 + 0.49 + 0.09) / 7);
  const double half = HalfWidth(spread, 8, 8, 0.05);
  const BootstrapEstimate estimate = Bootstrap(a, b, 0.05, 20'000, kSeed);
  EXPECT_NEAR(estimate.difference, 0, 1e-12);
  EXPECT_NEAR(estimate.low, -half, 0.05 * half);
  EXPECT_NEAR(estimate.high, half, 0.05 * half);
}

std::vector<float> NormalNoise(double deviation) {
  Rng rng(kSeed);
  std::vector<float> noise(2000);
  for (float& value : noise) value = static_cast<float>(deviation * DrawNormal(&rng));
  return noise;
}

// Five runs that lie close together by luck must not be taken for a host without noise.
TEST(Bootstrap, IsNeverNarrowerThanChanceWithinTheRunsAllows) {
  const std::vector<float> noise = NormalNoise(0.1);
  BootstrapSide side = Side({1, 1, 1, 1, 1});
  side.noise.assign(5, noise);
  const BootstrapEstimate estimate = Bootstrap(side, side, 0.05, 5000, kSeed);
  EXPECT_NEAR(estimate.high, HalfWidth(0.1, 5, 5, 0.05), 0.01);
}

TEST(Bootstrap, DoesNotCountChanceWithinRunsTwice) {
  const std::vector<float> noise = NormalNoise(0.6);
  const std::vector<double> values = {-1.2, -0.7, -0.3, 0, 0, 0.3, 0.7, 1.2};
  BootstrapSide with = Side(values);
  with.noise.assign(8, noise);
  const BootstrapEstimate one = Bootstrap(Side(values), Side(values), 0.05, 20'000, kSeed);
  const BootstrapEstimate other = Bootstrap(with, with, 0.05, 20'000, kSeed);
  EXPECT_NEAR(other.high / one.high, 1, 0.05);
}

// Chance within a run is not what runs differ by.
TEST(Bootstrap, KnowsNothingWithOneRunOnASideWhateverIsKnownOfChanceWithinIt) {
  const std::vector<float> noise = NormalNoise(0.1);
  BootstrapSide one = Side({1});
  one.noise.assign(1, noise);
  BootstrapSide five = Side({2, 2, 2, 2, 2});
  five.noise.assign(5, noise);
  for (const auto& [a, b] : {std::pair(one, one), std::pair(one, five), std::pair(five, one)}) {
    const BootstrapEstimate estimate = Bootstrap(a, b, 0.05, 100, kSeed);
    EXPECT_EQ(estimate.difference, b.values[0] - a.values[0]);
    EXPECT_TRUE(std::isinf(estimate.low));
    EXPECT_TRUE(std::isinf(estimate.high));
  }
}

TEST(Bootstrap, TailsBeyondTheDrawsGoOnGrowing) {
  const BootstrapSide side = Side({-1.2, -0.7, -0.3, 0, 0, 0.3, 0.7, 1.2});
  const BootstrapEstimate near = Bootstrap(side, side, 1e-4, 2000, kSeed);
  const BootstrapEstimate far = Bootstrap(side, side, 1e-6, 2000, kSeed);
  EXPECT_GT(far.high, 1.1 * near.high);
  EXPECT_TRUE(std::isfinite(far.high));
}

// ---- random numbers ----

TEST(Random, BetaHasItsMeanAndVariance) {
  Rng rng(kSeed);
  double sum = 0;
  double squares = 0;
  constexpr int kDraws = 50'000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = DrawBeta(95, 6, &rng);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kDraws;
  EXPECT_NEAR(mean, 95.0 / 101, 0.001);
  EXPECT_NEAR(squares / kDraws - mean * mean, 95.0 * 6 / (101.0 * 101 * 102), 3e-5);
}

// ---- change points ----

TEST(ChangePoint, IsFoundWhereTheLevelChanged) {
  Rng rng(kSeed);
  std::vector<double> values(40);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = DrawNormal(&rng) + (i < 15 ? 0 : i < 30 ? 5 : 1);
  const std::vector<ChangePoint> found = FindChangePoints(values);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].index, 15U);
  EXPECT_EQ(found[1].index, 30U);
  EXPECT_NEAR(found[0].before, 0, 1);
  EXPECT_NEAR(found[0].after, 5, 2.5);  // the segment after it, before it was cut again
}

TEST(ChangePoint, NoneIsFoundInChanceMoreOftenThanAlphaSays) {
  Rng rng(kSeed);
  int alarms = 0;
  constexpr int kHistories = 400;
  for (int history = 0; history < kHistories; ++history) {
    std::vector<double> values(30);
    for (double& value : values) value = DrawNormal(&rng);
    alarms +=
        !FindChangePoints(values, {.alpha = 0.05, .permutations = 200, .seed = rng.Next()}).empty();
  }
  EXPECT_LE(alarms, 0.08 * kHistories) << "seed " << kSeed;
}

TEST(ChangePoint, ShortAndConstantHistoriesHaveNone) {
  EXPECT_TRUE(FindChangePoints({}).empty());
  EXPECT_TRUE(FindChangePoints(std::vector<double>{1, 9, 1, 9, 1}).empty());
  EXPECT_TRUE(FindChangePoints(std::vector<double>(50, 3.0)).empty());
}

}  // namespace
}  // namespace mbench
