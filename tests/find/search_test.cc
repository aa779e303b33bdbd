// SPDX-License-Identifier: Apache-2.0
//
// Searches on simulated queues of which the capacity is known, from a formula or from a simulation
// that is much longer than a probe: how often does the interval hold the truth, how wide is it, how
// many probes does it take? All with fixed seeds.
#include "harness/find/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "harness/base/rng.h"
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

TEST(CapacitySearch, HoldsTheTruthOfOneServer) {
  const QueuePlan plan;
  const double truth = TruthOfMmc(plan);
  EXPECT_NEAR(truth, 769.74, 0.02);
  ExpectHonest(Search100(plan, 1200, truth));
}

TEST(CapacitySearch, HoldsTheTruthOfEightServers) {
  const QueuePlan plan{.service_s = 0.008, .servers = 8, .limit_s = 0.060};
  ExpectHonest(Search100(plan, 1200, TruthOfMmc(plan)));
}

TEST(CapacitySearch, HoldsTheTruthOfADeterministicServer) {
  const QueuePlan plan{.service = Service::kConstant};
  ExpectHonest(Search100(plan, 1200, TruthBySimulation(plan)));
}

// Above its capacity it does a third of what it could do: what it answers there is no hint.
TEST(CapacitySearch, IsNotMisledByAServerThatCollapses) {
  const QueuePlan plan{.collapse_above = 200};
  ExpectHonest(Search100(plan, 1200, TruthOfMmc(plan)));
}

TEST(CapacitySearch, HoldsTheTruthOfAServerThatStalls) {
  const QueuePlan plan{.limit_s = 0.050, .stall_every_s = 10, .stall_s = 0.050};
  ExpectHonest(Search100(plan, 2400, TruthBySimulation(plan)));
}

TEST(CapacitySearch, LengthensAWarmUpThatIsTooShort) {
  const QueuePlan plan{.cold_s = 20};
  ExpectHonest(Search100(plan, 800, TruthOfMmc(plan)), 0.04);
}

// Arrivals and service without chance: everything holds up to 1000/s and nothing above.
TEST(CapacitySearch, FindsAnEdge) {
  const QueuePlan plan{.service = Service::kConstant, .arrivals = ArrivalsOf::kConstant};
  CapacitySearch search({.start = 400});
  while (const auto next = search.Next())
    search.Add(ProbeOf(Simulate(plan, next->level, 5, 120, 1), plan, next->level, next->scout));
  const CapacityInterval answer = search.Answer();
  EXPECT_EQ(answer.end, SearchEnd::kFound);
  EXPECT_LE(answer.low, 1000);
  EXPECT_GT(answer.high, 1000);
  EXPECT_LE(answer.high / answer.low, 1.03);
}

// ---- what a search does with single probes ----

Probe Clear(double level, ProbeEnd end) {
  const bool holds = end == ProbeEnd::kHolds;
  return {.level = level,
          .end = end,
          .margin = holds ? 4.0 : -4.6,
          .margin_error = 1.4,
          .clarity = holds ? kClear : -kClear};
}

// Answers every level as `end_of` says.
CapacityInterval Answer(const SearchOptions& options,
                        const std::function<ProbeEnd(double)>& end_of) {
  CapacitySearch search(options);
  while (const auto next = search.Next()) {
    Probe probe = Clear(next->level, end_of(next->level));
    probe.scout = next->scout;
    search.Add(probe);
  }
  return search.Answer();
}

TEST(CapacitySearch, SaysThatNotEvenOnePerSecondHolds) {
  const CapacityInterval answer = Answer({}, [](double) { return ProbeEnd::kBreaks; });
  EXPECT_EQ(answer.end, SearchEnd::kNeverHolds);
  EXPECT_EQ(answer.high, 1);
}

