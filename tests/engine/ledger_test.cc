// SPDX-License-Identifier: Apache-2.0
//
// Whole runs against a store that forgets: what is said of lost writes and stale reads is what the
// store itself has counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "drivers/marked_store.h"
#include "harness/engine/conductor.h"
#include "harness/engine/run_ledger.h"
#include "tests/engine/fixtures.h"

namespace mbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Keeps all values a key has had. Does one op after the other, so that it knows of each read what
// it should have been, and of each write whether it is there in the end.
class ForgetfulDriver : public Driver, public MarkedStore {
 public:
  Result<DriverFacts> Open() override { return DriverFacts{.system = "forgetful"}; }
  MarkedStore* Store() override { return this; }
  Result<StoredData> Look() override { return StoredData{}; }
  Status Clear() override { return {}; }
  Status SetDataset(std::string_view) override { return {}; }
  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override;

  Completion Do(const Op& op, bool counts) {
    std::vector<std::string>& values = values_[std::string(op.key)];
    Completion done{.slot = op.slot, .bytes_sent = 1, .bytes_received = 1};
    if (op.kind != OpKind::kRead) {
      if (counts && ++writes == forget_at) ForgetAll();
      if (counts && writes == doubt_at) {
        done.outcome = Outcome::kTimedOut;
      } else if (counts && writes == fail_at) {
        done.outcome = Outcome::kFailed;
        return done;
      } else {
        acknowledged += counts ? 1 : 0;
      }
      values.emplace_back(op.value);
      shown_[std::string(op.key)] = values.size();
      return done;
    }
    const std::size_t shown = shown_[std::string(op.key)];
    if (shown == 0) {
      done.outcome = Outcome::kNotFound;
      stale += counts && !values.empty() && WasWritten(values) ? 1 : 0;
      return done;
    }
    stale += counts && shown < values.size() ? 1 : 0;
    reads += counts ? 1 : 0;
    value_ = values[shown - 1];
    done.value = value_;
    return done;
  }

  // Acknowledged and not there, given that nothing was in doubt.
  std::uint64_t Lost() const {
    std::uint64_t lost = 0;
    for (const auto& [key, values] : values_) lost += values.size() - shown_.at(key);
    return lost;
  }

  std::uint64_t writes = 0, reads = 0, acknowledged = 0, stale = 0;
  std::uint64_t forget_at = 0, doubt_at = 0, fail_at = 0;  // the n-th write of the run; 0: never

 private:
  static bool WasWritten(const std::vector<std::string>& values) { return values.size() > 1; }

  // Every key shows again what the load has written.
  void ForgetAll() {
    for (auto& [key, shown] : shown_) shown = 1;
  }

  std::map<std::string, std::vector<std::string>> values_;  // by key, oldest first
  std::map<std::string, std::size_t> shown_;                // by key: so many of them
  std::string value_;
};

class ForgetfulSession : public Session {
 public:
  ForgetfulSession(ForgetfulDriver* driver, bool counts) : driver_(driver), counts_(counts) {}
  std::size_t Submit(std::span<const Op> ops, Completions& done) override {
    for (const Op& op : ops) {
      Completion completion = driver_->Do(op, counts_);
      completion.started = now_ = std::max(now_ + 1, Clock::Now());
      completion.finished = now_ = std::max(now_ + 1, Clock::Now());
      done.Add(completion);
      return 1;  // its value is good until the next one
    }
    return 0;
  }
  void Poll(Ticks, Completions&) override {}
  std::string DescribeError(std::uint16_t) const override { return "error"; }

 private:
  ForgetfulDriver* driver_;
  const bool counts_;
  Ticks now_ = 0;
};

Result<std::unique_ptr<Session>> ForgetfulDriver::NewSession(const SessionPlan& plan) {
  // The last session of a run looks at what is there.
  const bool counts = plan.phase == SessionPhase::kRun && !plan.fail_fast;
  return std::make_unique<ForgetfulSession>(this, counts);
}

RunPlan LedgerPlan() {
  RunPlan plan = SmallPlan();
  plan.driver.use = "forgetful";
  plan.data.records = 50;
  plan.load.stages = {{.over = kMinute, .from = 1}};
  plan.load.ops = 5'000;
  plan.engine.workers = 1;
  plan.mix.weights[static_cast<std::size_t>(Verb::kUpdate)] = 90;
  plan.verify.writes = plan.verify.reads = true;
  return plan;
}

LedgerSummary RunAgainst(ForgetfulDriver* driver, const RunPlan& plan = LedgerPlan()) {
  Observed observed;
  const DriverFacts facts = *driver->Open();
  Conductor conductor(plan, facts, driver, &observed);
  const Result<RunOutcome> outcome = conductor.Run();
  EXPECT_TRUE(outcome) << outcome.error().message;
  if (!outcome) return {};
  EXPECT_THAT(outcome->remarks_after.invalid, ElementsAre());
  return outcome->ledger;
}

