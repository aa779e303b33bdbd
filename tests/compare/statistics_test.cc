// SPDX-License-Identifier: Apache-2.0
//
// Each piece of the mathematics against published values, closed forms or brute force.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "reports/compare/anytime.h"
#include "reports/compare/better_of_two.h"
#include "reports/compare/change_point.h"
#include "reports/compare/effect.h"
#include "reports/compare/holm.h"
#include "reports/compare/outliers.h"
#include "reports/compare/permutation.h"
#include "reports/compare/power.h"
#include "reports/compare/random.h"

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
  // The difference of means over its standard error; with a side of one, which has none, as it is.
  const auto difference = [&](unsigned mask) {
    double sum[2] = {0, 0};
    double squares[2] = {0, 0};
    double count[2] = {0, 0};
    for (std::size_t i = 0; i < all.size(); ++i) {
      sum[mask >> i & 1] += all[i];
      ++count[mask >> i & 1];
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      const unsigned side = mask >> i & 1;
      squares[side] += std::pow(all[i] - sum[side] / count[side], 2);
    }
    const double between = std::abs(sum[1] / count[1] - sum[0] / count[0]);
    if (count[0] < 2 || count[1] < 2) return between;
    return between / std::sqrt(squares[0] / count[0] / (count[0] - 1) +
                               squares[1] / count[1] / (count[1] - 1));
  };
  const unsigned side_a = (1U << a.size()) - 1;
  int hits = 0;
  int seen = 0;
  for (unsigned mask = 0; mask < 1U << all.size(); ++mask) {
    if (static_cast<std::size_t>(std::popcount(mask)) != a.size()) continue;
    ++seen;
    hits += difference(mask) >= difference(side_a) * (1 - 1e-9);
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

// ---- evidence at any time ----

// Numerically integrated Bayes factor of Gronau, Ly and Wagenmakers for one case: the marginal
// likelihood of t when the effect is N(0, g), over that when there is none.
TEST(Evidence, IsTheBayesFactorOfItsPrior) {
  const double t = 3;
  const double degrees = 8;
  const double n = 2.5;
  // Density of t given d: integrated over sigma, which is chi squared, and over d.
  double top = 0;
  double bottom = 0;
  for (double x = 0.01; x < 60; x += 0.02) {  // chi squared with `degrees`
    const double weight = std::exp((degrees / 2 - 1) * std::log(x) - x / 2) * std::sqrt(x);
    const double z = t * std::sqrt(x / degrees);
    bottom += weight * std::exp(-z * z / 2);
    const double variance = 1 + n * kPriorVariance;  // of z, over the prior
    top += weight * std::exp(-z * z / (2 * variance)) / std::sqrt(variance);
  }
  EXPECT_NEAR(Evidence(t, degrees, n), top / bottom, 1e-3 * top / bottom);
}

TEST(Evidence, ReachesTwentyInAtMostOneOfTwentyRowsOfEqualRounds) {
  Rng rng(kSeed);
  constexpr int kRows = 2000;
  int reached = 0;
  for (int row = 0; row < kRows; ++row) {
    EffectSide a;
    EffectSide b;
    bool out = false;
    for (std::size_t round = 1; round <= 40 && !out; ++round) {
      a.values.push_back(DrawNormal(&rng));
      b.values.push_back(DrawNormal(&rng));
      if (round >= 3) out = AnytimeEffectOfRuns(a, b, true).P(0) <= 0.05;
    }
    reached += out;
  }
  EXPECT_LE(reached, 0.05 * kRows) << "seed " << kSeed;
}

// ---- the better one of two tests ----

TEST(BetterOfTwo, IsWrongAsOftenAsItSays) {
  Rng rng(kSeed);
  constexpr int kRows = 4000;
  int wrong = 0;
  for (int row = 0; row < kRows; ++row) {
    EffectSide a;
    EffectSide b;
    for (int round = 0; round < 6; ++round) {
      a.values.push_back(DrawNormal(&rng));
      b.values.push_back(DrawNormal(&rng));
    }
    const Effect effect = EffectOfRuns(a, b, true);
    if (effect.basis == EffectBasis::kRounds)
      wrong += std::abs(effect.difference) > effect.HalfWidth(0.1);
  }
  EXPECT_NEAR(static_cast<double>(wrong) / kRows, 0.1, 0.016) << "seed " << kSeed;
}

TEST(BetterOfTwo, CostsLessThanBothTogether) {
  for (const std::size_t pairs : {3U, 5U, 8U, 30U}) {
    EXPECT_GT(PValueOfBetter(0.05, pairs), 0.05);
    EXPECT_LT(PValueOfBetter(0.05, pairs), 0.1);
    EXPECT_NEAR(PValueOfBetter(LevelOfEach(0.05, pairs), pairs), 0.05, 1e-6);
  }
}

// ---- effects ----

EffectSide Side(std::vector<double> values, double within = 0) {
  return {std::move(values), within};
}

const std::vector<double> kEight = {-1.2, -0.7, -0.3, 0, 0, 0.3, 0.7, 1.2};

TEST(Effect, HasTheIntervalOfStudent) {
  const double spread = std::sqrt(2 * (1.44 + 0.49 + 0.09) / 7);
  const Effect effect = EffectOfRuns(Side(kEight), Side(kEight), false);
  EXPECT_NEAR(effect.HalfWidth(0.05), HalfWidth(spread, 8, 8, 0.05), 1e-9);
  EXPECT_NEAR(effect.P(effect.HalfWidth(0.05)), 0.05, 1e-9);
  EXPECT_NEAR(effect.PAbove(-effect.HalfWidth(0.05)), 0.025, 1e-9);
  EXPECT_NEAR(effect.PBelow(-effect.HalfWidth(0.05)), 0.975, 1e-9);
}

// Welch's own example of unequal variances, as t.test of R has it.
TEST(Effect, IsThatOfWelchForUnequalSpreads) {
  const Effect effect = EffectOfRuns(Side({27.5, 21.0, 19.0, 23.6, 17.0, 17.9}),
                                     Side({27.1, 22.0, 20.8, 23.4, 23.4, 23.5}), false);
  EXPECT_NEAR(effect.tests[0].degrees, 7.9, 0.9);
  EXPECT_NEAR(effect.difference, 2.3667, 1e-3);
}

// Five runs that lie close together by luck must not be taken for a host without noise.
TEST(Effect, IsNeverSurerThanChanceWithinTheRunsAllows) {
  const EffectSide side = Side({1, 1, 1, 1, 1}, 0.01);
  EXPECT_NEAR(EffectOfRuns(side, side, false).HalfWidth(0.05), HalfWidth(0.1, 5, 5, 0.05), 1e-9);
}

TEST(Effect, OfOneOddRunIsThatOfTheOthers) {
  std::vector<double> odd = kEight;
  odd[3] = 100;
  const Effect effect = EffectOfRuns(Side(kEight), Side(odd), false);
  EXPECT_EQ(effect.basis, EffectBasis::kTrimmed);
  EXPECT_EQ(effect.outliers_b, std::vector<std::size_t>{3});
  EXPECT_LT(std::abs(effect.difference), 0.3);
  EXPECT_LT(effect.HalfWidth(0.05), 1.5);
}

TEST(Effect, OfOneRunIsKnownWhenTheOtherSideTellsTheSpread) {
  const Effect one = EffectOfRuns(Side(kEight), Side({5}), false);
  EXPECT_TRUE(one.Known());
  EXPECT_GT(one.HalfWidth(0.05), 2.3 * std::sqrt(2 * (1.44 + 0.49 + 0.09) / 7));
  const Effect none = EffectOfRuns(Side({1}), Side({2}), false);
  EXPECT_FALSE(none.Known());
  EXPECT_EQ(none.difference, 1);
  EXPECT_EQ(none.P(0), 1);
  EXPECT_TRUE(std::isinf(none.HalfWidth(0.05)));
}

TEST(Effect, OfTwoSessionsHasTheSpreadOfSessionsInIt) {
  const double alone = EffectOfRuns(Side(kEight), Side(kEight), false).HalfWidth(0.05);
  const double apart = EffectOfSessions({Side(kEight)}, {Side(kEight)}, {1}).HalfWidth(0.05);
  EXPECT_NEAR(apart, std::sqrt(alone * alone + std::pow(1.96 * std::sqrt(2), 2)), 0.2);
}

TEST(Outliers, AreFoundAndNotMadeUp) {
  EXPECT_TRUE(FindOutliers(kEight).empty());
  EXPECT_TRUE(FindOutliers(std::vector<double>(8, 1.0)).empty());
  EXPECT_TRUE(FindOutliers(std::vector<double>{1, 1.1, 0.9, 7, 7.1, 6.9}).empty())
      << "two kinds of runs";
  EXPECT_EQ(FindOutliers(std::vector<double>{1, 1.1, 0.9, 1, 7}), std::vector<std::size_t>{4});
  EXPECT_EQ(FindOutliers(std::vector<double>{1, 1.1, 0.9, 1, 1.2, 0.8, 1, 1.1, 0.9, 9, 1, 9.2}),
            (std::vector<std::size_t>{9, 11}))
      << "neither hides the other";
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
  const auto at = [&](std::size_t index) {
    return std::ranges::find(found, index, &ChangePoint::index) != found.end();
  };
  EXPECT_TRUE(at(15));
  EXPECT_TRUE(at(30));
  EXPECT_LE(found.size(), 3U) << "chance within a level may add one";
  EXPECT_NEAR(found[0].before, 0, 1);
}

TEST(ChangePoint, NoneIsFoundInChanceMoreOftenThanAlphaSays) {
  Rng rng(kSeed);
  int alarms = 0;
  constexpr int kHistories = 400;
  for (int history = 0; history < kHistories; ++history) {
    std::vector<double> values(30);
    for (double& value : values) value = DrawNormal(&rng);
    alarms += !FindChangePoints(values, {.alpha = 0.05, .draws = 200, .seed = rng.Next()}).empty();
  }
  EXPECT_LE(alarms, 0.08 * kHistories) << "seed " << kSeed;
}

TEST(ChangePoint, IsFoundInEightRunsWhenItIsThreefold) {
  const std::vector<double> values = {0, 0.02, -0.01, 0.01, 1.1, 1.12, 1.09, 1.11};
  const std::vector<ChangePoint> found = FindChangePoints(values, {.alpha = 0.05 / 3});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].index, 4U);
}

TEST(ChangePoint, ShortAndConstantHistoriesHaveNone) {
  EXPECT_TRUE(FindChangePoints({}).empty());
  EXPECT_TRUE(FindChangePoints(std::vector<double>{1, 9, 1, 9, 1}).empty());
  EXPECT_TRUE(FindChangePoints(std::vector<double>(50, 3.0)).empty());
}

}  // namespace
}  // namespace mbench
