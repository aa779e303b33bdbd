// SPDX-License-Identifier: Apache-2.0
#include "workloads/alias_table.h"

#include <gtest/gtest.h>

#include "chi_square.h"
#include "harness/base/rng.h"

namespace mbench {
namespace {

constexpr std::uint64_t kSeed = 7;

std::vector<std::uint64_t> Count(const AliasTable& table, int draws) {
  Rng rng(kSeed);
  std::vector<std::uint64_t> counts(table.Size());
  for (int i = 0; i < draws; ++i) ++counts[table.Pick(rng.Next())];
  return counts;
}

TEST(AliasTable, DrawsEachIndexByItsWeight) {
  const std::vector<double> weights = {1, 0, 3, 0.5, 100, 7, 7, 0.001, 20};
  EXPECT_TRUE(Fits(Count(AliasTable(weights), 1'000'000), weights)) << "seed " << kSeed;
}

TEST(AliasTable, NeverDrawsAnIndexWithoutWeight) {
  for (const std::vector<double>& weights :
       {std::vector<double>{0, 1}, {1, 0, 0}, {0, 0, 0.1, 0}, {0.1, 0.2, 0, 0.3, 0.4, 0}}) {
    const auto counts = Count(AliasTable(weights), 100'000);
    for (std::size_t i = 0; i < weights.size(); ++i)
      EXPECT_EQ(counts[i] == 0, weights[i] == 0) << i;
    // The ends of the range of random numbers, too.
    EXPECT_GT(weights[AliasTable(weights).Pick(0)], 0);
    EXPECT_GT(weights[AliasTable(weights).Pick(UINT64_MAX)], 0);
  }
}

TEST(AliasTable, OfOneWeightIsThatIndex) {
  EXPECT_EQ(Count(AliasTable(std::vector{0.3}), 10)[0], 10U);
}

}  // namespace
}  // namespace mbench
