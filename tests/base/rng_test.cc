// SPDX-License-Identifier: Apache-2.0
#include "harness/base/rng.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace mbench {
namespace {

constexpr std::uint64_t kSeed = 12345;
constexpr int kDraws = 1'000'000;

TEST(Mix64, IsSplitMix64) {
  // The first numbers that the published generator gives for the seeds 0 and 1234567.
  EXPECT_EQ(Mix64(0), 0xe220a8397b1dcdafULL);
  EXPECT_EQ(Mix64(1234567), 6457827717110365317ULL);
}

TEST(Rng, GivesTheSameNumbersForTheSameSeed) {
  Rng one(kSeed);
  Rng two(kSeed);
  Rng other(kSeed + 1);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t number = one.Next();
    ASSERT_EQ(number, two.Next());
    seen.insert(number);
    seen.insert(other.Next());
  }
  EXPECT_EQ(seen.size(), 2000u) << "seed " << kSeed;
}

TEST(Rng, BelowIsUniform) {
  constexpr std::uint64_t kBound = 10;
  std::array<int, kBound> counts{};
  Rng rng(kSeed);
  for (int i = 0; i < kDraws; ++i) ++counts[rng.Below(kBound)];
  double chi_square = 0;
  constexpr double kExpected = static_cast<double>(kDraws) / kBound;
  for (const int count : counts)
    chi_square += (count - kExpected) * (count - kExpected) / kExpected;
  EXPECT_LT(chi_square, 27.9) << "9 degrees of freedom, p = 0.001, seed " << kSeed;
}

TEST(Rng, UnitIsWithinZeroAndOneWithTheRightMean) {
  Rng rng(kSeed);
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double unit = rng.Unit();
    ASSERT_GE(unit, 0);
    ASSERT_LT(unit, 1);
    sum += unit;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.0015) << "five standard errors, seed " << kSeed;
}

TEST(Rng, ExponentialHasMeanAndVarianceOne) {
  Rng rng(kSeed);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double step = rng.Exponential();
    ASSERT_GE(step, 0);
    sum += step;
    squares += step * step;
  }
  EXPECT_NEAR(sum / kDraws, 1, 0.005) << "five standard errors, seed " << kSeed;
  EXPECT_NEAR(squares / kDraws, 2, 0.025) << "seed " << kSeed;
}

}  // namespace
}  // namespace mbench
