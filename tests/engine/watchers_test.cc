// SPDX-License-Identifier: Apache-2.0
//
// Whole runs with a watcher: what it sees becomes a part of its statement, and is waited for.
#include <gtest/gtest.h>

#include "drivers/watcher.h"
#include "harness/engine/conductor.h"
#include "tests/body_of.h"
#include "tests/engine/fixtures.h"
#include "tests/engine/scripted_driver.h"

namespace mbench {
namespace {

constexpr Ticks kBehind = 5 * kMillisecond;

// Every op of its session is seen kBehind after it ended, but for the last `lost` of them.
class WatchingDriver : public ScriptedDriver, public WatcherSource {
 public:
  explicit WatchingDriver(std::uint64_t ops, std::uint64_t lost = 0) : ops_(ops), lost_(lost) {
    script = [this](const Op&, std::uint64_t) {
      ++ended;
      return Answer{};
    };
  }
  WatcherSource* Watchers() override { return this; }
  Result<std::vector<std::unique_ptr<Watcher>>> NewWatchers(const SessionPlan&) override;
  SystemRemarks ExamineAfter() override {
    return {.facts = {{"engine", "worn paper"}}, .invalid = {"it was torn"}};
  }

  std::atomic<std::uint64_t> ended{0};
  Status watch_answer;
  bool given_up = false, interrupted = false;
  Ticks started = 0;  // of all that is seen; 0: just now
  std::map<std::uint16_t, MessageCounts> delivered;
  std::uint64_t exhausted_after = UINT64_MAX;  // ops

  std::map<std::uint16_t, MessageCounts> Delivered() override { return delivered; }
  bool Exhausted() const override { return ended >= exhausted_after; }

 private:
  friend class ScriptedWatcher;
  const std::uint64_t ops_, lost_;
};

class ScriptedWatcher : public Watcher {
 public:
  explicit ScriptedWatcher(WatchingDriver* driver) : driver_(driver) {}
  void Poll(Ticks /*until*/, std::vector<Sighting>* seen) override {
    for (; seen_ < driver_->ended && seen_ < Last(); ++seen_) {
      const Ticks ended = driver_->started != 0 ? driver_->started : Clock::Now();
      seen->push_back({.label = 1, .ended = ended, .seen = ended + kBehind});
    }
    if (!driver_->given_up || driver_->interrupted) return;
    for (; told_ < driver_->lost_; ++told_) {
      const Ticks now = Clock::Now();
      seen->push_back(
          {.label = 1, .error = 7, .outcome = Outcome::kFailed, .ended = now, .seen = now});
    }
  }
  std::uint64_t Missing() const override { return driver_->ops_ - seen_; }
  void GiveUp(bool interrupted) override {
    driver_->given_up = true;
    driver_->interrupted = interrupted;
  }
  std::string DescribeError(std::uint16_t error) const override {
    return "lost " + std::to_string(error);
  }
  std::string DescribeLabel(std::uint16_t) const override { return "event"; }

