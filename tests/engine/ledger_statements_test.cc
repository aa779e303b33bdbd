// SPDX-License-Identifier: Apache-2.0
//
// Statements that say which keys and versions they write and read: what is said of them is what a
// store that forgets has counted itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "drivers/common/ledger.h"
#include "harness/engine/conductor.h"
#include "harness/engine/followed.h"
#include "tests/engine/fixtures.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;

ValueNode TextNode(const std::string& key, const std::string& text) {
  ValueNode node{.kind = ValueNode::Kind::kScalar, .text = text, .key = key};
  return node;
}

ValueNode MapNode(const std::string& key, std::vector<ValueNode> children) {
  ValueNode node{.kind = ValueNode::Kind::kMap, .key = key};
  node.children = std::move(children);
  return node;
}

// Values by key, as the statements get, put and look say: the arguments are the key and, of a put,
// the version. Does one op after the other, so that it knows what each read should have shown.
class ForgetfulShelf : public Driver, public StatementPreparer {
 public:
  Result<DriverFacts> Open() override {
    return DriverFacts{.system = "shelf", .scans = false, .verbs = false};
  }
  StatementPreparer* Preparer() override { return this; }
  Status Prepare(StatementSet statements) override {
    prepared = std::move(statements);
    return {};
  }
  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override;

  Completion Do(const Op& op, bool is_look) {
    Completion done{.slot = op.slot, .bytes_sent = 1, .bytes_received = 1};
    const std::string key(op.arguments[0]);
    if (is_look) {
      looked.push_back(key);
      return Show(key.substr(2), &done);  // what the statements call p:KEY
    }
    if (op.arguments.size() == 1) {
      ++reads;
      stale += values_[key].size() > shown_[key] ? 1 : 0;
      return Show(key, &done);
    }
    if (++writes == forget_at)
      for (auto& [forgotten, shown] : shown_) shown = 0;
    if (writes % 100 == 0) {  // there is no such key
      done.items = 0;
      return done;
    }
    ++acknowledged;
    values_[key].emplace_back(op.arguments[1]);
    shown_[key] = values_[key].size();
    return done;
  }

  std::uint64_t Lost() const {
    std::uint64_t lost = 0;
    for (const auto& [key, values] : values_) lost += values.size() - shown_.at(key);
    return lost;
  }

  StatementSet prepared;
  std::vector<std::string> looked;
  std::uint64_t writes = 0, reads = 0, acknowledged = 0, stale = 0, forget_at = 0;
  std::uint64_t found_nothing = 0;
  bool hides_versions = false;

 private:
  Completion Show(const std::string& key, Completion* done) {
    const std::size_t shown = shown_[key];
    if (shown == 0) {
      ++found_nothing;
      done->outcome = Outcome::kNotFound;
    } else if (!hides_versions) {
      value_ = values_[key][shown - 1] + ".00";  // as a column of decimals has it
      done->value = value_;
    }
    return *done;
  }

  std::map<std::string, std::vector<std::string>> values_;  // oldest first
  std::map<std::string, std::size_t> shown_;                // so many of them
  std::string value_;
};

class ShelfSession : public Session {
 public:
  ShelfSession(ForgetfulShelf* driver, bool is_look) : driver_(driver), is_look_(is_look) {}
  std::size_t Submit(std::span<const Op> ops, Completions& done) override {
    for (const Op& op : ops) {
      Completion completion = driver_->Do(op, is_look_);
      completion.started = now_ = std::max(now_ + 1, Clock::Now());
      completion.finished = now_ = std::max(now_ + 1, Clock::Now());
      done.Add(completion);
      return 1;  // its value is good until the next one
    }
    return 0;
  }
  void Poll(Ticks, Completions&) override {}
  std::string DescribeError(std::uint16_t) const override { return "away"; }

 private:
  ForgetfulShelf* driver_;
  const bool is_look_;
  Ticks now_ = 0;
};

Result<std::unique_ptr<Session>> ForgetfulShelf::NewSession(const SessionPlan& plan) {
  return std::make_unique<ShelfSession>(this, plan.phase == SessionPhase::kLook);
}

StatementSpec Statement(const std::string& name, double weight, std::vector<std::string> arguments,
                        ValueNode word) {
  StatementSpec statement{.name = name, .weight = weight, .arguments = std::move(arguments)};
  statement.body.children = {TextNode("shelf", "{key}"), std::move(word)};
  return statement;
}

RunPlan ShelfPlan() {
  RunPlan plan = SmallPlan();
  plan.driver.use = "shelf";
  plan.data.records = 50;
  plan.load.stages = {{.over = kMinute, .from = 1}};
  plan.load.ops = 5'000;
  plan.engine.workers = 1;
  plan.mix.weights = {};
  plan.mix.statements = {
      Statement("get", 1, {"key"}, MapNode("reads", {TextNode("key", "p:{key}")})),
      Statement("put", 1, {"key", "version"},
                MapNode("writes", {TextNode("key", "p:{key}"), TextNode("version", "{version}")}))};
  plan.verify.look = Statement("look", 0, {"key"}, MapNode("reads", {TextNode("key", "{key}")}));
  return plan;
}

RunOutcome RunAgainst(ForgetfulShelf* driver, const RunPlan& plan = ShelfPlan()) {
  Observed observed;
  const DriverFacts facts = *driver->Open();
  Conductor conductor(plan, facts, driver, &observed);
  Result<RunOutcome> outcome = conductor.Run();
  EXPECT_TRUE(outcome) << outcome.error().message;
  return outcome ? *std::move(outcome) : RunOutcome();
}

