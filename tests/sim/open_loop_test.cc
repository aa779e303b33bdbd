// SPDX-License-Identifier: Apache-2.0
//
// The open model: what a server does to the ops that are due, whatever it does.
#include <gtest/gtest.h>

#include "tests/load/stages.h"
#include "tests/sim/simulation.h"

namespace mbench {
namespace {

SimulationOptions SteadyAt(double rate_per_s, Ticks over) {
  SimulationOptions options;
  options.load = OneStage(Steady(rate_per_s, over));
  options.server = {{"service", "100us"}, {"distribution", "constant"}, {"capacity", "64"}};
  return options;
}

// A server that stalls for one second must raise p99 of response time, though each single request
// is fast.
TEST(OpenLoop, StallIsChargedToEveryRequestThatWasDueDuringIt) {
  SimulationOptions options = SteadyAt(1000, 10 * kSecond);
  options.server["stalls"] = "5s+1s";
  options.connections = 1;
  const SimulationResult result = Simulate(options);
  EXPECT_TRUE(result.account.Balances());
  EXPECT_EQ(result.account.Ended(), 10'000u);
  // All that were due in the stall, and those that queued while the one connection worked off the
  // backlog: it does 10 in the time in which one is due, so 1000 / 9 more.
  EXPECT_NEAR(static_cast<double>(result.response().CountAbove(kMillisecond)), 1000 + 1000. / 9,
              20);
  EXPECT_LE(result.service().CountAbove(kMillisecond), 1u);
}

TEST(OpenLoop, EveryOpIsAccountedForInEveryProfile) {
  for (const auto& [name, load] : EveryProfile()) {
    for (const Arrivals arrivals : {Arrivals::kConstant, Arrivals::kPoisson}) {
      SimulationOptions options = SteadyAt(1, kSecond);
      options.load = load;
      options.load.arrivals = arrivals;
      const SimulationResult result = Simulate(options);
      EXPECT_TRUE(result.account.Balances()) << name;
      EXPECT_EQ(result.account.Ended(), result.due) << name;
    }
  }
}

TEST(OpenLoop, WarmUpIsNotMeasured) {
  SimulationOptions options = SteadyAt(1000, 10 * kSecond);
  options.load.warmup = 3 * kSecond;
  const SimulationResult result = Simulate(options);
  EXPECT_EQ(result.account.Ended(), 10'000u);
  EXPECT_EQ(result.total.warmup_ops, 3000u);
}

TEST(OpenLoop, AServerThatIsTooSlowLeavesTheRestWaitingAndSaysSo) {
  SimulationOptions options = SteadyAt(1000, 10 * kSecond);
  options.server = {{"service", "10ms"}, {"distribution", "constant"}, {"capacity", "4"}};
  options.connections = 4;
  options.load.drain = kSecond;
  const SimulationResult result = Simulate(options);
  // 4 servers of 10 ms carry 400 per second, for the 10 s of the run and the second of the drain.
  EXPECT_NEAR(static_cast<double>(result.account.Ended()), 4400, 8);
  EXPECT_EQ(result.account.offered, 10'000u);
  EXPECT_TRUE(result.account.Balances());
  EXPECT_GT(result.account.waiting, 5500u);
  // Op n was due at n ms and started at about 2.5 n ms.
  EXPECT_NEAR(ToSeconds(result.response().ValueAtPercentile(50)), 2200 * 1.5e-3, 0.05);
}

TEST(OpenLoop, LagOfWaitingForAConnectionIsNotTheHarnessesOwnDelay) {
  SimulationOptions options = SteadyAt(1000, 10 * kSecond);
  options.server = {{"service", "10ms"}, {"distribution", "constant"}, {"capacity", "4"}};
  options.connections = 4;
  const SimulationResult result = Simulate(options);
  EXPECT_GT(result.total.lag.ValueAtPercentile(50), kSecond);
  EXPECT_LT(result.total.delay.Max(), kMillisecond);
}

// Ops wait for the thread that stands still, and later for the connections, which are busy with its
// backlog: both are the generator's doing. With two connections, that is nearly all of the time.
TEST(OpenLoop, AStandstillOfTheThreadIsItsOwnDelayForEveryOpThatWasDueDuringIt) {
  for (const std::uint32_t connections : {2u, 64u}) {
    SimulationOptions options = SteadyAt(10'000, 10 * kSecond);
    options.connections = connections;
    options.standstills = {{2 * kSecond, 100 * kMillisecond},
                           {5 * kSecond, 100 * kMillisecond},
                           {8 * kSecond, 100 * kMillisecond}};
    const SimulationResult result = Simulate(options);
    EXPECT_NEAR(static_cast<double>(result.total.delay.CountAbove(kMillisecond)), 3 * 990, 30)
        << connections;
    EXPECT_NEAR(ToSeconds(result.total.delay.Max()), 0.1, 0.08) << connections;
    EXPECT_EQ(result.account.Ended(), 100'000u);
  }
}

TEST(OpenLoop, AStandstillOfTheServerIsNotTheThreadsOwnDelay) {
  SimulationOptions options = SteadyAt(10'000, 10 * kSecond);
  options.server["stalls"] = "5s+1s";
  const SimulationResult result = Simulate(options);
  EXPECT_GT(result.total.lag.ValueAtPercentile(99), 100 * kMillisecond);
  EXPECT_LT(result.total.delay.Max(), kMillisecond);
}

TEST(OpenLoop, AnOpThatTimesOutCountsWithTheTimeAfterWhichItWasGivenUp) {
  SimulationOptions options = SteadyAt(100, 2 * kSecond);
  options.server["never_answers"] = "true";
  options.timeout = 250 * kMillisecond;
  options.connections = 1000;
  const SimulationResult result = Simulate(options);
  EXPECT_EQ(result.Count(Outcome::kTimedOut), 200u);
  EXPECT_NEAR(ToSeconds(result.response().ValueAtPercentile(50)), 0.25, 0.001);
}

TEST(OpenLoop, FailedOpsDoNotCountAsFastSuccesses) {
  SimulationOptions options = SteadyAt(1000, 10 * kSecond);
  options.server["error_rate"] = "10%";
  const SimulationResult result = Simulate(options);
  EXPECT_NEAR(static_cast<double>(result.Count(Outcome::kFailed)), 1000, 120) << "seed 42";
  EXPECT_EQ(result.response().TotalCount(), 10'000u - result.Count(Outcome::kFailed));
  ASSERT_EQ(result.read().errors.size(), 1u);
  EXPECT_EQ(result.read().errors.begin()->second, result.Count(Outcome::kFailed));
}

TEST(OpenLoop, ADeadServerFailsOpsAndTheRateGoesOn) {
  SimulationOptions options = SteadyAt(1000, 10 * kSecond);
  options.server["die_at"] = "4s";
  const SimulationResult result = Simulate(options);
  EXPECT_EQ(result.account.Ended(), 10'000u);
  EXPECT_NEAR(static_cast<double>(result.Count(Outcome::kFailed)), 6000, 2);
}

}  // namespace
}  // namespace mbench
