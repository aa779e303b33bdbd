// SPDX-License-Identifier: Apache-2.0
//
// Runs that several ranks share, with threads for ranks: what they do together is what one process
// with so many times the workers does.
#include "harness/run/ranked_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <mutex>

#include "drivers/registry.h"
#include "harness/live/watchers.h"
#include "harness/result/result_reader.h"
#include "harness/run/run_head.h"
#include "tests/engine/fixtures.h"
#include "tests/ranks/thread_ranks.h"

namespace mbench {
namespace {

using testing::Contains;
using testing::HasSubstr;

// Of all ranks: how often each op was asked for, with its key and its value.
class Notes {
 public:
  void Add(const Op& op) {
    const std::lock_guard lock(mutex_);
    ++ops_[fmt::format("{} {} {}", static_cast<int>(op.kind), op.key, op.value)];
  }
  std::map<std::string, int> Take() { return std::move(ops_); }

 private:
  std::mutex mutex_;
  std::map<std::string, int> ops_;
};

// Answers at once, and notes what it was asked.
class NotingDriver : public Driver {
 public:
  NotingDriver(Notes* notes, bool blocking) : notes_(notes), blocking_(blocking) {}
  Result<DriverFacts> Open() override {
    return DriverFacts{.system = "notes", .blocking = blocking_};
  }
  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& /*plan*/) override {
    return std::make_unique<NotingSession>(notes_);
  }

 private:
  class NotingSession : public Session {
   public:
    explicit NotingSession(Notes* notes) : notes_(notes) {}
    std::size_t Submit(std::span<const Op> ops, Completions& done) override {
      for (const Op& op : ops) {
        notes_->Add(op);
        const Ticks now = Clock::Now();
        done.Add({.slot = op.slot, .started = now, .finished = now});
      }
      return ops.size();
    }
    void Poll(Ticks /*until*/, Completions& /*done*/) override {}
    std::string DescribeError(std::uint16_t /*error*/) const override { return ""; }

   private:
    Notes* notes_;
  };

  Notes* notes_;
  const bool blocking_;
};

struct Shared {
  std::map<std::string, int> ops;
  RunResult result;
  Status failed;
};

class RankedRunTest : public testing::Test {
 protected:
  RankedRunTest() {
    plan_ = SmallPlan();
    plan_.load.stages = {{.over = kHour, .from = 8}};
    plan_.load.ops = 2000;
    plan_.engine.workers = 4;
  }
  ~RankedRunTest() override { std::filesystem::remove_all(root_); }

  // `workers` are those of each rank.
  Shared Run(std::uint32_t ranks, bool blocking = false) {
    Shared together;
    Notes notes;
    if (!blocking) plan_.engine.workers = 4 / ranks;
    ThreadWorld::Run(ranks, [&](Ranks* rank) {
      NotingDriver driver(&notes, blocking);
      const Result<RunResult> run = RunRank(rank, &driver);
      if (rank->Rank() != 0) return;
      if (run)
        together.result = *run;
      else
        together.failed = Failed(run);
    });
    together.ops = notes.Take();
    return together;
  }

  Result<RunResult> RunRank(Ranks* rank, Driver* driver) {
    const DriverFacts facts = *driver->Open();
    const RankIdentity own = {
        .version = "1", .host = "h", .pid = static_cast<int>(rank->Rank()) + 1, .cores = 2};
    const RankGroup group = *RankGroup::Meet(rank, own);
    RunResult result = MakeRunHead(plan_, facts);
    SloJudge judge({}, result.op_names);
    OutageJudge outages({}, {}, result.op_names);
    Watchers nobody{std::vector<std::unique_ptr<RunWatcher>>{}};
    Recording recording(root_, &result, &judge, &outages, &nobody);
    RankedRun ranked(group, plan_);
    const bool first = rank->Rank() == 0;
    ranked.Begin(result, first ? &recording : nullptr, first ? &nobody : nullptr);
    Conductor conductor(plan_, facts, driver, &ranked, &ranked);
    Result<RunOutcome> outcome = conductor.Run();
    if (!outcome) return Failed(outcome);
    ranked.Merge(&*outcome);
    if (!first) return result;
    ranked.Describe(&result);
    result.account = outcome->account;
    result.measured_length = outcome->measured;
    result.judged_as.threads = outcome->workers;
    if (outcome->interrupted) result.end = RunEnd::kInterrupted;
    if (Status stored = recording.writer()->Finish(result); !stored) return Failed(stored);
    return result;
  }

