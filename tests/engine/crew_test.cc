// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/crew.h"

#include <gtest/gtest.h>

#include "tests/engine/fixtures.h"

namespace mbench {
namespace {

TEST(SizeCrew, GivesABlockingDriverAThreadPerClient) {
  const RunPlan plan = SmallPlan();
  const auto size = SizeCrew(plan, true, {{0, 3}, {kSecond, 9}});
  ASSERT_TRUE(size);
  EXPECT_EQ(size->workers, 9u);
  EXPECT_EQ(size->connections, 9u);
}

TEST(SizeCrew, LetsClientsShareConnections) {
  RunPlan plan = SmallPlan();
  plan.load.connections = 4;
  const auto size = SizeCrew(plan, true, {{0, 9}});
  ASSERT_TRUE(size);
  EXPECT_EQ(size->workers, 4u);
}

TEST(SizeCrew, PutsManyConnectionsOnFewWorkersWhenTheDriverDoesNotBlock) {
  RunPlan plan = SmallPlan();
  plan.engine.workers = 2;
  const auto size = SizeCrew(plan, false, {{0, 1000}});
  ASSERT_TRUE(size);
  EXPECT_EQ(size->workers, 2u);
  EXPECT_EQ(size->connections, 1000u);
}

TEST(SizeCrew, RefusesFewerThreadsThanABlockingDriverNeeds) {
  RunPlan plan = SmallPlan();
  plan.engine.workers = 2;
  const auto size = SizeCrew(plan, true, {{0, 8}});
  ASSERT_FALSE(size);
  EXPECT_EQ(size.error().kind, ErrorKind::kUsage);
  EXPECT_NE(size.error().message.find("each of its 8 connections"), std::string::npos);
}

// Sessions that cannot be had: the crew goes home and says why, and no thread is left.
TEST(Crew, FailsToStartWithTheErrorOfTheSession) {
  struct Refusing : Driver {
    Result<DriverFacts> Open() override { return DriverFacts{.blocking = true}; }
    Result<std::unique_ptr<Session>> NewSession(const SessionPlan& /*plan*/) override {
      return Unreachable("127.0.0.1:1 refused the connection");
    }
  };
  const RunPlan plan = SmallPlan();
  Refusing driver;
  const DriverFacts facts = *driver.Open();
  Crew crew(plan, facts, &driver);
  const Status started = crew.Start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message, "127.0.0.1:1 refused the connection");
  EXPECT_FALSE(crew.Running());
}

}  // namespace
}  // namespace mbench