TEST(LedgerOfStatements, NothingIsLostAndNothingStaleWhenNothingWas) {
  ForgetfulShelf driver;
  const LedgerSummary ledger = RunAgainst(&driver).ledger;
  EXPECT_TRUE(ledger.known);
  EXPECT_TRUE(ledger.writes_known);
  EXPECT_TRUE(ledger.reads_known);
  ASSERT_EQ(ledger.ops.size(), 2u);
  EXPECT_EQ(ledger.ops[1].acknowledged, driver.acknowledged)
      << "those that have written nothing are none";
  EXPECT_EQ(ledger.ops[0].reads.judged, driver.reads);
  EXPECT_GT(driver.reads, 2'000u);
  const LedgerSummary::OfOp all = ledger.All();
  EXPECT_EQ(all.lost + all.reads.stale + all.never_written + all.backwards + all.not_own, 0u);
  EXPECT_EQ(ledger.repeated_versions, 0u);
  EXPECT_EQ(ledger.not_kept, 0u);
  EXPECT_EQ(ledger.keys, 50u);
  EXPECT_EQ(driver.looked.size(), 50u);
  EXPECT_THAT(driver.looked[0], HasSubstr("p:user")) << "the text of the key, as it was written";
  EXPECT_EQ(driver.prepared[SessionPhase::kRun].size(), 2u);
  ASSERT_EQ(driver.prepared[SessionPhase::kLook].size(), 1u);
}

TEST(LedgerOfStatements, WhatTheStoreForgotIsLostAndReadStale) {
  ForgetfulShelf driver;
  driver.forget_at = 1'000;
  RunPlan plan = ShelfPlan();
  plan.data.records = 2'000;
  const LedgerSummary ledger = RunAgainst(&driver, plan).ledger;
  EXPECT_GT(driver.Lost(), 100u);
  EXPECT_EQ(ledger.ops[1].lost, driver.Lost());
  EXPECT_EQ(ledger.loss.writes, driver.Lost());
  EXPECT_GT(driver.stale, 100u);
  EXPECT_EQ(ledger.ops[0].reads.stale, driver.stale);
  EXPECT_EQ(ledger.ops[0].never_written, 0u);
}

TEST(LedgerOfStatements, ReadsAreJudgedAlsoWhereNobodyLooksInTheEnd) {
  ForgetfulShelf driver;
  driver.forget_at = 1'000;
  RunPlan plan = ShelfPlan();
  plan.verify.look.reset();
  const LedgerSummary ledger = RunAgainst(&driver, plan).ledger;
  EXPECT_FALSE(ledger.writes_known);
  EXPECT_EQ(ledger.All().lost, 0u);
  EXPECT_EQ(ledger.not_kept, 0u);
  EXPECT_GT(driver.stale, 0u);
  EXPECT_EQ(ledger.ops[0].reads.stale, driver.stale);
  EXPECT_TRUE(driver.looked.empty());
}

TEST(LedgerOfStatements, AnAnswerWithoutAVersionIsNotTakenForALoss) {
  ForgetfulShelf driver;
  driver.hides_versions = true;
  const RunOutcome outcome = RunAgainst(&driver);
  ASSERT_EQ(outcome.remarks_after.invalid.size(), 1u);
  EXPECT_THAT(outcome.remarks_after.invalid[0],
              ::testing::AllOf(HasSubstr("the answer for the key 'p:user"),
                               HasSubstr("has no version where verify.writes says")));
  EXPECT_FALSE(outcome.unreachable);
  EXPECT_FALSE(outcome.ledger.writes_known);
  EXPECT_EQ(outcome.ledger.All().lost, 0u);
  EXPECT_EQ(outcome.ledger.ops[0].never_written, driver.reads - driver.found_nothing);
}

TEST(LedgerOfStatements, VersionsGrowWhicheverWorkerTheyAreOf) {
  RunPlan plan = ShelfPlan();
  const auto records = MakeSharedRecords(plan);
  records->BeginVersionsAt(1'000);
  Workload first(plan, records, 0, 2), second(plan, records, 1, 2);
  std::uint64_t before = 1'000;
  for (int i = 0; i < 1'000; ++i) {
    Request request;
    (i % 3 == 0 ? first : second).Next(&request);
    if (request.op.statement != 1) continue;
    const std::uint64_t version = std::stoull(std::string(request.op.arguments[1]));
    EXPECT_EQ(version, before + 1);
    EXPECT_EQ(request.version, version);
    before = version;
  }
  EXPECT_GT(before, 1'300u);
}

TEST(LedgerOfStatements, TextsStandForNumbersThatAreThemOrAreHashesOfThem) {
  EXPECT_EQ(VersionNumber("12"), 12u);
  EXPECT_EQ(VersionNumber("12.00"), 12u);
  EXPECT_NE(VersionNumber("12.50"), 12u);
  EXPECT_NE(VersionNumber("012"), 12u);
  EXPECT_NE(VersionNumber("-12"), 12u);
  EXPECT_NE(VersionNumber("a"), VersionNumber("b"));
  EXPECT_EQ(KeyNumber("7"), 7u);
  EXPECT_NE(KeyNumber("7.0"), 7u);
  KeyTexts texts;
  texts.Keep(KeyNumber("user:7"), "user:7");
  EXPECT_EQ(texts.Find(KeyNumber("user:7")), "user:7");
  EXPECT_EQ(texts.Find(7), "7");
  EXPECT_EQ(texts.Find(KeyNumber("user:8")), std::nullopt);
  EXPECT_LT(KeyNumber("99999999999999999999"), kNoVersion);
}

}  // namespace
}  // namespace mbench
