// SPDX-License-Identifier: Apache-2.0
//
// Whole runs on the real clock, a quarter of a second each: threads, phases and the identity, not
// latencies.
#include "harness/engine/conductor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/fixtures.h"

namespace mbench {
namespace {

struct Ran {
  Result<RunOutcome> outcome;
  Observed observed;
};

Ran RunPlanOf(const RunPlan& plan, Observed observed = {}) {
  const std::unique_ptr<Driver> driver = MakeDriver(plan.driver.use);
  const DriverFacts facts = *driver->Open();
  Conductor conductor(plan, facts, driver.get(), &observed);
  Result<RunOutcome> outcome = conductor.Run();
  return {std::move(outcome), std::move(observed)};
}

TEST(Conductor, LoadsMeasuresAndAccountsForEveryOp) {
  const Ran ran = RunPlanOf(SmallPlan());
  ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
  EXPECT_EQ(ran.outcome->load.records, 1000u);
  EXPECT_GT(ran.outcome->account.Ended(), 0u);
  EXPECT_TRUE(ran.outcome->account.Balances());
  EXPECT_EQ(ran.outcome->account.in_flight, 0u);
  EXPECT_EQ(ran.observed.Ended(), ran.outcome->account.Ended());
  EXPECT_EQ(ran.outcome->measured, 250 * kMillisecond);
  EXPECT_FALSE(ran.outcome->interrupted);
}

TEST(Conductor, OffersInTheOpenModelWhatTheScheduleSays) {
  RunPlan plan = SmallPlan();
  plan.load.model = LoadModel::kOpen;
  plan.load.stages[0].from = 4000;
  for (const std::uint32_t connections : {1u, 8u}) {
    plan.load.connections = connections;
    const Ran ran = RunPlanOf(plan);
    ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
    EXPECT_EQ(ran.outcome->account.offered, 1000u);
    EXPECT_TRUE(ran.outcome->account.Balances());
    EXPECT_EQ(ran.observed.Ended(), 1000u);
  }
}

TEST(Conductor, LeavesTheWarmUpOut) {
  RunPlan plan = SmallPlan();
  plan.load.model = LoadModel::kOpen;
  plan.load.stages[0].from = 4000;
  plan.load.warmup = 100 * kMillisecond;
  const Ran ran = RunPlanOf(plan);
  ASSERT_TRUE(ran.outcome);
  EXPECT_EQ(ran.outcome->account.offered, 1000u);
  EXPECT_EQ(ran.observed.Ended(), 1000u);
  EXPECT_EQ(ran.observed.intervals.front().begin, -100 * kMillisecond);
}

TEST(Conductor, MeasuresAsLongAsPlannedThoughTheLastOpEndsLongBefore) {
  for (const std::uint32_t connections : {1u, 2u}) {
    RunPlan plan = SmallPlan();
    plan.load.model = LoadModel::kOpen;
    plan.load.stages[0] = {.profile = Profile::kReplay,
                           .over = 250 * kMillisecond,
                           .points = {{0, 1000}, {10 * kMillisecond, 0}}};
    plan.load.connections = connections;
    const Ran ran = RunPlanOf(plan);
    ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
    EXPECT_EQ(ran.outcome->account.Ended(), 10u);
    EXPECT_EQ(ran.outcome->measured, 250 * kMillisecond);
  }
}

TEST(Conductor, EndsAfterTheOpsThatWereAskedFor) {
  RunPlan plan = SmallPlan();
  plan.load.stages[0].over = kHour;
  plan.load.ops = 777;
  const Ran ran = RunPlanOf(plan);
  ASSERT_TRUE(ran.outcome);
  EXPECT_EQ(ran.outcome->account.Ended(), 777u);
  EXPECT_LT(ran.outcome->measured, kMinute);
}

TEST(Conductor, VerifiesEveryReadWhileRecordsAreRewritten) {
  RunPlan plan = SmallPlan();
  plan.verify.reads = true;
  plan.mix.weights = {40, 30, 10, 5, 5, 10};
  const Ran ran = RunPlanOf(plan);
  ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
  EXPECT_EQ(ran.outcome->account.ended[static_cast<std::size_t>(Outcome::kMismatch)], 0u);
  EXPECT_GT(ran.outcome->account.ended[static_cast<std::size_t>(Outcome::kOk)], 0u);
}

TEST(Conductor, AnInterruptionEndsTheRunAndKeepsWhatWasMeasured) {
  RunPlan plan = SmallPlan();
  plan.load.stages[0].over = kHour;
  const std::unique_ptr<Driver> driver = MakeDriver("memory");
  const DriverFacts facts = *driver->Open();
  Observed observed;
  Conductor conductor(plan, facts, driver.get(), &observed);
  observed.on_interval = [&conductor] {
    conductor.Interrupt();
    return Status();
  };
  const Result<RunOutcome> outcome = conductor.Run();
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->interrupted);
  EXPECT_GT(outcome->account.Ended(), 0u);
  EXPECT_TRUE(outcome->account.Balances());
  EXPECT_LT(outcome->measured, 30 * kSecond);
}

TEST(Conductor, AnInterruptionOfAnOpenRunOffersOnlyWhatWasDueBefore) {
  RunPlan plan = SmallPlan();
  plan.load.model = LoadModel::kOpen;
  plan.load.arrivals = Arrivals::kPoisson;
  plan.load.stages[0] = {.over = kHour, .from = 5000};
  const std::unique_ptr<Driver> driver = MakeDriver("memory");
  const DriverFacts facts = *driver->Open();
  Observed observed;
  Conductor conductor(plan, facts, driver.get(), &observed);
  observed.on_interval = [&conductor] {
    conductor.Interrupt();
    return Status();
  };
  const Result<RunOutcome> outcome = conductor.Run();
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->account.Balances());
  EXPECT_EQ(outcome->account.offered, outcome->account.Ended() + outcome->account.waiting);
  EXPECT_GT(outcome->account.offered, 3000u);
}

