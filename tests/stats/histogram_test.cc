// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/stats/random_histogram.h"

namespace mbench {
namespace {

// The formula of the header, in the slowest way.
std::size_t IndexByFormula(Ticks value) {
  std::size_t shift = 0;
  while ((value >> shift) > 2047) ++shift;
  return shift * 1024 + static_cast<std::size_t>(value >> shift);
}

TEST(Histogram, EveryCellFollowsTheFormulaAndTheCellsLeaveNoGap) {
  for (std::size_t i = 0; i < Histogram::kCells; ++i) {
    const Ticks lowest = Histogram::LowestOf(i);
    const Ticks highest = Histogram::HighestOf(i);
    ASSERT_LE(lowest, highest);
    ASSERT_EQ(IndexByFormula(lowest), i);
    ASSERT_EQ(IndexByFormula(highest), i);
    if (i > 0) {
      ASSERT_EQ(Histogram::HighestOf(i - 1) + 1, lowest);
    }
    if (highest > kHighestTrackable) continue;
    ASSERT_EQ(Histogram::IndexOf(lowest), i);
    ASSERT_EQ(Histogram::IndexOf(highest), i);
  }
}

TEST(Histogram, NoCellIsWiderThanAThousandthOfItsValue) {
  for (std::size_t i = 0; i < Histogram::kCells; ++i) {
    const Ticks width = Histogram::HighestOf(i) - Histogram::LowestOf(i) + 1;
    ASSERT_TRUE(width == 1 || width * 1000 <= Histogram::LowestOf(i)) << i;
  }
}

TEST(Histogram, ValuesOutsideOfTheRangeCountAtItsEnds) {
  Histogram histogram;
  histogram.Record(-1);
  histogram.Record(INT64_MIN);
  histogram.Record(kHour + 1);
  histogram.Record(INT64_MAX);
  EXPECT_EQ(histogram.TotalCount(), 4);
  EXPECT_EQ(histogram.ValueAtPercentile(50), 0);
  EXPECT_EQ(histogram.ValueAtPercentile(75), Histogram::HighestOf(Histogram::IndexOf(kHour)));
}

TEST(Histogram, AnEmptyOneAnswersZeroToEverything) {
  const Histogram histogram;
  EXPECT_TRUE(histogram.Empty());
  EXPECT_EQ(histogram.TotalCount(), 0);
  EXPECT_EQ(histogram.ValueAtPercentile(0), 0);
  EXPECT_EQ(histogram.ValueAtPercentile(99), 0);
  EXPECT_EQ(histogram.Min(), 0);
  EXPECT_EQ(histogram.Max(), 0);
  EXPECT_EQ(histogram.Mean(), 0);
  EXPECT_EQ(histogram.CountAbove(-1), 0);
}

TEST(Histogram, PercentilesAreTheCellsOfTheSortedSamples) {
  constexpr std::uint64_t kSeed = 20240131;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Rng rng(kSeed);
  for (int round = 0; round < 200; ++round) {
    std::vector<Ticks> samples = RandomSamples(&rng, 1 + rng.Below(3000));
    const Histogram histogram = HistogramOf(samples);
    std::sort(samples.begin(), samples.end());
    for (const std::uint64_t per_100k :
         {1u, 10'000u, 50'000u, 90'000u, 95'000u, 99'000u, 99'900u, 99'990u, 99'999u, 100'000u}) {
      // In whole numbers: the smallest sample that at least this part does not exceed.
      const std::size_t rank = (per_100k * samples.size() + 99'999) / 100'000;
      const Ticks expected = Histogram::HighestOf(Histogram::IndexOf(samples[rank - 1]));
      ASSERT_EQ(histogram.ValueAtPercentile(static_cast<double>(per_100k) / 1000), expected)
          << "round " << round << ", " << samples.size() << " samples, percentile "
          << static_cast<double>(per_100k) / 1000;
    }
  }
}

TEST(Histogram, TheBinaryErrorOfAPercentileDoesNotAskForOneSampleMore) {
  Histogram histogram;
  histogram.RecordMany(10, 40'959);  // 99.9 % of 41000
  histogram.RecordMany(20, 41);
  EXPECT_EQ(histogram.ValueAtPercentile(99.9), 10);
  EXPECT_EQ(histogram.ValueAtPercentile(99.9001), 20);
}

TEST(Histogram, PercentileZeroIsTheLowestValueOfTheLowestCell) {
  Histogram histogram;
  histogram.Record(1'000'001);
  EXPECT_EQ(histogram.ValueAtPercentile(0), Histogram::LowestOf(Histogram::IndexOf(1'000'001)));
  EXPECT_EQ(histogram.Min(), histogram.ValueAtPercentile(0));
  EXPECT_LT(histogram.Min(), histogram.ValueAtPercentile(1e-9));
}

TEST(Histogram, PercentilesOutsideOfZeroToHundredAreTheEnds) {
  Histogram histogram;
  histogram.Record(10);
  histogram.Record(20);
  EXPECT_EQ(histogram.ValueAtPercentile(-5), 10);
  EXPECT_EQ(histogram.ValueAtPercentile(101), 20);
}

TEST(Histogram, CountAboveLeavesOutTheCellOfTheValue) {
  constexpr std::uint64_t kSeed = 7;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Rng rng(kSeed);
  const std::vector<Ticks> samples = RandomSamples(&rng, 5000);
  const Histogram histogram = HistogramOf(samples);
  for (int round = 0; round < 500; ++round) {
    const Ticks limit = RandomTicks(&rng);
    const auto above = std::count_if(samples.begin(), samples.end(), [&](Ticks sample) {
      return Histogram::IndexOf(sample) > Histogram::IndexOf(limit);
    });
    ASSERT_EQ(histogram.CountAbove(limit), above) << limit;
  }
  EXPECT_EQ(histogram.CountAbove(-1), samples.size());
  EXPECT_EQ(histogram.CountAbove(kHour), 0);
}

TEST(Histogram, MeanIsWithinHalfAThousandthOfTheSamples) {
  Rng rng(3);
  const std::vector<Ticks> samples = RandomSamples(&rng, 10'000);
  double sum = 0;
  for (const Ticks sample : samples) sum += static_cast<double>(std::min(sample, kHour));
  const double mean = sum / static_cast<double>(samples.size());
  EXPECT_NEAR(HistogramOf(samples).Mean(), mean, mean * 0.0005);
}

TEST(Histogram, MergedOnesAnswerAsIfAllHadBeenRecordedInOne) {
  constexpr std::uint64_t kSeed = 11;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Rng rng(kSeed);
  Histogram merged, all;
  for (int part = 0; part < 20; ++part) {
    IntervalHistogram interval;
    for (const Ticks sample : RandomSamples(&rng, 500)) {
      interval.Record(sample);
      all.Record(sample);
    }
    merged.Add(interval);
  }
  EXPECT_EQ(merged, all);
  EXPECT_EQ(merged.TotalCount(), 20 * 500);
}

TEST(Histogram, TakingAwayWhatWasAddedGivesBackWhatWasThere) {
  constexpr std::uint64_t kSeed = 12;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Rng rng(kSeed);
  for (int round = 0; round < 50; ++round) {
    const Histogram before = RandomHistogram(&rng);
    const Histogram other = RandomHistogram(&rng);
    Histogram sum = before;
    sum.Add(other);
    ASSERT_EQ(sum.TotalCount(), before.TotalCount() + other.TotalCount());
    sum.Subtract(other);
    ASSERT_EQ(sum, before) << "round " << round;
  }
}

TEST(HistogramDeathTest, TakingAwayMoreThanWasAddedIsABug) {
  Histogram one, two;
  one.Record(5000);
  two.RecordMany(5000, 2);
  EXPECT_DEATH(one.Subtract(two), "more is taken");
  two.Record(kSecond);
  EXPECT_DEATH(Histogram().Subtract(two), "nothing was added");
}

TEST(Histogram, CellsAreVisitedInAscendingOrderWithTheirCounts) {
  Histogram histogram;
  histogram.RecordMany(kSecond, 3);
  histogram.RecordMany(0, 1);
  histogram.RecordMany(2048, 2);
  std::vector<std::pair<std::size_t, std::uint64_t>> cells;
  histogram.ForEachCell(
      [&](std::size_t index, std::uint64_t count) { cells.emplace_back(index, count); });
  const std::vector<std::pair<std::size_t, std::uint64_t>> expected = {
      {0, 1}, {2048, 2}, {Histogram::IndexOf(kSecond), 3}};
  EXPECT_EQ(cells, expected);
}

TEST(Histogram, RecordingInAReservedRangeTakesNoMemory) {
  IntervalHistogram histogram;
  histogram.Reserve(kMicrosecond, kSecond);
  const std::size_t reserved = histogram.MemoryBytes();
  Rng rng(1);
  for (int i = 0; i < 10'000; ++i)
    histogram.Record(kMicrosecond + static_cast<Ticks>(rng.Below(kSecond - kMicrosecond)));
  EXPECT_EQ(histogram.MemoryBytes(), reserved);
  histogram.Record(kMinute);
  EXPECT_GT(histogram.MemoryBytes(), reserved);
}

TEST(Histogram, ClearingKeepsThePages) {
  IntervalHistogram histogram;
  histogram.Record(kMillisecond);
  const std::size_t before = histogram.MemoryBytes();
  histogram.Clear();
  EXPECT_TRUE(histogram.Empty());
  EXPECT_EQ(histogram.MemoryBytes(), before);
  EXPECT_EQ(histogram, IntervalHistogram());
}

TEST(Histogram, LatenciesOverAFactorOfHundredStayWithinTheBudgetOf32KiB) {
  IntervalHistogram histogram;
  histogram.Reserve(80 * kMicrosecond, 8 * kMillisecond);
  EXPECT_LE(histogram.MemoryBytes(), 33 * 1024);
}

TEST(Histogram, ACopyIsItsOwn) {
  Histogram original;
  original.Record(77);
  Histogram copy = original;
  copy.Record(kSecond);
  EXPECT_EQ(original.TotalCount(), 1);
  EXPECT_EQ(copy.TotalCount(), 2);
  copy = original;
  EXPECT_EQ(copy, original);
}

}  // namespace
}  // namespace mbench
