// SPDX-License-Identifier: Apache-2.0
//
// Whole runs of statements against a scripted driver, on the real clock: what the driver is given,
// and what becomes of steps and labels.
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/engine/conductor.h"
#include "tests/body_of.h"
#include "tests/engine/fixtures.h"
#include "tests/engine/scripted_driver.h"

namespace mbench {
namespace {

RunPlan StatementsOnly() {
  RunPlan plan = SmallPlan();
  plan.driver.use = "script";
  plan.mix.weights = {};
  plan.mix.generators = {{.name = "amount", .from = 1, .to = 500}};
  plan.mix.statements = {{.name = "transfer",
                          .weight = 1,
                          .body = BodyOf({{"isolation", "serializable"}, {"label", "outcome"}}),
                          .arguments = {"amount", "key"},
                          .types = {ValueType::kInteger, ValueType::kText},
                          .steps = {{.name = "debit", .body = BodyOf({{"sql", "{amount}"}})},
                                    {.name = "credit", .body = BodyOf({{"sql", "{key}"}})}}}};
  plan.load.stages[0].over = kMinute;
  plan.load.ops = 200;
  return plan;
}

struct Ran {
  Result<RunOutcome> outcome;
  Observed observed;
};

Ran RunAgainst(const RunPlan& plan, ScriptedDriver* driver) {
  Observed observed;
  const DriverFacts facts = *driver->Open();
  Conductor conductor(plan, facts, driver, &observed);
  Result<RunOutcome> outcome = conductor.Run();
  return {std::move(outcome), std::move(observed)};
}

TEST(Statements, AreGivenToTheDriverBeforeItsFirstSession) {
  ScriptedDriver driver;
  RunPlan plan = StatementsOnly();
  plan.mix.weights[0] = 1;
  const Ran ran = RunAgainst(plan, &driver);
  ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
  EXPECT_EQ(driver.events.front(), "prepare");
  EXPECT_EQ(std::ranges::count(driver.events, "prepare"), 1);
  EXPECT_EQ(driver.inserts, 1000u) << "the mix has reads too, so records are loaded";
  ASSERT_EQ(driver.prepared.size(), 1u);
  const StatementSpec& spec = driver.prepared[0];
  EXPECT_EQ(spec.name, "transfer");
  EXPECT_EQ(spec.Label(), "outcome");
  EXPECT_EQ(spec.Find("isolation")->text, "serializable");
  EXPECT_EQ(spec.arguments, (std::vector<std::string>{"amount", "key"}));
  EXPECT_EQ(spec.types, (std::vector<ValueType>{ValueType::kInteger, ValueType::kText}));
  EXPECT_EQ(spec.batch, 1u);
  ASSERT_EQ(spec.steps.size(), 2u);
  EXPECT_EQ(spec.steps[1].name, "credit");
  EXPECT_EQ(spec.steps[1].Find("sql")->text, "{key}");
}

TEST(Statements, SessionsLookAfterTheirConnectionsWhileNothingIsDue) {
  ScriptedDriver driver;
  RunPlan plan = StatementsOnly();
  plan.load.model = LoadModel::kOpen;
  plan.load.connections = 1;
  plan.load.stages = {{.over = 250 * kMillisecond, .from = 20}};
  plan.load.ops = 0;
  ASSERT_TRUE(RunAgainst(plan, &driver).outcome);
  EXPECT_GE(driver.idle_looks, 4) << "between five ops";
}

TEST(Statements, EveryOpHasItsArguments) {
  ScriptedDriver driver;
  ASSERT_TRUE(RunAgainst(StatementsOnly(), &driver).outcome);
  EXPECT_GT(driver.arguments.size(), 50u);
  for (const std::vector<std::string>& arguments : driver.arguments) {
    ASSERT_EQ(arguments.size(), 2u);
    EXPECT_TRUE(arguments[1].starts_with("user")) << arguments[1];
  }
}

TEST(Statements, TheSystemIsExaminedWithArgumentsOnceBeforeTheRunAndObservedDuringIt) {
  ScriptedDriver driver;
  const Ran ran = RunAgainst(StatementsOnly(), &driver);
  ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
  EXPECT_EQ(std::ranges::count(driver.events, "examine"), 1);
  ASSERT_EQ(driver.examined.size(), 1u);
  ASSERT_EQ(driver.examined[0].size(), 2u) << "amount and key";
  EXPECT_TRUE(driver.examined[0][1].starts_with("user")) << driver.examined[0][1];
  EXPECT_EQ(ran.outcome->remarks.facts.at("engine"), "paper");
  EXPECT_EQ(ran.outcome->remarks.warnings, std::vector<std::string>{"it is made of paper"});
  EXPECT_GE(driver.looks, 1);
  const bool told = std::ranges::any_of(ran.observed.intervals, [](const Interval& interval) {
    return interval.system.contains("looks");
  });
  EXPECT_TRUE(told);
}

TEST(Statements, ASystemThatHasNothingToSayIsNotAsked) {
  ScriptedDriver driver;
  driver.observes = false;
  const Ran ran = RunAgainst(StatementsOnly(), &driver);
  ASSERT_TRUE(ran.outcome);
  EXPECT_EQ(driver.looks, 0);
  EXPECT_TRUE(driver.examined.empty());
  EXPECT_TRUE(ran.outcome->remarks.facts.empty());
}

TEST(Statements, WhatTheDriverRefusesEndsTheRunBeforeItsFirstSession) {
  ScriptedDriver driver;
  driver.prepare_answer = BadConfig("statement transfer: no such table");
  const Ran ran = RunAgainst(StatementsOnly(), &driver);
  ASSERT_FALSE(ran.outcome);
  EXPECT_EQ(ran.outcome.error().message, "statement transfer: no such table");
  EXPECT_EQ(driver.events, std::vector<std::string>{"prepare"});
}

TEST(Statements, AloneLoadNothingAndLeaveTheMarkOfOthersAlone) {
  ScriptedDriver driver;
  driver.stored.empty = false;
  const Ran ran = RunAgainst(StatementsOnly(), &driver);
  ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
  EXPECT_EQ(driver.inserts, 0u);
  EXPECT_EQ(driver.dataset, "");
}

TEST(Statements, AloneMarkDataOfAnEarlierLoadAsChanged) {
  ScriptedDriver driver;
  driver.stored.empty = false;
  driver.stored.dataset = "a hundred records";
  ASSERT_TRUE(RunAgainst(StatementsOnly(), &driver).outcome);
  EXPECT_EQ(driver.dataset, "changed a hundred records");
  driver.stored.dataset = driver.dataset;
  driver.dataset.clear();
  ASSERT_TRUE(RunAgainst(StatementsOnly(), &driver).outcome);
  EXPECT_EQ(driver.dataset, "") << "marked already";
}

TEST(Statements, AloneLoadWhenTheyAreToldTo) {
  ScriptedDriver driver;
  RunPlan plan = StatementsOnly();
  plan.data.load = LoadData::kAlways;
  ASSERT_TRUE(RunAgainst(plan, &driver).outcome);
  EXPECT_EQ(driver.inserts, 1000u);
}

TEST(Statements, ADriverWithoutRecordsIsGivenNoVerbs) {
  ScriptedDriver driver;
  driver.facts.verbs = false;
  RunPlan plan = StatementsOnly();
  plan.data.load = LoadData::kAlways;
  ASSERT_TRUE(RunAgainst(plan, &driver).outcome);
  EXPECT_EQ(driver.inserts, 0u);
  plan.mix.weights[0] = 1;
  const Ran ran = RunAgainst(plan, &driver);
  ASSERT_FALSE(ran.outcome);
  EXPECT_EQ(ran.outcome.error().message,
            "driver script has no records to read and update; describe requests as statements");
}

// ---- steps and labels ---------------------------------------------------------------------------

std::uint64_t PartCount(const Observed& observed, const std::string& name,
                        Outcome outcome = Outcome::kOk) {
  std::uint64_t count = 0;
  for (const Interval& interval : observed.intervals) {
    const auto part = interval.parts.find(name);
    if (part != interval.parts.end()) count += part->second.Count(outcome);
  }
  return count;
}

TEST(Parts, AStepIsNoOpAndEveryOpHasItsSteps) {
  ScriptedDriver driver;
  driver.script = [](const Op&, std::uint64_t) { return ScriptedDriver::Answer{.steps = {1, 2}}; };
  const Ran ran = RunAgainst(StatementsOnly(), &driver);
  ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
  EXPECT_EQ(ran.outcome->account.offered, 200u);
  EXPECT_EQ(ran.outcome->account.Ended(), 200u);
  EXPECT_TRUE(ran.outcome->account.Balances());
  EXPECT_EQ(ran.observed.Ended(), 200u);
  EXPECT_EQ(PartCount(ran.observed, "transfer:label 1"), 200u);
  EXPECT_EQ(PartCount(ran.observed, "transfer:label 2"), 200u);
}

TEST(Parts, AStepIsTimedFromItsOwnStartAndTheOpOverAllOfThem) {
  ScriptedDriver driver;
  driver.script = [](const Op&, std::uint64_t) {
    return ScriptedDriver::Answer{.steps = {1, 2, 3}};
  };
  const Ran ran = RunAgainst(StatementsOnly(), &driver);
  Interval total;
  for (const Interval& interval : ran.observed.intervals) total.Add(interval);
  for (const char* step : {"transfer:label 1", "transfer:label 2", "transfer:label 3"}) {
    EXPECT_EQ(total.parts[step].response[0].Max(), ScriptedSession::kStep);
    EXPECT_EQ(total.parts[step].response[0], total.parts[step].service);
  }
  EXPECT_GT(total.ops[0].service.Min(), ScriptedSession::kStep);
}

TEST(Parts, LabelsSplitAnOpAndDoNotCountItTwice) {
  ScriptedDriver driver;
  driver.script = [](const Op&, std::uint64_t n) {
    if (n % 4 == 3)
      return ScriptedDriver::Answer{.label = 2, .outcome = Outcome::kFailed, .error = 7};
    return ScriptedDriver::Answer{.label = static_cast<std::uint16_t>(n % 4 == 0 ? 0 : 1)};
  };
  RunPlan plan = StatementsOnly();
  plan.load.stages[0].from = 1;
  const Ran ran = RunAgainst(plan, &driver);
  ASSERT_TRUE(ran.outcome);
  EXPECT_EQ(ran.outcome->account.Ended(), 200u);
  EXPECT_TRUE(ran.outcome->account.Balances());
  EXPECT_EQ(ran.observed.Ended(), 200u);
  EXPECT_EQ(PartCount(ran.observed, "transfer:label 1"), 100u);
  EXPECT_EQ(PartCount(ran.observed, "transfer:label 2", Outcome::kFailed), 50u);
  std::uint64_t errors = 0;
  Interval total;
  for (const Interval& interval : ran.observed.intervals) total.Add(interval);
  errors = total.parts["transfer:label 2"].errors["error 7"];
  EXPECT_EQ(errors, 50u);
  EXPECT_EQ(total.ops[0].errors["error 7"], 50u);
}

TEST(Parts, BeyondTheMostAreTogetherAndTheSameOnesInEveryWorker) {
  ScriptedDriver driver;
  driver.script = [](const Op&, std::uint64_t n) {
    return ScriptedDriver::Answer{.label = static_cast<std::uint16_t>(1 + n % 100)};
  };
  RunPlan plan = StatementsOnly();
  plan.load.ops = 4000;
  plan.engine.workers = 2;
  const Ran ran = RunAgainst(plan, &driver);
  Interval total;
  for (const Interval& interval : ran.observed.intervals) total.Add(interval);
  EXPECT_EQ(total.parts.size(), kMostParts + 1);
  std::uint64_t sum = 0;
  for (const auto& [name, part] : total.parts) sum += part.Ended();
  EXPECT_EQ(sum, 4000u);
  EXPECT_EQ(total.parts["transfer:other"].Ended(), 36u * 40);
  for (const auto& [name, part] : total.parts)
    EXPECT_EQ(part.Ended(), name == "transfer:other" ? 36u * 40 : 40u) << name;
}

TEST(Parts, StepsOfTheWarmUpAreLeftOut) {
  ScriptedDriver driver;
  driver.script = [](const Op&, std::uint64_t) { return ScriptedDriver::Answer{.steps = {1}}; };
  RunPlan plan = StatementsOnly();
  plan.load.ops = 0;
  plan.load.stages[0].over = 250 * kMillisecond;
  plan.load.model = LoadModel::kOpen;
  plan.load.stages[0].from = 1000;
  plan.load.warmup = 100 * kMillisecond;
  const Ran ran = RunAgainst(plan, &driver);
  ASSERT_TRUE(ran.outcome);
  EXPECT_EQ(ran.outcome->account.Ended(), 250u);
  EXPECT_EQ(PartCount(ran.observed, "transfer:label 1"), 250u);
}

}  // namespace
}  // namespace mbench
