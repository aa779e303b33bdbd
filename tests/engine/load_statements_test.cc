// SPDX-License-Identifier: Apache-2.0
//
// Loads by statement, and the statements around them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "drivers/marked_store.h"
#include "harness/engine/conductor.h"
#include "harness/engine/loader.h"
#include "harness/engine/statements.h"
#include "tests/body_of.h"
#include "tests/engine/fixtures.h"

namespace mbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Keeps records by their first value; a record that is there is left out. The values of the load
// statement come two by two: the key, and another.
class StatementStore : public Driver, public StatementPreparer, public MarkedStore {
 public:
  Result<DriverFacts> Open() override { return DriverFacts{.system = "fake", .blocking = true}; }
  StatementPreparer* Preparer() override { return this; }
  MarkedStore* Store() override { return this; }
  Status Prepare(StatementSet statements) override {
    ++times_prepared;
    prepared = std::move(statements);
    return {};
  }
  Result<StoredData> Look() override {
    return StoredData{.dataset = mark.empty() ? std::string(kUnfinishedDataset) : mark,
                      .empty = records.empty()};
  }
  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    return std::make_unique<Line>(this, plan.phase);
  }
  Status Clear() override {
    ++clears;
    records.clear();
    mark = kUnfinishedDataset;
    return {};
  }
  Status SetDataset(std::string_view text) override {
    mark = text;
    return {};
  }

  std::mutex mutex;  // what sessions touch
  std::map<std::string, std::string> records;
  std::vector<std::string> done;          // "load 5", and names of set-up statements
  std::uint64_t fails_from = UINT64_MAX;  // records with that number and above
  std::string refused;                    // name of a set-up statement
  StatementSet prepared;
  int times_prepared = 0;
  std::string mark;
  int clears = 0;

 private:
  struct Line : Session {
    Line(StatementStore* owner, SessionPhase for_phase) : store(owner), phase(for_phase) {}
    std::size_t Submit(std::span<const Op> ops, Completions& out) override {
      for (const Op& op : ops) {
        Completion completion = Do(op);
        completion.started = completion.finished = Clock::Now();
        out.Add(completion);
      }
      return ops.size();
    }
    Completion Do(const Op& op) {
      const std::lock_guard lock(store->mutex);
      const StatementSpec& spec = store->prepared[phase].at(op.statement);
      if (phase == SessionPhase::kRun) return {.slot = op.slot};
      if (phase != SessionPhase::kLoad) {
        store->done.push_back(spec.name);
        if (spec.name == store->refused)
          return {.slot = op.slot, .error = 1, .outcome = Outcome::kFailed};
        return {.slot = op.slot};
      }
      const std::string_view key = op.arguments[0];
      if (std::stoull(std::string(key.substr(key.find_first_of("0123456789")))) >=
          store->fails_from)
        return {.slot = op.slot, .error = 1, .outcome = Outcome::kFailed};
      store->done.push_back(fmt::format("load {}", op.arguments.size() / 2));
      for (std::size_t i = 0; i < op.arguments.size(); i += 2) {
        const bool is_new = store->records.emplace(op.arguments[i], op.arguments[i + 1]).second;
        there += is_new ? 0 : 1;
      }
      return {.slot = op.slot};
    }
    void Poll(Ticks /*until*/, Completions& /*out*/) override {}
    std::string DescribeError(std::uint16_t /*error*/) const override { return "BadKey"; }
    std::string LastMessage() const override { return "no field is called nope"; }
    std::uint64_t AlreadyThere() const override { return there; }
    StatementStore* store;
    const SessionPhase phase;
    std::uint64_t there = 0;
  };
};

StatementSpec Once(const std::string& name) {
  return {.name = name, .body = BodyOf({{"do", name}})};
}

