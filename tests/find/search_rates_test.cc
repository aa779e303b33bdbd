// SPDX-License-Identifier: Apache-2.0
//
// Searches on simulated queues of which the capacity is known, from a formula or from a simulation
// that is much longer than a probe: how often does the interval hold the truth, how wide is it, how
// many probes does it take? All with fixed seeds. Some hundred million requests: for an optimised
// build, as a target of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "harness/base/rng.h"
#include "harness/find/search.h"
#include "tests/find/simulated_queue.h"

namespace mbench {
namespace {

constexpr int kSearches = 100;

// Level at which `bad(level)` reaches `allowed`; it rises with the level.
double CrossingOf(const std::function<double(double)>& bad, double allowed, double low,
                  double high) {
  for (int i = 0; i < 60 && high - low > 0.01; ++i) {
    const double middle = (low + high) / 2;
    (bad(middle) < allowed ? low : high) = middle;
  }
  return (low + high) / 2;
}

// The share of requests that take `t` or more in M/M/c (Erlang C; Gross and others, "Fundamentals
// of Queueing Theory", 2.3).
double SlowShare(int servers, double mu, double lambda, double t) {
  const double load = lambda / mu;
  double term = 1, sum = 1;
  for (int i = 1; i < servers; ++i) sum += term *= load / i;
  term *= load / servers;
  const double tail = term * servers / (servers - load);
  const double waits = tail / (sum + tail);
  const double drain = servers * mu - lambda;
  const double slow = std::exp(-mu * t);
  if (servers == 1) return std::exp(-drain * t);
  const double both =
      (drain * slow - mu * std::exp(-drain * t)) / (static_cast<double>(servers - 1) * mu - lambda);
  return (1 - waits) * slow + waits * both;
}

double TruthOfMmc(const QueuePlan& plan) {
  const double mu = 1 / plan.service_s;
  return CrossingOf(
      [&](double lambda) { return SlowShare(plan.servers, mu, lambda, plan.limit_s); },
      plan.allowed, 1, plan.servers * mu * 0.9999);
}

double TruthBySimulation(const QueuePlan& plan) {
  constexpr double kLong = 20'000;
  return CrossingOf(
      [&](double level) {
        return JudgeShare(Simulate(plan, level, 30, kLong, 7).blocks, plan.allowed).share;
      },
      plan.allowed, 500, 990);
}

struct Tally {
  int inside = 0, narrow = 0, found = 0, most_probes = 0;
  double width = 0;
};

Tally Search100(const QueuePlan& plan, double window_s, double truth) {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= kSearches; ++seed) {
    CapacitySearch search({.start = 100});
    double warmup_s = 5;
    for (std::uint64_t number = 1; const auto next = search.Next(); ++number) {
      const double window = next->scout ? window_s / 4 : window_s;
      const Probe probe =
          ProbeOf(Simulate(plan, next->level, warmup_s, window, Mix64(seed, number)), plan,
                  next->level, next->scout);
      if (probe.end == ProbeEnd::kUnsettled) warmup_s *= 2;
      search.Add(probe);
    }
    const CapacityInterval answer = search.Answer();
    const double width = (answer.high - answer.low) / truth;
    tally.inside += answer.low <= truth && truth <= answer.high ? 1 : 0;
    tally.narrow += width <= 0.03 ? 1 : 0;
    tally.found += answer.end == SearchEnd::kFound ? 1 : 0;
    const auto probes = static_cast<int>(std::ranges::count_if(search.Probes(), &Probe::Counts));
    tally.most_probes = std::max(tally.most_probes, probes);
    tally.width += width / kSearches;
  }
  std::printf(
      "capacity %.1f/s: inside %d, within 3 %% %d, confirmed %d of %d; mean width %.2f %%\n", truth,
      tally.inside, tally.narrow, tally.found, kSearches, 100 * tally.width);
  return tally;
}

// `width`: mean of the intervals.
void ExpectHonest(const Tally& tally, double width = 0.03) {
  EXPECT_GE(tally.inside, 95);
  EXPECT_LE(tally.width, width);
  EXPECT_LE(tally.most_probes, 12);
}

TEST(SearchRates, HoldsTheTruthOfOneServer) {
  const QueuePlan plan;
  const double truth = TruthOfMmc(plan);
  EXPECT_NEAR(truth, 769.74, 0.02);
  ExpectHonest(Search100(plan, 1200, truth));
}

TEST(SearchRates, HoldsTheTruthOfEightServers) {
  const QueuePlan plan{.service_s = 0.008, .servers = 8, .limit_s = 0.060};
  ExpectHonest(Search100(plan, 1200, TruthOfMmc(plan)));
}

TEST(SearchRates, HoldsTheTruthOfADeterministicServer) {
  const QueuePlan plan{.service = Service::kConstant};
  ExpectHonest(Search100(plan, 1200, TruthBySimulation(plan)));
}

// Above its capacity it does a third of what it could do: what it answers there is no hint.
TEST(SearchRates, IsNotMisledByAServerThatCollapses) {
  const QueuePlan plan{.collapse_above = 200};
  ExpectHonest(Search100(plan, 1200, TruthOfMmc(plan)));
}

TEST(SearchRates, HoldsTheTruthOfAServerThatStalls) {
  const QueuePlan plan{.limit_s = 0.050, .stall_every_s = 10, .stall_s = 0.050};
  ExpectHonest(Search100(plan, 2400, TruthBySimulation(plan)));
}

TEST(SearchRates, LengthensAWarmUpThatIsTooShort) {
  const QueuePlan plan{.cold_s = 20};
  ExpectHonest(Search100(plan, 800, TruthOfMmc(plan)), 0.04);
}

}  // namespace
}  // namespace mbench
