// SPDX-License-Identifier: Apache-2.0
#include "drivers/sim/simulated_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace mbench::sim {
namespace {

constexpr std::uint64_t kSeed = 20240521;
constexpr Ticks kPatient = kHour;

ServerPlan Constant(Ticks service, std::size_t capacity) {
  return {.service = service, .distribution = Distribution::kConstant, .capacity = capacity};
}

class ServerTest : public ::testing::Test {
 protected:
  Reply Send(SimulatedServer& server, Ticks now, Ticks timeout = kPatient) {
    return server.Send(OpKind::kRead, now, timeout, rng_);
  }
  Rng rng_{kSeed};
};

TEST_F(ServerTest, RequestsBeyondTheCapacityWaitInTheirOrder) {
  SimulatedServer server(Constant(100, 2));
  EXPECT_EQ(Send(server, 1000).at, 1100);
  EXPECT_EQ(Send(server, 1010).at, 1110);
  EXPECT_EQ(Send(server, 1020).at, 1200) << "waits for the first";
  EXPECT_EQ(Send(server, 1020).at, 1210) << "waits for the second";
  EXPECT_EQ(Send(server, 1500).at, 1600) << "finds nobody";
}

TEST_F(ServerTest, AClientWaitsNoLongerThanItsTimeout) {
  SimulatedServer server(Constant(100, 1));
  const Reply reply = Send(server, 0, 30);
  EXPECT_EQ(reply.outcome, Outcome::kTimedOut);
  EXPECT_EQ(reply.at, 30);
  EXPECT_EQ(Send(server, 40).at, 200) << "the server goes on with what nobody waits for";
}

TEST_F(ServerTest, AReplyAtTheMomentOfTheTimeoutIsInTime) {
  SimulatedServer server(Constant(100, 1));
  EXPECT_EQ(Send(server, 0, 100).outcome, Outcome::kOk);
}

TEST_F(ServerTest, StallsCountFromTheFirstRequest) {
  ServerPlan plan = Constant(100, 1);
  plan.stalls = Stalls::Parse("1s+1s").value();
  SimulatedServer server(plan);
  const Ticks start = 5 * kSecond;
  EXPECT_EQ(Send(server, start).at, start + 100);
  EXPECT_EQ(Send(server, start + kSecond).at, start + 2 * kSecond + 100);
}

TEST_F(ServerTest, RejectsWhileTheQueueIsFull) {
  ServerPlan plan = Constant(kSecond, 1);
  plan.reject_above = 2;
  SimulatedServer server(plan);
  EXPECT_EQ(Send(server, 0).outcome, Outcome::kOk) << "served at once";
  EXPECT_EQ(Send(server, 0).outcome, Outcome::kOk) << "first in the queue";
  EXPECT_EQ(Send(server, 0).outcome, Outcome::kOk) << "second in the queue";
  const Reply rejected = Send(server, 0);
  EXPECT_EQ(rejected.outcome, Outcome::kRejected);
  EXPECT_EQ(rejected.error, kQueueFull);
  EXPECT_EQ(rejected.at, SimulatedServer::kRefusal);
  EXPECT_EQ(Send(server, kSecond).outcome, Outcome::kOk) << "the queue has moved on";
}

TEST_F(ServerTest, DeathEndsWhatIsInFlightAndRefusesTheRest) {
  ServerPlan plan = Constant(100, 8);
  plan.die_at = 1000;
  SimulatedServer server(plan);
  EXPECT_EQ(Send(server, 50).outcome, Outcome::kOk);
  const Reply lost = Send(server, 1000);
  EXPECT_EQ(lost.outcome, Outcome::kFailed);
  EXPECT_EQ(lost.error, kConnectionLost);
  EXPECT_EQ(lost.at, 1050);
  const Reply refused = Send(server, 1050);
  EXPECT_EQ(refused.error, kConnectionRefused);
  EXPECT_EQ(refused.at, 1050 + SimulatedServer::kRefusal);
}

TEST_F(ServerTest, AServerThatNeverAnswersLetsEveryRequestTimeOut) {
  ServerPlan plan = Constant(1, 8);
  plan.never_answers = true;
  SimulatedServer server(plan);
  for (const Ticks now : {0, 10, 500}) {
    const Reply reply = Send(server, now, 70);
    EXPECT_EQ(reply.outcome, Outcome::kTimedOut);
    EXPECT_EQ(reply.at, now + 70);
  }
}

TEST_F(ServerTest, OnlyReadsMissRecords) {
  ServerPlan plan = Constant(1, 8);
  plan.missing = 1;
  SimulatedServer server(plan);
  EXPECT_EQ(server.Send(OpKind::kRead, 0, kPatient, rng_).outcome, Outcome::kNotFound);
  EXPECT_EQ(server.Send(OpKind::kUpdate, 0, kPatient, rng_).outcome, Outcome::kOk);
}

TEST_F(ServerTest, SlowdownIsAPartOfTheServiceTime) {
  ServerPlan plan = Constant(1000, 1);
  plan.slowdown = 0.2;
  SimulatedServer server(plan);
  EXPECT_EQ(Send(server, 0).at, 1200);
}

TEST_F(ServerTest, ErrorsComeAtTheirRate) {
  ServerPlan plan = Constant(1, 1);
  plan.error_rate = 0.1;
  SimulatedServer server(plan);
  int errors = 0;
  constexpr int kRequests = 100'000;
  for (int i = 0; i < kRequests; ++i) errors += Send(server, i).error == kSimulated ? 1 : 0;
  // Five standard deviations of a binomial: sqrt(100000 x 0.1 x 0.9) = 95.
  EXPECT_NEAR(errors, kRequests / 10, 475) << "seed " << kSeed;
}

// Each far from the one before it, so that none waits.
std::vector<double> ServiceTimes(Distribution distribution, Rng& rng) {
  SimulatedServer server({.service = kMillisecond, .distribution = distribution, .capacity = 1});
  std::vector<double> times;
  for (Ticks now = 0; times.size() < 200'000; now += kHour) {
    times.push_back(static_cast<double>(server.Send(OpKind::kRead, now, kHour, rng).at - now) /
                    kMillisecond);
  }
  std::ranges::sort(times);
  return times;
}

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

TEST_F(ServerTest, EveryDistributionHasTheMeanItWasGiven) {
  for (const Distribution d : {Distribution::kConstant, Distribution::kExponential,
                               Distribution::kLognormal, Distribution::kUniform}) {
    // Five standard errors of the widest of them, lognormal: 1.31 / sqrt(200000) = 0.0029.
    EXPECT_NEAR(Mean(ServiceTimes(d, rng_)), 1, 0.015) << static_cast<int>(d) << " seed " << kSeed;
  }
}

TEST_F(ServerTest, DistributionsHaveTheirShape) {
  const auto at = [](const std::vector<double>& sorted, double part) {
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size()))];
  };
  const auto exponential = ServiceTimes(Distribution::kExponential, rng_);
  EXPECT_NEAR(at(exponential, 0.5), std::log(2), 0.02);
  EXPECT_NEAR(at(exponential, 0.99), std::log(100), 0.15);
  const auto lognormal = ServiceTimes(Distribution::kLognormal, rng_);
  EXPECT_NEAR(at(lognormal, 0.5), std::exp(-0.5), 0.02);
  EXPECT_NEAR(at(lognormal, 0.99), std::exp(2.326 - 0.5), 0.3);
  const auto uniform = ServiceTimes(Distribution::kUniform, rng_);
  EXPECT_NEAR(at(uniform, 0.25), 0.5, 0.02);
  EXPECT_LT(uniform.back(), 2);
}

// M/M/c with 80 % load: the mean wait is known (Erlang C), so the queue is right if it comes out.
TEST_F(ServerTest, WaitsAreThoseOfErlang) {
  constexpr double kServers = 4;
  constexpr double kLoad = 3.2;
  SimulatedServer server({.service = kMillisecond, .capacity = 4});
  double now = 0;
  double waited = 0;
  constexpr int kRequests = 400'000;
  for (int i = 0; i < kRequests; ++i) {
    now += rng_.Exponential() * kMillisecond / kLoad;
    waited += static_cast<double>(Send(server, std::llround(now)).at) - now - kMillisecond;
  }
  // Erlang C for 4 servers and 3.2 erlang is 0.5964; mean wait = C / (4 - 3.2) service times.
  EXPECT_NEAR(waited / kRequests / kMillisecond, 0.5964 / (kServers - kLoad), 0.05)
      << "seed " << kSeed;
}

}  // namespace
}  // namespace mbench::sim
