// SPDX-License-Identifier: Apache-2.0
//
// The loop of a search, with a world in which time is a number and probes are answered by a
// function.
#include "harness/run/find_capacity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <vector>

namespace mbench {
namespace {

using testing::HasSubstr;

class CapacityTest : public testing::Test {
 protected:
  CapacityTest() {
    result_.options.start = 1000;
    times_ = {.warmup = 5 * kSecond, .window = 40 * kSecond, .rest = kSecond};
  }

  FindWorld World() {
    return {.probe =
                [this](const NextProbe& next, const ProbeTimes& times) {
                  asked_.push_back(times);
                  now_ += times.warmup + times.window;
                  return answer_(next);
                },
            .rest = [this](Ticks time) { now_ += time; },
            .now = [this] { return now_; },
            .interrupted = [this] { return interrupted_; },
            .store =
                [this](const CapacityResult& result) {
                  stored_ = result.probes.size();
                  return Status();
                },
            .tell = [](const StoredProbe&) {}};
  }

  static ProbeOutcome Ended(const NextProbe& next, ProbeEnd end) {
    const double sign = end == ProbeEnd::kHolds ? 1 : -1;
    ProbeOutcome outcome;
    outcome.stored.probe = {.level = next.level,
                            .scout = next.scout,
                            .end = end,
                            .margin = 4.5 * sign,
                            .margin_error = 1.4,
                            .clarity = kClear * sign};
    outcome.stored.window = kSecond;
    return outcome;
  }

  Status Find() { return FindCapacity(times_, World(), &result_); }

  std::function<Result<ProbeOutcome>(const NextProbe&)> answer_ = [](const NextProbe& next) {
    return Ended(next, next.level > 5000 ? ProbeEnd::kBreaks : ProbeEnd::kHolds);
  };
  FindTimes times_;
  CapacityResult result_;
  std::vector<ProbeTimes> asked_;
  Ticks now_ = 0;
  bool interrupted_ = false;
  std::size_t stored_ = 0;
};

TEST_F(CapacityTest, IsStoredWithAllItsProbes) {
  ASSERT_TRUE(Find());
  EXPECT_EQ(result_.capacity.end, SearchEnd::kFound);
  EXPECT_LE(result_.capacity.low, 5000);
  EXPECT_GT(result_.capacity.high, 5000);
  EXPECT_EQ(stored_, result_.probes.size());
  EXPECT_EQ(stored_, asked_.size());
}

TEST_F(CapacityTest, IsScoutedInShortWindowsAndFoundInWholeOnes) {
  ASSERT_TRUE(Find());
  EXPECT_EQ(asked_.front().window, 10 * kSecond);
  EXPECT_EQ(asked_.back().window, 40 * kSecond);
}

TEST_F(CapacityTest, TakesNoWindowShorterThanThatOfAnObjective) {
  times_.shortest = 30 * kSecond;
  ASSERT_TRUE(Find());
  for (const ProbeTimes& times : asked_) EXPECT_GE(times.window, 30 * kSecond);
}

TEST_F(CapacityTest, BeginsNoProbeThatWouldEndBehindTheBudget) {
  times_.budget = 2 * kMinute;
  ASSERT_TRUE(Find());
  EXPECT_LE(now_, times_.budget);
  EXPECT_THAT(result_.ended_by, HasSubstr("budget"));
  EXPECT_NE(result_.capacity.end, SearchEnd::kFound);
  EXPECT_GT(result_.capacity.low, 0);
}

TEST_F(CapacityTest, GoesOnWhereASearchHasEnded) {
  times_.budget = 2 * kMinute;
  ASSERT_TRUE(Find());
  const std::size_t before = result_.probes.size();
  times_.budget = 0;
  ASSERT_TRUE(Find());
  EXPECT_EQ(result_.capacity.end, SearchEnd::kFound);
  EXPECT_EQ(result_.ended_by, "");
  const std::size_t all = result_.probes.size();
  EXPECT_GT(all, before);

  result_ = {};
  result_.options.start = 1000;
  ASSERT_TRUE(Find());
  EXPECT_EQ(result_.probes.size(), all);
}

TEST_F(CapacityTest, LengthensTheWarmUpOfASystemThatIsNotWarm) {
  bool is_warm = false;
  answer_ = [&](const NextProbe& next) {
    const ProbeEnd end = is_warm ? ProbeEnd::kHolds : ProbeEnd::kUnsettled;
    is_warm = asked_.size() >= 2;
    return Ended(next, next.level > 5000 ? ProbeEnd::kBreaks : end);
  };
  ASSERT_TRUE(Find());
  EXPECT_EQ(asked_[0].warmup, 5 * kSecond);
  EXPECT_EQ(asked_[1].warmup, 10 * kSecond);
  EXPECT_EQ(asked_.back().warmup, 20 * kSecond);
  EXPECT_EQ(result_.warmup, 20 * kSecond);
}

TEST_F(CapacityTest, EndsWhenTheSystemIsNotReachedAnyMore) {
  answer_ = [](const NextProbe& next) -> Result<ProbeOutcome> {
    if (next.level > 5000) return Unreachable("connection refused");
    return Ended(next, ProbeEnd::kHolds);
  };
  ASSERT_TRUE(Find());
  EXPECT_EQ(result_.capacity.end, SearchEnd::kDied);
  EXPECT_EQ(result_.capacity.low, 4000);
  EXPECT_EQ(result_.probes.back().why, "connection refused");
}

TEST_F(CapacityTest, FailsWhenTheSystemWasNeverReached) {
  answer_ = [](const NextProbe&) -> Result<ProbeOutcome> {
    return Unreachable("connection refused");
  };
  const Status found = Find();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kUnreachable);
}

TEST_F(CapacityTest, KeepsWhatThereIsWhenItIsInterrupted) {
  answer_ = [this](const NextProbe& next) {
    interrupted_ = asked_.size() >= 2;
    return Ended(next, ProbeEnd::kHolds);
  };
  ASSERT_TRUE(Find());
  EXPECT_EQ(result_.probes.size(), 2);
  EXPECT_EQ(result_.ended_by, "interrupted");
  EXPECT_EQ(result_.capacity.end, SearchEnd::kAtLeast);
}

TEST_F(CapacityTest, IsReadAsItWasStored) {
  ASSERT_TRUE(Find());
  result_.probes[1].server_cores = 0.99;
  result_.probes[1].server = "redis-server";
  result_.workload = "a \"name\"";
  result_.objectives = {"p99 < 5ms"};
  result_.plan_json = "{}";
  result_.folder = testing::TempDir() + "find_capacity_test";
  std::filesystem::create_directories(result_.folder);
  ASSERT_TRUE(WriteCapacity(result_));
  const Result<CapacityResult> read = ReadCapacity(result_.folder);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(CapacityJson(*read), CapacityJson(result_));
  std::filesystem::remove_all(result_.folder);
}

TEST(FindTimes, MakeAWindowOfTheBudget) {
  EXPECT_EQ(WindowFor(15 * kMinute, 5 * kSecond, kSecond), 89 * kSecond);
  EXPECT_EQ(WindowFor(kSecond, 5 * kSecond, kSecond), 4 * kSecond);
  EXPECT_EQ(WindowFor(24 * kHour, 5 * kSecond, kSecond), 5 * kMinute);
}

}  // namespace
}  // namespace mbench
