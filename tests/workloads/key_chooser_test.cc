// SPDX-License-Identifier: Apache-2.0
//
// Each chooser against its exact distribution.
#include "workloads/keys/key_chooser.h"

#include <gtest/gtest.h>

#include <cmath>

#include "chi_square.h"
#include "workloads/keys/fnv_hash.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

constexpr std::uint64_t kSeed = 4711;
constexpr std::uint64_t kFirst = 5000;
constexpr std::uint64_t kRecords = 1000;
constexpr int kDraws = 1'000'000;

RunPlan Plan(KeyChoice choose) {
  RunPlan plan;
  plan.data.first = kFirst;
  plan.data.records = kRecords;
  plan.keys.choose = choose;
  return plan;
}

// How often each record was chosen, the first one at index 0.
std::vector<std::uint64_t> Count(const RunPlan& plan, SharedRecords* records, int draws = kDraws) {
  KeyChooser chooser(plan, records);
  Rng rng(kSeed);
  std::vector<std::uint64_t> counts(records->Limit() - records->First());
  for (int i = 0; i < draws; ++i) ++counts.at(chooser.Next(rng) - records->First());
  return counts;
}
std::vector<std::uint64_t> Count(const RunPlan& plan) {
  return Count(plan, MakeSharedRecords(plan).get());
}

void Insert(SharedRecords* records, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) records->Acknowledge(records->TakeInsert());
}

template <class Function>
std::vector<double> Weights(std::uint64_t count, Function weight) {
  std::vector<double> weights;
  for (std::uint64_t i = 0; i < count; ++i) weights.push_back(weight(static_cast<double>(i)));
  return weights;
}
double Zipf(double rank) { return std::pow(rank + 1, -defaults::kTheta); }

TEST(KeyChooser, UniformTreatsAllRecordsAlike) {
  EXPECT_TRUE(Fits(Count(Plan(KeyChoice::kUniform)), Weights(kRecords, [](double) { return 1; })));
}

TEST(KeyChooser, ZipfianLikesTheFirstRecordMost) {
  EXPECT_TRUE(Fits(Count(Plan(KeyChoice::kZipfian)), Weights(kRecords, Zipf)));
}

TEST(KeyChooser, ZipfianReachesRecordsThatWereInserted) {
  const RunPlan plan = Plan(KeyChoice::kZipfian);
  const auto records = MakeSharedRecords(plan);
  KeyChooser chooser(plan, records.get());  // its table is made for fewer
  Insert(records.get(), 1500);
  Rng rng(kSeed);
  std::vector<std::uint64_t> counts(kRecords + 1500);
  for (int i = 0; i < kDraws; ++i) ++counts.at(chooser.Next(rng) - kFirst);
  EXPECT_TRUE(Fits(counts, Weights(kRecords + 1500, Zipf)));
}

TEST(KeyChooser, LatestLikesTheNewestRecordMost) {
  RunPlan plan = Plan(KeyChoice::kLatest);
  plan.mix.weights[static_cast<std::size_t>(Verb::kInsert)] = 1;
  const auto records = MakeSharedRecords(plan);
  for (const std::uint64_t inserts : {0, 10, 5000}) {
    Insert(records.get(), inserts);
    std::vector<std::uint64_t> counts = Count(plan, records.get());
    std::reverse(counts.begin(), counts.end());
    EXPECT_TRUE(Fits(counts, Weights(counts.size(), Zipf))) << inserts;
  }
}

// By the definition: the rank's hash modulo the records that are expected, drawn again while there
// is no such record. Ranks beyond the first million are so many that they spread evenly.
TEST(KeyChooser, ScrambledIsTheHashedZipfOfTenBillionRanks) {
  constexpr std::uint64_t kExpectedInserts = 300, kRanks = 1'000'000;
  constexpr double kSumOfAll = 26.46902820178302;
  RunPlan plan = Plan(KeyChoice::kScrambled);
  plan.keys.expected_inserts = kExpectedInserts;
  std::vector<double> weights(kRecords + kExpectedInserts + 1);
  double sum = 0;
  for (std::uint64_t rank = 0; rank < kRanks; ++rank) {
    const double weight = Zipf(static_cast<double>(rank));
    weights[FnvHash64(rank) % weights.size()] += weight;
    sum += weight;
  }
  for (double& weight : weights) weight += (kSumOfAll - sum) / static_cast<double>(weights.size());
  weights.resize(kRecords);
  EXPECT_TRUE(Fits(Count(plan), weights));
}