class LoadStatements : public testing::Test {
 protected:
  LoadStatements() {
    plan_.data.records = 103;
    plan_.data.key.order = KeyOrder::kOrdered;
    plan_.data.load_statement = {.name = "load_statement",
                                 .body = BodyOf({{"insert", "{key} {uuid}"}}),
                                 .arguments = {"key", "uuid"},
                                 .batch = 10};
    plan_.data.fingerprint = 5;
  }
  Result<LoadPhase> Prepare() {
    store_.prepared = StatementsOf(plan_);
    return PrepareData(plan_, *store_.Open(), &store_, &observed_, &stop_);
  }

  RunPlan plan_ = SmallPlan();
  StatementStore store_;
  Observed observed_;
  std::atomic<bool> stop_{false};
};

TEST_F(LoadStatements, LoadEveryRecordOnceInBatchesTheLastOneShorter) {
  const auto phase = Prepare();
  ASSERT_TRUE(phase) << phase.error().message;
  EXPECT_EQ(phase->records, 103u);
  EXPECT_EQ(phase->already_there, 0u);
  EXPECT_EQ(observed_.loaded, 103u);
  EXPECT_EQ(store_.records.size(), 103u);
  EXPECT_EQ(store_.done.size(), 11u);
  EXPECT_EQ(std::ranges::count(store_.done, "load 3"), 1);
  EXPECT_EQ(store_.mark, DatasetMark(plan_.data, plan_.engine.seed));
  EXPECT_TRUE(Prepare()->reused);
}

TEST_F(LoadStatements, CountWhatWasThereAlready) {
  plan_.data.load_statement->arguments = {"n", "uuid"};
  plan_.mix.generators = {{.name = "n", .from = 0, .to = 49, .choose = KeyChoice::kSequential}};
  const auto phase = Prepare();
  ASSERT_TRUE(phase) << phase.error().message;
  EXPECT_EQ(phase->records, 50u);
  EXPECT_EQ(phase->already_there, 53u);
}

TEST_F(LoadStatements, AnotherStatementIsAnotherDataSet) {
  ASSERT_TRUE(Prepare());
  plan_.data.fingerprint = 6;
  const auto other = Prepare();
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("holds another data set"));
}

TEST_F(LoadStatements, ALoadThatWasEndedGoesOnWhereItWasAndMakesTheSameRecords) {
  StatementStore whole;
  whole.prepared = StatementsOf(plan_);
  ASSERT_TRUE(PrepareData(plan_, *whole.Open(), &whole, &observed_, &stop_));

  store_.fails_from = 50;
  const auto failed = Prepare();
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("BadKey"));
  EXPECT_EQ(store_.records.size(), 50u);
  store_.fails_from = UINT64_MAX;
  const auto phase = Prepare();
  ASSERT_TRUE(phase) << phase.error().message;
  EXPECT_EQ(store_.clears, 0);
  EXPECT_EQ(phase->resumed_at, 50u);
  EXPECT_EQ(phase->records, 53u);
  EXPECT_EQ(phase->already_there, 0u);
  EXPECT_EQ(store_.records, whole.records);
}

TEST_F(LoadStatements, WhatIsWrittenInFullIsNotSentAgainWhenOnlyTheSetUpIsMissing) {
  plan_.data.after_load = {Once("index")};
  store_.refused = "index";
  ASSERT_FALSE(Prepare());
  store_.refused = "";
  store_.done.clear();
  const auto phase = Prepare();
  ASSERT_TRUE(phase) << phase.error().message;
  EXPECT_THAT(store_.done, ElementsAre("index"));
  EXPECT_EQ(phase->records, 0u);
  EXPECT_EQ(phase->resumed_at, 103u);
}

TEST_F(LoadStatements, AlwaysBeginsAnew) {
  store_.fails_from = 50;
  ASSERT_FALSE(Prepare());
  store_.fails_from = UINT64_MAX;
  plan_.data.load = LoadData::kAlways;
  const auto phase = Prepare();
  ASSERT_TRUE(phase) << phase.error().message;
  EXPECT_EQ(store_.clears, 1);
  EXPECT_EQ(phase->records, 103u);
}