TEST(Conductor, AnObserverThatCannotStartStopsTheRunBeforeItsFirstOp) {
  Observed observed;
  observed.on_start = [] { return Status(BadConfig("no room")); };
  const Ran ran = RunPlanOf(SmallPlan(), std::move(observed));
  ASSERT_FALSE(ran.outcome);
  EXPECT_EQ(ran.outcome.error().message, "no room");
  EXPECT_TRUE(ran.observed.intervals.empty());
}

TEST(Conductor, AnObserverThatFailsLaterEndsTheRunAndItsResultStays) {
  RunPlan plan = SmallPlan();
  plan.load.stages[0].over = kHour;
  Observed observed;
  observed.on_interval = [] { return Status(Invalid("disk full")); };
  const Ran ran = RunPlanOf(plan, std::move(observed));
  ASSERT_TRUE(ran.outcome);
  EXPECT_FALSE(ran.outcome->observer_error);
  EXPECT_TRUE(ran.outcome->account.Balances());
  EXPECT_LT(ran.outcome->measured, kMinute);
  EXPECT_EQ(ran.observed.Ended(), ran.outcome->account.Ended());
}

TEST(Conductor, RefusesWhatTheDriverCannotDo) {
  RunPlan plan = SmallPlan();
  plan.driver.use = "noop";
  plan.verify.reads = true;
  const Ran verify = RunPlanOf(plan);
  ASSERT_FALSE(verify.outcome);
  EXPECT_NE(verify.outcome.error().message.find("keeps no data"), std::string::npos);

  plan = SmallPlan();
  plan.mix.statements = {{.name = "q", .weight = 1}};
  const Ran statements = RunPlanOf(plan);
  ASSERT_FALSE(statements.outcome);
  EXPECT_NE(statements.outcome.error().message.find("knows no statements"), std::string::npos);
}

TEST(Conductor, CutsTheMeasuredPhaseAtWholeSecondsAndAtItsEnd) {
  RunPlan plan = SmallPlan();
  plan.load.stages[0].over = 1250 * kMillisecond;
  plan.load.warmup = 250 * kMillisecond;
  const Ran ran = RunPlanOf(plan);
  ASSERT_TRUE(ran.outcome);
  ASSERT_GE(ran.observed.intervals.size(), 3u);
  const std::vector<Ticks> expected = {0, kSecond, 1250 * kMillisecond};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(ran.observed.intervals[i].end, expected[i]);
  }
}

}  // namespace
}  // namespace mbench
