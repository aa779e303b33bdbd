// SPDX-License-Identifier: Apache-2.0
//
// Whole runs whose data are looked at when they are over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/engine/conductor.h"
#include "tests/engine/fixtures.h"
#include "tests/engine/scripted_driver.h"

namespace mbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class VerifyingDriver : public ScriptedDriver {
 public:
  Status PrepareVerify(VerifySpec spec) override {
    events.emplace_back("prepare verify");
    asked = std::move(spec);
    return prepare_answer;
  }
  Result<std::vector<CheckResult>> Verify() override {
    events.emplace_back("verify");
    return answer;
  }

  VerifySpec asked;
  Status prepare_answer;
  Result<std::vector<CheckResult>> answer =
      std::vector<CheckResult>{{"acknowledged writes", "none lost", "2 of 9 lost", false}};
};

RunPlan VerifiedPlan() {
  RunPlan plan = SmallPlan();
  plan.driver.use = "script";
  plan.verify.writes = true;
  plan.verify.checks = {{.name = "all there", .body = {{"count", "a"}, {"expect", "7"}}}};
  return plan;
}

Result<RunOutcome> RunAgainst(VerifyingDriver* driver, bool verifies = true) {
  Observed observed;
  DriverFacts facts = *driver->Open();
  facts.verifies = verifies;
  const RunPlan plan = VerifiedPlan();
  Conductor conductor(plan, facts, driver, &observed);
  return conductor.Run();
}

TEST(Verify, IsSaidBeforeAnythingIsDoneAndAskedWhenAllIsOver) {
  VerifyingDriver driver;
  const auto outcome = RunAgainst(&driver);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(driver.events.front(), "prepare verify");
  EXPECT_EQ(driver.events.back(), "verify");
  EXPECT_TRUE(driver.asked.writes);
  ASSERT_EQ(driver.asked.checks.size(), 1u);
  EXPECT_EQ(driver.asked.checks[0].name, "all there");
  EXPECT_EQ(driver.asked.checks[0].use, StatementUse::kCheck);
  EXPECT_EQ(driver.asked.checks[0].body.at("expect"), "7");
  ASSERT_EQ(outcome->checks.size(), 1u);
  EXPECT_EQ(outcome->checks[0].what, "acknowledged writes");
  EXPECT_EQ(outcome->checks[0].target, "none lost");
  EXPECT_EQ(outcome->checks[0].measured, "2 of 9 lost");
  EXPECT_FALSE(outcome->checks[0].ok);
  EXPECT_TRUE(outcome->remarks_after.invalid.empty()) << "the run itself is fine";
}

TEST(Verify, WhatCannotBeAnsweredMakesTheRunInvalid) {
  VerifyingDriver driver;
  driver.answer = Unreachable("nobody there");
  const auto outcome = RunAgainst(&driver);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->checks.empty());
  EXPECT_THAT(outcome->remarks_after.invalid,
              ElementsAre("the data could not be verified: nobody there"));
}

TEST(Verify, ACheckThatCannotBeRightEndsTheRunBeforeItBegins) {
  VerifyingDriver driver;
  driver.prepare_answer = BadConfig("no such check");
  const auto outcome = RunAgainst(&driver);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "no such check");
  EXPECT_THAT(driver.events, ElementsAre("prepare verify"));
}

TEST(Verify, IsRefusedByNameWhereADriverCannot) {
  VerifyingDriver driver;
  const auto outcome = RunAgainst(&driver, false);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("driver script cannot look at its data"));
  EXPECT_TRUE(driver.events.empty());
}

TEST(Verify, AnInterruptedRunIsNotVerified) {
  VerifyingDriver driver;
  Observed observed;
  DriverFacts facts = *driver.Open();
  facts.verifies = true;
  RunPlan plan = VerifiedPlan();
  plan.load.stages[0].over = kMinute;
  Conductor conductor(plan, facts, &driver, &observed);
  driver.script = [&conductor](const Op& op, std::uint64_t) {
    if (op.kind == OpKind::kRead) conductor.Interrupt();
    return ScriptedDriver::Answer{};
  };
  const auto outcome = conductor.Run();
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->interrupted);
  EXPECT_TRUE(outcome->checks.empty());
  EXPECT_THAT(outcome->remarks_after.warnings,
              ElementsAre("the data were not verified: interrupted"));
}

}  // namespace
}  // namespace mbench