TEST(RunLedger, NothingIsLostAndNothingStaleWhenNothingWas) {
  ForgetfulDriver driver;
  const LedgerSummary ledger = RunAgainst(&driver);
  const LedgerSummary::OfOp all = ledger.All();
  EXPECT_TRUE(ledger.known);
  EXPECT_TRUE(ledger.writes_known);
  EXPECT_TRUE(ledger.reads_known);
  EXPECT_EQ(all.acknowledged, driver.acknowledged);
  EXPECT_EQ(all.reads.judged, driver.reads);
  EXPECT_GT(driver.reads, 1'000u);
  EXPECT_EQ(all.lost + all.reads.stale + all.failed + all.in_doubt, 0u);
  EXPECT_EQ(all.never_written + all.backwards + all.not_own, 0u);
  EXPECT_EQ(ledger.loss.writes, 0u);
  EXPECT_EQ(ledger.not_kept, 0u);
  EXPECT_EQ(ledger.keys, 50u);
}

TEST(RunLedger, LostWritesAndStaleReadsAreThoseThatTheStoreHasCounted) {
  ForgetfulDriver driver;
  driver.forget_at = 1'500;
  const LedgerSummary ledger = RunAgainst(&driver);
  const LedgerSummary::OfOp all = ledger.All();
  EXPECT_GT(driver.stale, 0u);
  EXPECT_EQ(all.reads.stale, driver.stale);
  EXPECT_EQ(all.acknowledged, driver.acknowledged);
  EXPECT_EQ(all.never_written, 0u);
  EXPECT_GT(all.not_own, 0u) << "one client has written and read it all";
  EXPECT_EQ(all.not_own, all.reads.stale);
  EXPECT_EQ(all.lost, 0u) << "all 50 keys were written again";
}

TEST(RunLedger, WhatWasWrittenLastBeforeAStoreForgetsIsLost) {
  ForgetfulDriver driver;
  RunPlan plan = LedgerPlan();
  plan.data.records = 20'000;
  plan.load.ops = 4'000;
  driver.forget_at = 1'500;
  const LedgerSummary ledger = RunAgainst(&driver, plan);
  EXPECT_GT(driver.Lost(), 1'000u);
  EXPECT_EQ(ledger.All().lost, driver.Lost());
  EXPECT_EQ(ledger.loss.writes, driver.Lost());
  EXPECT_GT(ledger.loss.Length(), 0);
}

TEST(RunLedger, ALossIsOfTheEventThatWentOnOrWasToCome) {
  const auto event = [](double at, double took) {
    return EventRecord{.at = FromSeconds(at), .took = FromSeconds(took)};
  };
  const std::vector<EventRecord> events = {event(1, 60), event(2, 0.1), event(6, 0.8),
                                           event(11.8, 0.1)};
  EXPECT_EQ(CauseOfLoss(FromSeconds(5.9), events), 2u) << "answered no more just before it";
  EXPECT_EQ(CauseOfLoss(FromSeconds(6.7), events), 2u) << "its command took that long";
  EXPECT_EQ(CauseOfLoss(FromSeconds(2.3), events), 1u);
  EXPECT_EQ(CauseOfLoss(FromSeconds(11.9), events), 3u);
  const std::vector<EventRecord> over = {event(1, 0), event(2, 0)};
  EXPECT_EQ(CauseOfLoss(FromSeconds(30), over), 1u) << "none goes on: the last one";
  EXPECT_EQ(CauseOfLoss(FromSeconds(0.1), {{.end = EventEnd::kSkipped}, event(3, 0)}), 1u);
}

TEST(RunLedger, WritesWithoutAnAnswerAndFailedOnesAreKeptApart) {
  ForgetfulDriver driver;
  RunPlan plan = LedgerPlan();
  plan.data.records = 20'000;
  plan.load.ops = 2'000;
  driver.doubt_at = 300;
  driver.fail_at = 400;
  const LedgerSummary::OfOp all = RunAgainst(&driver, plan).All();
  EXPECT_EQ(all.in_doubt, 1u);
  EXPECT_EQ(all.in_doubt_there, 1u);
  EXPECT_EQ(all.failed, 1u);
  EXPECT_EQ(all.failed_there, 0u);
  EXPECT_EQ(all.lost, 0u);
}

TEST(RunLedger, ReadsAreFollowedOnlyWhenThatIsAskedFor) {
  ForgetfulDriver driver;
  RunPlan plan = LedgerPlan();
  plan.verify.reads = false;
  const LedgerSummary ledger = RunAgainst(&driver, plan);
  EXPECT_EQ(ledger.All().acknowledged, driver.acknowledged);
  EXPECT_FALSE(ledger.reads_known);
  EXPECT_EQ(ledger.All().reads.judged, 0u);
}

TEST(RunLedger, ValuesWithoutRoomForAVersionAreRefused) {
  ForgetfulDriver driver;
  Observed observed;
  RunPlan plan = LedgerPlan();
  plan.data.value.size.max = 15;
  const DriverFacts facts = *driver.Open();
  Conductor conductor(plan, facts, &driver, &observed);
  const Result<RunOutcome> outcome = conductor.Run();
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("values of 15 B carry no version"));
}

}  // namespace
}  // namespace mbench
