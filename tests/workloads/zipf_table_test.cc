// SPDX-License-Identifier: Apache-2.0
#include "workloads/keys/zipf_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "chi_square.h"
#include "harness/base/rng.h"

namespace mbench {
namespace {

constexpr std::uint64_t kSeed = 20240607;

// The sum of (i+1)^-theta over [begin, end): term by term at first, then by the midpoint rule,
// whose error is below 1 / (24 begin^2).
double SumOfWeights(std::uint64_t begin, std::uint64_t end, double theta) {
  constexpr std::uint64_t kTerms = 1'000'000;
  double sum = 0;
  for (std::uint64_t i = begin; i < std::min(end, kTerms); ++i) {
    sum += std::pow(static_cast<double>(i) + 1, -theta);
  }
  if (end <= kTerms) return sum;
  const double from = static_cast<double>(std::max(begin, kTerms)) + 0.5;
  const double to = static_cast<double>(end) + 0.5;
  const double power = 1 - theta;
  return sum +
         (power == 0 ? std::log(to / from) : (std::pow(to, power) - std::pow(from, power)) / power);
}

// Bins of ranks: the first 200 alone, then each bin a tenth wider than all before it.
std::vector<std::uint64_t> BinEnds(std::uint64_t n) {
  std::vector<std::uint64_t> ends;
  for (std::uint64_t end = 1; end < n; end += std::max<std::uint64_t>(1, end / 200))
    ends.push_back(end);
  ends.push_back(n);
  return ends;
}

class ZipfDistribution : public testing::TestWithParam<std::pair<std::uint64_t, double>> {};

TEST_P(ZipfDistribution, IsExact) {
  const auto [n, theta] = GetParam();
  SCOPED_TRACE(testing::Message() << "seed " << kSeed << " n " << n << " theta " << theta);
  const ZipfTable table(n, theta);
  const std::vector<std::uint64_t> ends = BinEnds(n);
  std::vector<double> probabilities;
  std::uint64_t begin = 0;
  for (const std::uint64_t end : ends) {
    probabilities.push_back(SumOfWeights(begin, end, theta));
    begin = end;
  }
  Rng rng(kSeed);
  std::vector<std::uint64_t> counts(ends.size());
  for (int i = 0; i < 2'000'000; ++i) {
    const std::uint64_t rank = table.Draw(rng);
    ASSERT_LT(rank, n);
    ++counts[static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), rank) -
                                      ends.begin())];
  }
  EXPECT_TRUE(Fits(counts, probabilities));
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, ZipfDistribution,
    testing::Values(std::pair{1, 0.99}, std::pair{2, 0.99}, std::pair{10, 0.99},
                    std::pair{1000, 0.99}, std::pair{1000, 0.2}, std::pair{1'000'000, 0.99},
                    std::pair{1'000'000, 0.5}, std::pair{1'000'000, 1.0}, std::pair{1'000'000, 1.5},
                    std::pair{1'000'000, 1.01}, std::pair{1'000'000'000, 2.0}, std::pair{1000, 5.0},
                    std::pair{1'000'000, 10.0}, std::pair{10'000'000'000, 0.99}));

// Within a group of the table (see its header) weights fall by less than 2 %. That must not be
// lost: the lower halves of all groups together are compared with the upper halves.
TEST(ZipfTable, WeightsFallWithinAGroup) {
  constexpr std::uint64_t kRanks = 200'000, kRanksPerWidth = 64;
  const ZipfTable table(kRanks, 0.99);
  std::vector<bool> upper(kRanks);
  std::vector<double> probabilities(2);
  std::uint64_t begin = 2 * kRanksPerWidth;
  while (begin < kRanks) {
    const std::uint64_t end = std::min(kRanks, begin + begin / kRanksPerWidth);
    const std::uint64_t middle = begin + (end - begin) / 2;
    std::fill(upper.begin() + static_cast<std::ptrdiff_t>(middle),
              upper.begin() + static_cast<std::ptrdiff_t>(end), true);
    probabilities[0] += SumOfWeights(begin, middle, 0.99);
    probabilities[1] += SumOfWeights(middle, end, 0.99);
    begin = end;
  }
  std::vector<std::uint64_t> counts(2);
  Rng rng(kSeed);
  for (int i = 0; i < 20'000'000; ++i) {
    const std::uint64_t rank = table.Draw(rng);
    if (rank >= 2 * kRanksPerWidth) ++counts[upper[rank]];
  }
  EXPECT_TRUE(Fits(counts, probabilities));
}

TEST(ZipfWeight, IsTheSumThatIsKnownForTenBillionRanks) {
  EXPECT_NEAR(ZipfWeight(0, 10'000'000'000, 0.99), 26.46902820178302, 1e-8);
}

TEST(ZipfWeight, AgreesWithTheSumTermByTerm) {
  for (const double theta : {0.01, 0.5, 0.99, 1.0, 1.7, 3.0, 10.0}) {
    for (const auto& [begin, end] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
             {0, 1}, {0, 20}, {0, 5000}, {31, 33}, {40, 41}, {1000, 1010}, {1000, 90'000}}) {
      const double sum = SumOfWeights(begin, end, theta);
      EXPECT_NEAR(ZipfWeight(begin, end, theta) / sum, 1, 1e-11)
          << begin << " " << end << " " << theta;
    }
  }
}

// What `latest` and inserts do: ranks beyond the bound are drawn again.
TEST(ZipfTable, CutOffByDrawingAgainIsTheDistributionOfFewerRanks) {
  constexpr std::uint64_t kBound = 777;
  const ZipfTable table(1500, 0.99);
  Rng rng(kSeed);
  std::vector<std::uint64_t> counts(kBound);
  std::vector<double> probabilities;
  for (std::uint64_t i = 0; i < kBound; ++i) probabilities.push_back(SumOfWeights(i, i + 1, 0.99));
  for (int i = 0; i < 1'000'000; ++i) {
    if (const std::uint64_t rank = table.Draw(rng); rank < kBound) ++counts[rank];
  }
  EXPECT_TRUE(Fits(counts, probabilities));
}

}  // namespace
}  // namespace mbench