TEST_F(LoadStatements, SetUpIsDoneOnceEachAroundTheLoadAndTimed) {
  plan_.data.load_statement->batch = 103;
  plan_.data.before_load = {Once("one"), Once("two")};
  plan_.data.after_load = {Once("three")};
  const auto phase = Prepare();
  ASSERT_TRUE(phase) << phase.error().message;
  EXPECT_THAT(store_.done, ElementsAre("one", "two", "load 103", "three"));
  ASSERT_EQ(phase->set_up.size(), 3u);
  EXPECT_EQ(phase->set_up[2].name, "three");
  EXPECT_GT(phase->set_up[2].took, 0);
  EXPECT_TRUE(Prepare()->reused);
  EXPECT_EQ(store_.done.size(), 4u) << "not again";
}

TEST_F(LoadStatements, AResumedLoadDoesNotRepeatWhatComesBeforeIt) {
  plan_.data.before_load = {Once("one")};
  plan_.data.after_load = {Once("two")};
  store_.fails_from = 50;
  ASSERT_FALSE(Prepare());
  store_.fails_from = UINT64_MAX;
  store_.done.clear();
  ASSERT_TRUE(Prepare());
  EXPECT_EQ(std::ranges::count(store_.done, "one"), 0);
  EXPECT_EQ(std::ranges::count(store_.done, "two"), 1);
}

TEST_F(LoadStatements, ARefusedOneEndsTheRunWithItsNameAndReason) {
  plan_.data.before_load = {Once("one"), Once("two")};
  store_.refused = "one";
  const auto phase = Prepare();
  ASSERT_FALSE(phase);
  EXPECT_EQ(phase.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(phase.error().message, "one was refused: BadKey: no field is called nope");
  EXPECT_THAT(store_.done, ElementsAre("one"));
  EXPECT_TRUE(store_.records.empty());
}

TEST_F(LoadStatements, SetUpAloneIsDoneForVerbsToo) {
  plan_.data.load_statement.reset();
  plan_.mix = {};
  plan_.mix.statements = {{.name = "get", .weight = 1, .body = BodyOf({{"do", "get"}})}};
  plan_.data.after_load = {Once("index")};
  const auto phase = Prepare();
  ASSERT_TRUE(phase) << phase.error().message;
  EXPECT_THAT(store_.done, ElementsAre("index")) << "statements alone load nothing";
  EXPECT_EQ(phase->set_up.size(), 1u);
}

TEST_F(LoadStatements, TheDriverGetsAllOfThemOnceWithTheirPhases) {
  plan_.data.before_load = {Once("one")};
  plan_.data.after_load = {Once("two"), Once("three")};
  plan_.mix.statements = {{.name = "get", .weight = 1, .body = BodyOf({{"do", "get"}})}};
  plan_.measure = true;
  plan_.load.stages = {{.over = 20 * kMillisecond, .from = 1}};
  const DriverFacts facts = *store_.Open();
  Conductor conductor(plan_, facts, &store_, &observed_);
  ASSERT_TRUE(conductor.Run());
  EXPECT_EQ(store_.times_prepared, 1);
  const auto names = [this](SessionPhase phase) {
    std::vector<std::string> all;
    for (const StatementSpec& spec : store_.prepared[phase]) all.push_back(spec.name);
    return all;
  };
  EXPECT_THAT(names(SessionPhase::kBeforeLoad), ElementsAre("one"));
  EXPECT_THAT(names(SessionPhase::kLoad), ElementsAre("load_statement"));
  EXPECT_THAT(names(SessionPhase::kAfterLoad), ElementsAre("two", "three"));
  EXPECT_THAT(names(SessionPhase::kRun), ElementsAre("get"));
}

}  // namespace
}  // namespace mbench