 private:
  std::uint64_t Last() const { return driver_->ops_ - driver_->lost_; }
  WatchingDriver* driver_;
  std::uint64_t seen_ = 0, told_ = 0;
};

Result<std::vector<std::unique_ptr<Watcher>>> WatchingDriver::NewWatchers(const SessionPlan&) {
  events.emplace_back("watcher");
  if (!watch_answer) return Failed(watch_answer);
  std::vector<std::unique_ptr<Watcher>> watchers;
  watchers.push_back(std::make_unique<ScriptedWatcher>(this));
  return watchers;
}

constexpr std::uint64_t kOps = 200;

RunPlan WatchedPlan() {
  RunPlan plan = SmallPlan();
  plan.driver.use = "script";
  plan.mix.weights = {};
  plan.mix.statements = {{.name = "order", .weight = 1, .body = BodyOf({{"insert", "orders"}})}};
  plan.load.stages[0].over = kMinute;
  plan.load.ops = kOps;
  plan.load.drain = 100 * kMillisecond;
  return plan;
}

struct Ran {
  Result<RunOutcome> outcome;
  Interval total;
};

Ran RunAgainst(const RunPlan& plan, ScriptedDriver* driver) {
  Observed observed;
  const DriverFacts facts = *driver->Open();
  Conductor conductor(plan, facts, driver, &observed);
  Ran ran{conductor.Run(), {}};
  for (const Interval& interval : observed.intervals) ran.total.Add(interval);
  return ran;
}

TEST(Watchers, WhatIsSeenIsAPartOfItsStatementAndInNoTotal) {
  WatchingDriver driver(kOps);
  const Ran ran = RunAgainst(WatchedPlan(), &driver);
  ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
  EXPECT_EQ(ran.outcome->account.offered, kOps);
  EXPECT_EQ(ran.outcome->account.Ended(), kOps);
  EXPECT_EQ(ran.total.ops[0].Ended(), kOps);
  ASSERT_TRUE(ran.total.parts.contains("order:event"));
  const OpStats& event = ran.total.parts.at("order:event");
  EXPECT_EQ(event.Count(Outcome::kOk), kOps);
  EXPECT_GE(event.Answered().Min(), kBehind * 99 / 100) << "timed from the end of the op";
  EXPECT_FALSE(driver.given_up);
}

TEST(Watchers, StandBeforeTheFirstSession) {
  WatchingDriver driver(kOps);
  ASSERT_TRUE(RunAgainst(WatchedPlan(), &driver).outcome);
  ASSERT_GE(driver.events.size(), 4u);
  EXPECT_EQ(driver.events[0], "prepare");
  EXPECT_EQ(driver.events[1], "examine");
  EXPECT_EQ(driver.events[2], "watcher");
}

TEST(Watchers, WhatIsNotSeenByTheDeadlineIsToldAsFailed) {
  WatchingDriver driver(kOps, 3);
  RunPlan plan = WatchedPlan();
  plan.load.stages[0].over = 200 * kMillisecond;  // the deadline is that and the drain
  const Ran ran = RunAgainst(plan, &driver);
  ASSERT_TRUE(ran.outcome);
  EXPECT_TRUE(driver.given_up);
  EXPECT_FALSE(driver.interrupted);
  const OpStats& event = ran.total.parts.at("order:event");
  EXPECT_EQ(event.Count(Outcome::kOk), kOps - 3);
  EXPECT_EQ(event.Count(Outcome::kFailed), 3u);
  EXPECT_EQ(event.errors, (std::map<std::string, std::uint64_t>{{"lost 7", 3}}));
}

TEST(Watchers, WhatEndedInTheWarmUpIsLeftOut) {
  WatchingDriver driver(kOps);
  driver.started = 1;
  const Ran ran = RunAgainst(WatchedPlan(), &driver);
  ASSERT_TRUE(ran.outcome);
  EXPECT_TRUE(ran.total.parts.empty());
}

TEST(Watchers, OneThatCannotStandEndsTheRunBeforeItsFirstSession) {
  WatchingDriver driver(kOps);
  driver.watch_answer = BadConfig("no such stream");
  const Ran ran = RunAgainst(WatchedPlan(), &driver);
  ASSERT_FALSE(ran.outcome);
  EXPECT_EQ(ran.outcome.error().message, "no such stream");
  EXPECT_EQ(driver.events.back(), "watcher");
}

TEST(Watchers, WhatBecameOfMessagesIsToldByOp) {
  WatchingDriver driver(kOps);
  driver.delivered = {{0, {.acknowledged = kOps, .lost = 2}}};
  RunPlan plan = WatchedPlan();
  plan.mix.weights[static_cast<std::size_t>(Verb::kRead)] = 1;  // the op before it
  const Ran ran = RunAgainst(plan, &driver);
  ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
  EXPECT_EQ(ran.outcome->messages,
            (std::map<std::size_t, MessageCounts>{{1, {.acknowledged = kOps, .lost = 2}}}));
}

TEST(Watchers, ARunIsOverWhenThereIsNothingLeftForItsOps) {
  WatchingDriver driver(0);
  driver.exhausted_after = 50;
  RunPlan plan = WatchedPlan();
  plan.load.ops = 0;  // for a minute
  const Ticks begin = Clock::Now();
  const Ran ran = RunAgainst(plan, &driver);
  ASSERT_TRUE(ran.outcome);
  EXPECT_LT(Clock::Now() - begin, 30 * kSecond);
  EXPECT_FALSE(ran.outcome->interrupted);
  EXPECT_LT(ran.outcome->measured, 30 * kSecond);
  EXPECT_GE(ran.outcome->account.Ended(), 50u);
  EXPECT_TRUE(ran.outcome->account.Balances());
}

TEST(Watchers, TheSystemIsExaminedAgainWhenTheyAreGone) {
  WatchingDriver driver(kOps);
  const Ran ran = RunAgainst(WatchedPlan(), &driver);
  ASSERT_TRUE(ran.outcome);
  EXPECT_EQ(ran.outcome->remarks.facts.at("engine"), "paper");
  EXPECT_EQ(ran.outcome->remarks_after.facts.at("engine"), "worn paper");
  EXPECT_EQ(ran.outcome->remarks_after.invalid, std::vector<std::string>{"it was torn"});
}

}  // namespace
}  // namespace mbench