TEST(KeyChooser, ScrambledComesToAnEndWhenHardlyAnyExpectedRecordExists) {
  RunPlan plan = Plan(KeyChoice::kScrambled);
  plan.data.records = 1;
  plan.keys.expected_inserts = 1'000'000'000'000;
  EXPECT_EQ(Count(plan, MakeSharedRecords(plan).get(), 100).at(0), 100U);
}

TEST(KeyChooser, HotspotGivesTheHotRecordsTheirPart) {
  RunPlan plan = Plan(KeyChoice::kHotspot);
  plan.keys.hot_records = 0.1;
  plan.keys.hot_ops = 0.7;
  EXPECT_TRUE(Fits(Count(plan), Weights(kRecords, [](double rank) {
                     return rank < 100 ? 0.7 / 100 : 0.3 / 900;
                   })));
}

TEST(KeyChooser, HotspotTakesAnyParts) {
  for (const double hot_records : {0.0, 0.0001, 0.5, 1.0}) {
    for (const double hot_ops : {0.0, 0.5, 1.0}) {
      RunPlan plan = Plan(KeyChoice::kHotspot);
      plan.keys.hot_records = hot_records;
      plan.keys.hot_ops = hot_ops;
      EXPECT_EQ(Count(plan, MakeSharedRecords(plan).get(), 1000).size(), kRecords);
    }
  }
}

TEST(KeyChooser, ExponentialFallsByAConstantFactorFromTheNewestOn) {
  RunPlan plan = Plan(KeyChoice::kExponential);
  plan.keys.exponential_percent = 90;
  plan.keys.exponential_records = 0.3;
  const double gamma = -std::log(1 - 0.90) / (0.3 * kRecords);
  std::vector<std::uint64_t> counts = Count(plan);
  std::reverse(counts.begin(), counts.end());
  EXPECT_TRUE(
      Fits(counts, Weights(kRecords, [&](double rank) { return std::exp(-gamma * rank); })));
}

TEST(KeyChooser, ExponentialTakesAnyPercentage) {
  for (const double percent : {0.0, 1e-9, 50.0, 100.0}) {
    RunPlan plan = Plan(KeyChoice::kExponential);
    plan.keys.exponential_percent = percent;
    EXPECT_EQ(Count(plan, MakeSharedRecords(plan).get(), 1000).size(), kRecords);
  }
}

TEST(KeyChooser, SequentialWorkersTogetherAskForEachRecordOnceARound) {
  const RunPlan plan = Plan(KeyChoice::kSequential);
  const auto records = MakeSharedRecords(plan);
  KeyChooser a(plan, records.get()), b(plan, records.get());
  Rng rng(kSeed);
  std::vector<std::uint64_t> counts(kRecords);
  // Both a whole number of blocks, at different speeds; two rounds in all.
  for (std::uint64_t i = 0; i < 1600; ++i) ++counts.at(a.Next(rng) - kFirst);
  for (std::uint64_t i = 0; i < 400; ++i) ++counts.at(b.Next(rng) - kFirst);
  for (const std::uint64_t count : counts) ASSERT_EQ(count, 2U);
}

TEST(KeyChooser, OneSequentialWorkerGoesInOrder) {
  const RunPlan plan = Plan(KeyChoice::kSequential);
  const auto records = MakeSharedRecords(plan);
  KeyChooser chooser(plan, records.get());
  Rng rng(kSeed);
  for (std::uint64_t i = 0; i < 3 * kRecords; ++i)
    ASSERT_EQ(chooser.Next(rng), kFirst + i % kRecords);
}

TEST(KeyChooser, EmptyStoreIsAskedForItsFirstRecord) {
  for (const KeyChoice choose :
       {KeyChoice::kUniform, KeyChoice::kSequential, KeyChoice::kZipfian, KeyChoice::kScrambled,
        KeyChoice::kLatest, KeyChoice::kHotspot, KeyChoice::kExponential}) {
    RunPlan plan = Plan(choose);
    plan.data.records = 0;
    const auto records = MakeSharedRecords(plan);
    KeyChooser chooser(plan, records.get());
    Rng rng(kSeed);
    EXPECT_EQ(chooser.Next(rng), kFirst) << static_cast<int>(choose);
  }
}

}  // namespace
}  // namespace mbench
