// SPDX-License-Identifier: Apache-2.0
//
// Whole runs of statements against a scripted driver, on the real clock: what the driver is given,
// and what becomes of steps and labels.
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/engine/conductor.h"
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
                          .label = "outcome",
                          .body = {{"isolation", "serializable"}},
                          .arguments = {"amount", "key"},
                          .steps = {{.name = "debit", .body = {{"sql", "{amount}"}}},
                                    {.name = "credit", .body = {{"sql", "{key}"}}}}}};
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
  EXPECT_EQ(spec.label, "outcome");
  EXPECT_EQ(spec.body.at("isolation"), "serializable");
  EXPECT_EQ(spec.arguments, (std::vector<std::string>{"amount", "key"}));
  ASSERT_EQ(spec.steps.size(), 2u);
  EXPECT_EQ(spec.steps[1].name, "credit");
  EXPECT_EQ(spec.steps[1].body.at("sql"), "{key}");
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
  driver.facts.empty = false;
  const Ran ran = RunAgainst(StatementsOnly(), &driver);
  ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
  EXPECT_EQ(driver.inserts, 0u);
  EXPECT_EQ(driver.dataset, "");
}

TEST(Statements, AloneMarkDataOfAnEarlierLoadAsChanged) {
  ScriptedDriver driver;
  driver.facts.empty = false;
  driver.facts.dataset = "a hundred records";
  ASSERT_TRUE(RunAgainst(StatementsOnly(), &driver).outcome);
  EXPECT_EQ(driver.dataset, "changed a hundred records");
  driver.facts.dataset = driver.dataset;
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

}  // namespace
}  // namespace mbench
