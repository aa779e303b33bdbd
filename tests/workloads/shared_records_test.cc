// SPDX-License-Identifier: Apache-2.0
#include "workloads/shared_records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "harness/base/rng.h"

namespace mbench {
namespace {

constexpr double kTheta = 0.99;

TEST(SharedRecords, LimitWaitsForTheOldestInsert) {
  SharedRecords records(10, 5, kTheta);
  EXPECT_EQ(records.Limit(), 15U);
  EXPECT_EQ(records.TakeInsert(), 15U);
  EXPECT_EQ(records.TakeInsert(), 16U);
  EXPECT_EQ(records.TakeInsert(), 17U);
  records.Acknowledge(16);
  EXPECT_EQ(records.Limit(), 15U);
  records.Acknowledge(15);
  EXPECT_EQ(records.Limit(), 17U);
  records.Acknowledge(17);
  EXPECT_EQ(records.Limit(), 18U);
}

TEST(SharedRecords, NumberThatWasGivenBackIsTriedAgainAndFillsTheHole) {
  SharedRecords records(0, 0, kTheta);
  const std::uint64_t failed = records.TakeInsert();
  records.GiveBack(failed);
  std::uint64_t inserts = 0;
  for (std::uint64_t number = failed + 1; number != failed; ++inserts) {
    ASSERT_LT(inserts, 2 * SharedRecords::kRetryEvery);
    number = records.TakeInsert();
    ASSERT_TRUE(number == failed || records.Limit() == failed);
    records.Acknowledge(number);
  }
  EXPECT_EQ(records.Limit(), inserts);
}

// An insert that timed out may have been done all the same; if the system refuses it the second
// time, it is refused each time. That must stay one failure among many inserts.
TEST(SharedRecords, NumberThatFailsEachTimeIsTriedNowAndThenOnly) {
  SharedRecords records(0, 0, kTheta);
  const std::uint64_t bad = records.TakeInsert();
  records.GiveBack(bad);
  std::uint64_t tries = 0;
  for (std::uint64_t i = 0; i < 100 * SharedRecords::kRetryEvery; ++i) {
    const std::uint64_t number = records.TakeInsert();
    tries += number == bad;
    number == bad ? records.GiveBack(number) : records.Acknowledge(number);
  }
  EXPECT_LE(tries, 100U);
  EXPECT_GE(tries, 50U);
}

TEST(SharedRecords, StalledInsertHoldsBackAnyNumberOfLaterOnes) {
  SharedRecords records(0, 0, kTheta);
  const std::uint64_t stalled = records.TakeInsert();
  constexpr std::uint64_t kLater = 5 * SharedRecords::kRing;
  std::vector<std::uint64_t> later;
  for (std::uint64_t i = 0; i < kLater; ++i) later.push_back(records.TakeInsert());
  // In an order that leaves and fills holes everywhere.
  Rng rng(1);
  for (std::size_t i = later.size(); i > 1; --i) std::swap(later[i - 1], later[rng.Below(i)]);
  for (const std::uint64_t number : later) records.Acknowledge(number);
  EXPECT_EQ(records.Limit(), stalled);
  records.Acknowledge(stalled);
  EXPECT_EQ(records.Limit(), kLater + 1);
}

TEST(SharedRecords, OutageGivesEveryNumberBackOnceAndForgetsNone) {
  SharedRecords records(0, 0, kTheta);
  std::set<std::uint64_t> in_outage;
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t number = records.TakeInsert();
    in_outage.insert(number);
    records.GiveBack(number);
  }
  // While all fail, the same numbers are tried: what waits does not grow without end.
  EXPECT_LT(in_outage.size(), 2 * SharedRecords::kRetryFirst);
  for (std::uint64_t i = 0; i < 2 * SharedRecords::kRetryEvery * in_outage.size(); ++i) {
    records.Acknowledge(records.TakeInsert());
  }
  EXPECT_GE(records.Limit(), in_outage.size());
}

// Workers insert, in any order, with failures and stalls; a reader must never see a limit above a
// record that was not acknowledged, and at the end nothing is left out.
TEST(SharedRecords, ReadersSeeAcknowledgedRecordsOnly) {
  constexpr std::uint64_t kFirst = 100, kMost = 1 << 18, kWorkers = 3;
  constexpr int kInsertsPerWorker = 60'000;
  SharedRecords records(kFirst, 0, kTheta);
  std::vector<std::atomic<bool>> acknowledged(kMost);
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> wrong{0};
  std::vector<std::vector<std::uint64_t>> held(kWorkers);

  const auto acknowledge = [&](std::uint64_t number) {
    if (acknowledged.at(number - kFirst).exchange(true)) ++wrong;  // twice
    records.Acknowledge(number);
  };
  const auto insert = [&](std::uint64_t worker) {
    Rng rng(worker);
    std::vector<std::uint64_t>& mine = held[worker];
    for (int i = 0; i < kInsertsPerWorker; ++i) {
      mine.push_back(records.TakeInsert());
      if (mine.size() < 20) continue;
      // The first one of each worker stalls to the end, for longer than the ring reaches.
      const std::size_t pick = 1 + rng.Below(mine.size() - 1);
      rng.Below(10) == 0 ? records.GiveBack(mine[pick]) : acknowledge(mine[pick]);
      mine[pick] = mine.back();
      mine.pop_back();
    }
  };
  const auto read = [&] {
    Rng rng(99);
    while (!stop) {
      const std::uint64_t count = records.Limit() - kFirst;
      for (int i = 0; i < 100 && count > 0; ++i) {
        // The newest are the ones that could be wrong.
        const std::uint64_t back = rng.Below(std::min<std::uint64_t>(count, 1000));
        if (!acknowledged[count - 1 - back]) ++wrong;
      }
    }
  };

  std::vector<std::thread> workers;
  std::thread reader(read);
  for (std::uint64_t i = 0; i < kWorkers; ++i) workers.emplace_back(insert, i);
  for (std::thread& worker : workers) worker.join();
  for (const auto& numbers : held) {
    for (const std::uint64_t number : numbers) acknowledge(number);
  }
  stop = true;
  reader.join();
  EXPECT_EQ(wrong, 0U);

  // Later inserts fill the holes.
  const auto end = [&] {
    const auto last = std::find(acknowledged.rbegin(), acknowledged.rend(), true);
    return kFirst + static_cast<std::uint64_t>(acknowledged.rend() - last);
  };
  for (int i = 0; i < 60'000 && records.Limit() != end(); ++i) {
    for (std::uint64_t n = 0; n < SharedRecords::kRetryEvery; ++n)
      acknowledge(records.TakeInsert());
  }
  EXPECT_EQ(records.Limit(), end());
  EXPECT_EQ(std::find(acknowledged.begin(),
                      acknowledged.begin() + static_cast<std::ptrdiff_t>(end() - kFirst), false),
            acknowledged.begin() + static_cast<std::ptrdiff_t>(end() - kFirst));
}

TEST(SharedRecords, PopularityIsSharedAndGrowsByDoubling) {
  SharedRecords records(0, 100, kTheta);
  const auto table = records.Popularity(100);
  EXPECT_EQ(table->Size(), 100U);
  EXPECT_EQ(records.Popularity(50), table);
  EXPECT_EQ(records.Popularity(101)->Size(), 200U);
  EXPECT_EQ(records.Popularity(1000)->Size(), 1000U);
}

}  // namespace
}  // namespace mbench
