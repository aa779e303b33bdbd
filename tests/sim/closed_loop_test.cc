// SPDX-License-Identifier: Apache-2.0
//
// The closed model: clients that wait for their replies.
#include <gtest/gtest.h>

#include "tests/load/stages.h"
#include "tests/sim/simulation.h"

namespace mbench {
namespace {

SimulationOptions Clients(const StagePlan& stage) {
  SimulationOptions options;
  options.load = OneStage(stage);
  options.load.model = LoadModel::kClosed;
  options.server = {{"service", "1ms"}, {"distribution", "constant"}, {"capacity", "1000"}};
  return options;
}

double Ended(const SimulationResult& result) { return static_cast<double>(result.account.Ended()); }

TEST(ClosedLoop, EachClientDoesOneOpAtATime) {
  const SimulationResult result = Simulate(Clients(Steady(8, 10 * kSecond)));
  EXPECT_NEAR(Ended(result), 8 * 10'000, 16);
  EXPECT_NEAR(static_cast<double>(result.response().Max()), 1e6, 2e3);
  EXPECT_TRUE(result.account.Balances());
}

TEST(ClosedLoop, ThinkTimeIsBetweenOpsAndNotInTheirResponse) {
  SimulationOptions options = Clients(Steady(8, 10 * kSecond));
  options.load.think = 9 * kMillisecond;
  const SimulationResult result = Simulate(options);
  EXPECT_NEAR(Ended(result), 8 * 1000, 8);
  EXPECT_NEAR(static_cast<double>(result.response().Max()), 1e6, 2e3);
}

TEST(ClosedLoop, ARampOfClientsDoesTheAreaUnderIt) {
  const SimulationResult result = Simulate(Clients(Ramp(0, 50, 10 * kSecond)));
  // Each client does 1000 ops a second: 250 client seconds.
  EXPECT_NEAR(Ended(result), 250'000, 2500);
}

TEST(ClosedLoop, ClientsThatAreNoLongerWantedLeave) {
  const SimulationResult result =
      Simulate(Clients(Spike(2, 40, 3 * kSecond, kSecond, 10 * kSecond)));
  EXPECT_NEAR(Ended(result), (9 * 2 + 40) * 1000, 100);
}

TEST(ClosedLoop, ClientsThatShareConnectionsWaitForThemAndTheWaitIsMeasured) {
  SimulationOptions options = Clients(Steady(10, 10 * kSecond));
  options.connections = 2;
  const SimulationResult result = Simulate(options);
  EXPECT_NEAR(Ended(result), 2 * 10'000, 16);
  // Ten clients at two connections: each waits for four others.
  EXPECT_NEAR(static_cast<double>(result.response().ValueAtPercentile(50)), 5e6, 1e4);
  EXPECT_NEAR(static_cast<double>(result.service().ValueAtPercentile(50)), 1e6, 2e3);
  EXPECT_TRUE(result.account.Balances());
}

TEST(ClosedLoop, WarmUpIsNotMeasured) {
  SimulationOptions options = Clients(Steady(4, 10 * kSecond));
  options.load.warmup = 2 * kSecond;
  const SimulationResult result = Simulate(options);
  EXPECT_NEAR(Ended(result), 40'000, 8);
  EXPECT_NEAR(static_cast<double>(result.total.warmup_ops), 8000, 8);
}

}  // namespace
}  // namespace mbench