  const std::string root_ = fmt::format("{}/ranked_run_test.{}", testing::TempDir(), getpid());
  RunPlan plan_;
};

TEST_F(RankedRunTest, AsksForTheSameOpsAsOneProcess) {
  const Shared one = Run(1), two = Run(2), four = Run(4);
  EXPECT_EQ(one.result.account.Ended(), 2000u);
  EXPECT_EQ(two.result.account.Ended(), 2000u);
  EXPECT_EQ(one.ops, two.ops) << "keys and values, update by update";
  EXPECT_EQ(one.ops, four.ops);
  EXPECT_EQ(four.result.ranks.size(), 4u);
  EXPECT_EQ(four.result.judged_as.threads, 4u);
}

TEST_F(RankedRunTest, ArrivalsAreThoseOfOneProcess) {
  for (const Arrivals arrivals : {Arrivals::kConstant, Arrivals::kPoisson}) {
    plan_.load.model = LoadModel::kOpen;
    plan_.load.arrivals = arrivals;
    plan_.load.ops = 0;
    plan_.load.stages = {{.over = 400 * kMillisecond, .from = 5000}};
    const Shared one = Run(1), two = Run(2), four = Run(4);
    EXPECT_EQ(one.result.account.offered, two.result.account.offered);
    EXPECT_EQ(one.result.account.offered, four.result.account.offered);
    EXPECT_EQ(one.ops, two.ops);
    EXPECT_EQ(one.ops, four.ops);
  }
}

// Their workers take from one stream, and each rank has a stream of its own.
TEST_F(RankedRunTest, ABlockingDriverIsOfferedTheSame) {
  plan_.engine.workers = 0;
  plan_.load.model = LoadModel::kOpen;
  plan_.load.ops = 0;
  plan_.load.connections = 9;
  plan_.load.stages = {{.over = 400 * kMillisecond, .from = 5000}};
  for (const std::uint32_t ranks : {1u, 2u, 4u}) {
    const Shared run = Run(ranks, true);
    EXPECT_EQ(run.result.account.offered, 2000u) << ranks;
    EXPECT_EQ(run.result.account.Ended(), 2000u) << ranks;
    EXPECT_EQ(run.result.judged_as.threads, 9u) << ranks;
  }
}

TEST_F(RankedRunTest, InsertsEachRecordOnce) {
  plan_.mix.weights = {};
  plan_.mix.weights[static_cast<std::size_t>(Verb::kInsert)] = 1;
  plan_.data.value.size.max = 8;  // too small for a version, which says who wrote it
  const Shared one = Run(1), four = Run(4);
  EXPECT_EQ(one.ops.size(), 2000u);
  std::vector<std::string> keys_of_one, keys_of_four;
  const auto keys = [](const std::map<std::string, int>& ops, std::vector<std::string>* into) {
    for (const auto& [op, count] : ops) {
      EXPECT_EQ(count, 1) << op;
      into->push_back(op.substr(0, op.find(' ', 2)));
    }
    std::ranges::sort(*into);
  };
  keys(one.ops, &keys_of_one);
  keys(four.ops, &keys_of_four);
  EXPECT_EQ(keys_of_one, keys_of_four);
}

TEST_F(RankedRunTest, WalksThroughTheRecordsOnce) {
  plan_.mix.weights = {};
  plan_.mix.weights[static_cast<std::size_t>(Verb::kRead)] = 1;
  plan_.keys.choose = KeyChoice::kSequential;
  plan_.data.records = 1 << 20;
  plan_.load.ops = 2048;
  for (const std::uint32_t ranks : {1u, 2u, 4u}) {
    const Shared run = Run(ranks);
    for (const auto& [op, count] : run.ops) EXPECT_EQ(count, 1) << op << " by " << ranks;
  }
}

// All that is stored of the whole is made of what the ranks had, and nothing is lost or doubled.
TEST_F(RankedRunTest, StoresTheSumOfAllSeconds) {
  plan_.load.ops = 0;
  plan_.load.warmup = 200 * kMillisecond;
  plan_.load.think = kMillisecond;
  plan_.load.stages = {{.over = 2200 * kMillisecond, .from = 8}};
  const Shared four = Run(4);
  ASSERT_TRUE(four.failed);
  const Result<RunResult> read = ReadResult(four.result.folder);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_GT(read->account.Ended(), 2000u);
  EXPECT_TRUE(read->account.Balances());
  std::uint64_t stored = 0, of_ranks = 0;
  for (const OpStats& op : read->total.ops) stored += op.Ended();
  for (const RankRecord& rank : read->ranks) of_ranks += rank.ended;
  EXPECT_EQ(stored, read->account.Ended());
  EXPECT_EQ(stored, of_ranks);
  EXPECT_EQ(stored, read->total.lag.TotalCount());
  EXPECT_EQ(read->ranks, four.result.ranks);
  EXPECT_EQ(read->measured_length, 2200 * kMillisecond);
  EXPECT_EQ(read->provenance.host, "h");
  EXPECT_GT(read->total.warmup_ops, 0u);
}

TEST_F(RankedRunTest, RefusesMoreRanksThanConnections) {
  plan_.load.stages = {{.over = kSecond, .from = 2}};
  const Shared four = Run(4);
  ASSERT_FALSE(four.failed);
  EXPECT_THAT(four.failed.error().message, HasSubstr("4 processes share 2 connections"));
  EXPECT_TRUE(four.ops.empty());
}

// Each has a store of its own, which is told.
TEST_F(RankedRunTest, LoadsAStoreInItsOwnProcess) {
  plan_.engine.workers = 0;
  RunResult result;
  ThreadWorld::Run(2, [&](Ranks* rank) {
    const std::unique_ptr<Driver> driver = MakeDriver("memory");
    const Result<RunResult> run = RunRank(rank, driver.get());
    ASSERT_TRUE(run) << run.error().message;
    if (rank->Rank() == 0) result = *run;
  });
  EXPECT_EQ(result.account.ended[static_cast<std::size_t>(Outcome::kOk)], 2000u);
  EXPECT_THAT(result.warnings, Contains(HasSubstr("rank 1 (h) found its store empty")));
}

TEST_F(RankedRunTest, RefusesWhatOneProcessAloneCanDo) {
  EXPECT_TRUE(CheckCanBeShared(plan_));
  plan_.engine.pin = true;
  EXPECT_THAT(CheckCanBeShared(plan_).error().message, HasSubstr("run: {pin: true}"));
  plan_.verify.writes = true;
  EXPECT_THAT(CheckCanBeShared(plan_).error().message, HasSubstr("--mpi cannot share verify"));
}

}  // namespace
}  // namespace mbench
