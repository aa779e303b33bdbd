// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/loader.h"

#include <gtest/gtest.h>

#include "drivers/marked_store.h"
#include "harness/engine/data_marks.h"
#include "tests/engine/fixtures.h"

namespace mbench {
namespace {

// Remembers what was asked of it; every `fail_every`-th insert fails, or all of them with 1.
class FakeStore : public Driver, public MarkedStore {
 public:
  Result<DriverFacts> Open() override { return DriverFacts{.system = "fake", .blocking = true}; }
  MarkedStore* Store() override { return this; }
  Result<StoredData> Look() override { return StoredData{.dataset = mark, .empty = inserts == 0}; }
  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& /*plan*/) override {
    return std::make_unique<Line>(this);
  }
  Status Clear() override {
    ++clears;
    inserts = 0;
    return {};
  }
  Status SetDataset(std::string_view text) override {
    mark = text;
    return {};
  }

  std::string mark;
  std::atomic<std::uint64_t> inserts{0};
  std::uint64_t tries = 0;
  std::uint64_t fail_every = 0;
  int clears = 0;

 private:
  struct Line : Session {
    explicit Line(FakeStore* owner) : store(owner) {}
    std::size_t Submit(std::span<const Op> ops, Completions& done) override {
      for (const Op& op : ops) {
        const std::uint64_t number = ++tried;
        const bool fails = store->fail_every != 0 && number % store->fail_every == 0;
        if (!fails) ++store->inserts;
        done.Add({.slot = op.slot,
                  .error = static_cast<std::uint16_t>(fails ? 1 : 0),
                  .outcome = fails ? Outcome::kFailed : Outcome::kOk});
      }
      return ops.size();
    }
    void Poll(Ticks /*until*/, Completions& /*done*/) override {}
    std::string DescribeError(std::uint16_t /*error*/) const override { return "disk full"; }
    FakeStore* store;
    std::uint64_t tried = 0;
  };
};

class LoaderTest : public testing::Test {
 protected:
  Result<LoadPhase> Prepare() {
    return PrepareData(plan_, *store_.Open(), &store_, &observed_, &stop_);
  }

  RunPlan plan_ = SmallPlan();
  FakeStore store_;
  Observed observed_;
  std::atomic<bool> stop_{false};
};

TEST_F(LoaderTest, WritesEveryRecordOnceAndLeavesItsMark) {
  const auto phase = Prepare();
  ASSERT_TRUE(phase) << phase.error().message;
  EXPECT_EQ(phase->records, 1000u);
  EXPECT_EQ(store_.inserts, 1000u);
  EXPECT_EQ(observed_.loaded, 1000u);
  EXPECT_EQ(store_.mark, DatasetMark(plan_.data, plan_.engine.seed));
}

TEST_F(LoaderTest, UsesWhatAnEarlierRunLoaded) {
  ASSERT_TRUE(Prepare());
  const auto again = Prepare();
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->reused);
  EXPECT_EQ(store_.inserts, 1000u);
}

TEST_F(LoaderTest, LoadsAnewAfterAMixThatInserts) {
  plan_.mix.weights[static_cast<std::size_t>(Verb::kInsert)] = 5;
  ASSERT_TRUE(Prepare());
  ASSERT_TRUE(DataMarks(plan_, &store_).LeaveChanging());
  const auto again = Prepare();
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_FALSE(again->reused);
  EXPECT_EQ(store_.clears, 1);
  EXPECT_EQ(store_.inserts, 1000u);
}

TEST_F(LoaderTest, AnInterruptedLoadIsClearedAndLoadedAgain) {
  store_.mark = kUnfinishedDataset;
  store_.inserts = 17;
  ASSERT_TRUE(Prepare());
  EXPECT_EQ(store_.clears, 1);
  EXPECT_EQ(store_.inserts, 1000u);
}

TEST_F(LoaderTest, NeverTouchesRecordsOfSomebodyElse) {
  store_.inserts = 17;
  for (const LoadData load : {LoadData::kAuto, LoadData::kAlways}) {
    plan_.data.load = load;
    const auto phase = Prepare();
    ASSERT_FALSE(phase);
    EXPECT_EQ(phase.error().kind, ErrorKind::kUsage);
    EXPECT_NE(phase.error().message.find("did not put there"), std::string::npos);
  }
  EXPECT_EQ(store_.clears, 0);
  EXPECT_EQ(store_.inserts, 17u);
}

TEST_F(LoaderTest, ReplacesAnotherDataSetOnlyWhenAsked) {
  store_.mark = "mbench-data-1 of another plan";
  store_.inserts = 17;
  const auto refused = Prepare();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("of another plan"), std::string::npos);
  EXPECT_EQ(store_.inserts, 17u);
  plan_.data.load = LoadData::kAlways;
  ASSERT_TRUE(Prepare());
  EXPECT_EQ(store_.inserts, 1000u);
}

TEST_F(LoaderTest, SkippingTheLoadWritesNothing) {
  plan_.data.load = LoadData::kSkip;
  ASSERT_TRUE(Prepare());
  EXPECT_EQ(store_.inserts, 0u);
  EXPECT_EQ(store_.mark, "");
}

TEST_F(LoaderTest, TriesAFailedRecordAgain) {
  store_.fail_every = 10;
  const auto phase = Prepare();
  ASSERT_TRUE(phase) << phase.error().message;
  EXPECT_EQ(store_.inserts, 1000u);
}

TEST_F(LoaderTest, GivesUpWithTheReasonWhenARecordCannotBeWritten) {
  store_.fail_every = 1;
  const auto phase = Prepare();
  ASSERT_FALSE(phase);
  EXPECT_EQ(phase.error().kind, ErrorKind::kUnreachable);
  EXPECT_NE(phase.error().message.find("disk full"), std::string::npos) << phase.error().message;
  EXPECT_NE(store_.mark, DatasetMark(plan_.data, plan_.engine.seed));
}

}  // namespace
}  // namespace mbench
