// SPDX-License-Identifier: Apache-2.0
//
// What a search asks next and what it concludes, probe by probe. How often it is right:
// search_rates_test.cc.
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
