// SPDX-License-Identifier: Apache-2.0
#include "harness/result/plan_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/result/json_text.h"
#include "tests/body_of.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

RunPlan MakePlan() {
  RunPlan plan;
  plan.name = "plan";
  plan.driver.use = "postgres";
  plan.driver.shown = {{"uri", "postgres://bench:${PGPASSWORD}@db/bench"}};
  plan.unstored = {"hunter2"};
  plan.load.model = LoadModel::kOpen;
  plan.load.stages = {{.profile = Profile::kSpike,
                       .over = 90 * kSecond,
                       .from = 2000,
                       .to = 20'000,
                       .spike_at = 30 * kSecond,
                       .spike_for = 10 * kSecond}};
  plan.load.warmup = 5 * kSecond;
  plan.mix.weights[static_cast<std::size_t>(Verb::kRead)] = 95;
  plan.mix.statements = {
      {.name = "get", .weight = 5, .body = BodyOf({{"http", "GET /x?token=hunter2"}})}};
  plan.events = {{.at = 3 * kSecond, .name = "stop", .run = "stop --password hunter2"}};
  plan.slo = {*ParseSlo("p99(read) < 10ms")};
  return plan;
}

TEST(PlanJson, HoldsResolvedValuesWithUnitsInTheirNames) {
  const Json json = Json::parse(PlanJson(MakePlan()));
  EXPECT_EQ(json["data"]["records"], defaults::kRecords);
  EXPECT_EQ(json["data"]["load_records"], defaults::kRecords);
  EXPECT_EQ(json["load"]["model"], "open");
  EXPECT_EQ(json["load"]["stages"][0]["spike_at_s"], 30.0);
  EXPECT_EQ(json["load"]["stages"][0]["to"], 20'000.0);
  EXPECT_EQ(json["load"]["connections"], defaults::kOpenConnections);
  EXPECT_EQ(json["load"]["warmup_s"], 5.0);
  EXPECT_EQ(json["mix"]["weights"], Json::parse(R"({"read":95.0})"));
  EXPECT_EQ(json["slo"][0], "p99(read) < 10ms");
  EXPECT_EQ(json["engine"]["timeout_s"], 10.0);
  EXPECT_EQ(json["engine"]["seed"], defaults::kSeed);
}

TEST(PlanJson, OfSeveralSystemsSaysWhichOneEachStatementGoesTo) {
  RunPlan plan = MakePlan();
  plan.driver.name = "cache";
  plan.other_systems = {{.use = "postgres", .name = "primary"}};
  plan.mix.statements[0].system = 1;
  const Json json = Json::parse(PlanJson(plan));
  EXPECT_FALSE(json.contains("driver"));
  EXPECT_EQ(json["systems"]["cache"]["use"], plan.driver.use);
  EXPECT_EQ(json["systems"]["primary"]["use"], "postgres");
  EXPECT_EQ(json["mix"]["statements"][0]["on"], "primary");
}

TEST(PlanJson, HoldsNoSecret) {
  const std::string text = PlanJson(MakePlan());
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, HasSubstr("${PGPASSWORD}"));
  EXPECT_THAT(text, HasSubstr("stop --password ***"));
}

}  // namespace
}  // namespace mbench
