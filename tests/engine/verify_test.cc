// SPDX-License-Identifier: Apache-2.0
//
// Whole runs whose data are looked at when they are over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drivers/verifier.h"
#include "harness/engine/conductor.h"
#include "tests/body_of.h"
#include "tests/engine/fixtures.h"
#include "tests/engine/scripted_driver.h"

namespace mbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class VerifyingDriver : public ScriptedDriver, public DataVerifier {
 public:
  DataVerifier* Verifier() override { return verifies ? this : nullptr; }
  bool FollowsWrites() const override { return true; }
  Status LogWrites() override {
    events.emplace_back("log writes");
    return log_answer;
  }
  Result<std::vector<CheckResult>> Verify() override {
    events.emplace_back("verify");
    return answer;
  }

  bool verifies = true;
  Status log_answer;
  Result<std::vector<CheckResult>> answer =
      std::vector<CheckResult>{{"acknowledged writes", "none lost", "2 of 9 lost", false}};
};

RunPlan VerifiedPlan() {
  RunPlan plan = SmallPlan();
  plan.driver.use = "script";
  plan.verify.writes = true;
  plan.verify.checks = {{.name = "all there", .body = BodyOf({{"count", "a"}, {"expect", "7"}})}};
  return plan;
}

Result<RunOutcome> RunAgainst(VerifyingDriver* driver) {
  Observed observed;
  const DriverFacts facts = *driver->Open();
  const RunPlan plan = VerifiedPlan();
  Conductor conductor(plan, facts, driver, &observed);
  return conductor.Run();
}

TEST(Verify, IsSaidBeforeAnythingIsDoneAndAskedWhenAllIsOver) {
  VerifyingDriver driver;
  const auto outcome = RunAgainst(&driver);
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_GE(driver.events.size(), 3u);
  EXPECT_EQ(driver.events[0], "log writes");
  EXPECT_EQ(driver.events[1], "prepare");
  EXPECT_EQ(driver.events.back(), "verify");
  ASSERT_EQ(driver.checks.size(), 1u);
  EXPECT_EQ(driver.checks[0].name, "all there");
  EXPECT_EQ(driver.checks[0].Find("expect")->text, "7");
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
  EXPECT_THAT(driver.events, ElementsAre("log writes", "prepare"));
}

TEST(Verify, WritesThatCannotBeLoggedEndTheRunBeforeItBegins) {
  VerifyingDriver driver;
  driver.log_answer = BadConfig("nobody acknowledges them");
  const auto outcome = RunAgainst(&driver);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "nobody acknowledges them");
  EXPECT_THAT(driver.events, ElementsAre("log writes"));
}

TEST(Verify, IsRefusedByNameWhereADriverCannot) {
  VerifyingDriver driver;
  driver.verifies = false;
  const auto outcome = RunAgainst(&driver);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("driver script cannot look at its data"));
  EXPECT_TRUE(driver.events.empty());
}

TEST(Verify, AnInterruptedRunIsNotVerified) {
  VerifyingDriver driver;
  Observed observed;
  const DriverFacts facts = *driver.Open();
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