TEST(CapacitySearch, SaysAtLeastWhenTheHighestLevelHolds) {
  const CapacityInterval answer =
      Answer({.highest = 50'000}, [](double) { return ProbeEnd::kHolds; });
  EXPECT_EQ(answer.end, SearchEnd::kAtLeast);
  EXPECT_EQ(answer.low, 50'000);
}

TEST(CapacitySearch, SaysAtLeastWhenTheLoadGeneratorIsTheLimit) {
  const CapacityInterval answer = Answer(
      {}, [](double level) { return level > 90'000 ? ProbeEnd::kGenerator : ProbeEnd::kHolds; });
  EXPECT_EQ(answer.end, SearchEnd::kAtLeast);
  EXPECT_GT(answer.low, 80'000);
  EXPECT_LE(answer.low, 90'000);
}

TEST(CapacitySearch, FindsACapacityBelowTheLimitOfTheLoadGenerator) {
  const CapacityInterval answer = Answer({.most_probes = 20}, [](double level) {
    return level > 90'000   ? ProbeEnd::kGenerator
           : level > 40'000 ? ProbeEnd::kBreaks
                            : ProbeEnd::kHolds;
  });
  EXPECT_EQ(answer.end, SearchEnd::kFound);
  EXPECT_LE(answer.low, 40'000);
  EXPECT_GT(answer.high, 40'000);
  EXPECT_LE(answer.high / answer.low, 1.031);
}

TEST(CapacitySearch, EndsWhenTheSystemDies) {
  const CapacityInterval answer =
      Answer({}, [](double level) { return level > 10'000 ? ProbeEnd::kDied : ProbeEnd::kHolds; });
  EXPECT_EQ(answer.end, SearchEnd::kDied);
  EXPECT_EQ(answer.low, 4000);
  EXPECT_EQ(answer.high, 16'000);
}

TEST(CapacitySearch, GivesUpOnAHostThatIsBusy) {
  int probes = 0;
  const CapacityInterval answer = Answer({}, [&](double) {
    ++probes;
    return ProbeEnd::kHost;
  });
  EXPECT_EQ(answer.end, SearchEnd::kHost);
  EXPECT_EQ(probes, 3);
}

TEST(CapacitySearch, RepeatsAProbeThatDidNotCount) {
  CapacitySearch search({.start = 100});
  search.Add(Clear(100, ProbeEnd::kHost));
  ASSERT_TRUE(search.Next());
  EXPECT_EQ(search.Next()->level, 100);
}

TEST(CapacitySearch, FindsTheNumberOfClients) {
  const CapacityInterval answer = Answer({.start = 1, .whole = true}, [](double clients) {
    return clients > 7 ? ProbeEnd::kBreaks : ProbeEnd::kHolds;
  });
  EXPECT_EQ(answer.end, SearchEnd::kFound);
  EXPECT_EQ(answer.low, 7);
  EXPECT_EQ(answer.high, 8);
}

TEST(CapacitySearch, ConfirmsItsLowerEndByThreeRunsAndItsUpperEnd) {
  CapacitySearch search({});
  while (const auto next = search.Next()) {
    Probe probe = Clear(next->level, next->level > 4321 ? ProbeEnd::kBreaks : ProbeEnd::kHolds);
    probe.scout = next->scout;
    search.Add(probe);
  }
  const CapacityInterval answer = search.Answer();
  ASSERT_EQ(answer.end, SearchEnd::kFound);
  int low = 0, high = 0;
  for (const Probe& probe : search.Probes()) {
    low += probe.level == answer.low && probe.Held() && !probe.scout ? 1 : 0;
    high += probe.level == answer.high && !probe.Held() && !probe.scout ? 1 : 0;
  }
  EXPECT_GE(low, 3);
  EXPECT_GE(high, 1);
}

TEST(CapacitySearch, WidensWhenAProbeContradictsItsBound) {
  CapacitySearch search({});
  double low = 0;
  bool contradicted = false;
  while (const auto next = search.Next()) {
    Probe probe = Clear(next->level, next->level > 4321 ? ProbeEnd::kBreaks : ProbeEnd::kHolds);
    probe.scout = next->scout;
    // The second run at the lower end breaks.
    if (!contradicted && !next->scout && probe.Held() && next->level == low) {
      probe = Clear(next->level, ProbeEnd::kBreaks);
      contradicted = true;
    }
    if (probe.Held() && !next->scout) low = next->level;
    search.Add(probe);
  }
  ASSERT_TRUE(contradicted);
  EXPECT_LT(search.Answer().low, low);
}

TEST(CapacitySearch, GoesOnWhereItWasStopped) {
  CapacitySearch whole({});
  const auto end_of = [](double level) {
    return level > 4321 ? ProbeEnd::kBreaks : ProbeEnd::kHolds;
  };
  while (const auto next = whole.Next()) {
    Probe probe = Clear(next->level, end_of(next->level));
    probe.scout = next->scout;
    CapacitySearch resumed({});
    for (const Probe& earlier : whole.Probes()) resumed.Add(earlier);
    EXPECT_EQ(resumed.Next()->level, next->level);
    whole.Add(probe);
  }
}

}  // namespace
}  // namespace mbench
