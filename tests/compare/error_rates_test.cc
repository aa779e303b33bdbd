// SPDX-License-Identifier: Apache-2.0
//
// Error rates of the verdicts in simulated worlds whose truth is known. Built without sanitizers
// and optimised, because it is some ten thousand comparisons. Rates are printed with their 95 %
// limits; reports/compare/README.md has them.
//
// In most worlds a run is drawn as the numbers that it comes to (RunWorld), which costs nothing. A
// few go through the whole pipeline, from single requests to a verdict (World).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>

#include "harness/base/units.h"
#include "reports/compare/change_point.h"
#include "reports/compare/shift.h"
#include "reports/compare/verdict.h"
#include "tests/compare/run_world.h"
#include "tests/compare/world.h"

namespace mbench {
namespace {

constexpr std::uint64_t kSeed = 20260131;

// Of a share of `of`: Wilson, Probable inference, the law of succession, 1927.
struct Share {
  int hits = 0;
  int of = 0;
  double Value() const { return static_cast<double>(hits) / of; }
  double Limit(double z) const {
    const double n = of;
    const double p = Value();
    return (p + z * z / (2 * n) + z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n))) /
           (1 + z * z / n);
  }
  double Low() const { return Limit(-1.96); }
  double High() const { return Limit(1.96); }
};

struct Rates {
  std::map<std::string, Share> of_verdict;
  Share changed;                  // any primary metric
  Share claims;                   // worse or better by more than the margin, any primary metric
  Share covered;                  // intervals of primary metrics that hold the truth
  std::vector<std::size_t> runs;  // a side, when it ended

  void Count(const Comparison& comparison, double truth) {
    for (const Verdict verdict : {Verdict::kBetter, Verdict::kSame, Verdict::kNotWorse,
                                  Verdict::kChanged, Verdict::kWorse, Verdict::kInconclusive})
      ++of_verdict[std::string(Name(verdict))].of;
    ++of_verdict[std::string(Name(comparison.verdict))].hits;
    bool any_changed = false;
    bool any_claim = false;
    for (const MetricRow& row : comparison.rows) {
      if (!row.primary) continue;
      any_changed = any_changed || row.claims.changed;
      any_claim = any_claim || row.verdict == Verdict::kWorse || row.verdict == Verdict::kBetter;
      const double change = std::log(row.change) < 0 && truth > 0 ? -truth : truth;
      if (!std::isfinite(row.high)) continue;
      ++covered.of;
      covered.hits += std::log(row.low) <= change && change <= std::log(row.high);
    }
    ++changed.of;
    changed.hits += any_changed;
    ++claims.of;
    claims.hits += any_claim;
    runs.push_back(std::min(comparison.runs_a, comparison.runs_b));
  }
  Share& Of(Verdict verdict) { return of_verdict[std::string(Name(verdict))]; }
  std::size_t MedianRuns() {
    std::ranges::nth_element(runs, runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2));
    return runs[runs.size() / 2];
  }
  void Print(std::string_view what) {
    std::cout << fmt::format("{}: changed {:.1f} % [{:.1f}-{:.1f}], beyond the margin {:.1f} %, ",
                             what, 100 * changed.Value(), 100 * changed.Low(), 100 * changed.High(),
                             100 * claims.Value());
    for (const auto& [name, share] : of_verdict)
      if (share.hits > 0) std::cout << fmt::format("{} {:.1f} %, ", name, 100 * share.Value());
    if (covered.of > 0) std::cout << fmt::format("covered {:.1f} %, ", 100 * covered.Value());
    std::cout << changed.of << " comparisons\n";
  }
};

using MakeSides = std::function<Sides(Rng*)>;

Rates Measure(std::string_view what, int comparisons, double truth, const MakeSides& make,
              CompareOptions options = {}) {
  Rng rng(Mix64(kSeed, comparisons));
  Rates rates;
  for (int i = 0; i < comparisons; ++i) {
    const Sides sides = make(&rng);
    options.seed = rng.Next();
    rates.Count(Compare(sides.a, sides.b, options), truth);
  }
  rates.Print(what);
  return rates;
}

// The upper limit of what may be measured where the truth is `allowed`: four standard errors. A
// rule that is really wrong is above it.
double Tolerated(double allowed, int comparisons) {
  return allowed + 4 * std::sqrt(allowed * (1 - allowed) / comparisons);
}

// ---- runs in turns, nothing differs ----

struct Cell {
  const char* name;
  Noise noise;
  std::size_t runs_a;
  std::size_t runs_b;
  double spread;
  double allowed;  // of wrong claims, as it was measured and is written down
};
void PrintTo(const Cell& cell, std::ostream* out) { *out << cell.name; }

class EqualSystems : public testing::TestWithParam<Cell> {};

TEST_P(EqualSystems, AreSeldomClaimedToDiffer) {
  const Cell& cell = GetParam();
  constexpr int kComparisons = 2000;
  const Rates rates = Measure(cell.name, kComparisons, 0, [&](Rng* rng) {
    return InTurns({.noise = cell.noise, .spread = cell.spread}, cell.runs_a, cell.runs_b, 0, rng);
  });
  EXPECT_LE(rates.changed.Value(), Tolerated(cell.allowed, kComparisons));
  EXPECT_LE(rates.claims.Value(), 0.05);
}

INSTANTIATE_TEST_SUITE_P(
    , EqualSystems,
    testing::Values(Cell{"independent_5v5", Noise::kNormal, 5, 5, 0.03, 0.05},
                    Cell{"independent_8v8", Noise::kNormal, 8, 8, 0.05, 0.05},
                    Cell{"autocorrelated_8v8", Noise::kAutocorrelated, 8, 8, 0.03, 0.05},
                    Cell{"drifting_8v8", Noise::kDrifting, 8, 8, 0.02, 0.05},
                    Cell{"bimodal_5v5", Noise::kBimodal, 5, 5, 0.05, 0.06},
                    Cell{"bimodal_8v8", Noise::kBimodal, 8, 8, 0.05, 0.06},
                    Cell{"skewed_5v5", Noise::kSkewed, 5, 5, 0.1, 0.06},
                    Cell{"skewed_10v8", Noise::kSkewed, 10, 8, 0.1, 0.06},
                    Cell{"contaminated_5v5", Noise::kContaminated, 5, 5, 0.03, 0.05},
                    Cell{"contaminated_8v8", Noise::kContaminated, 8, 8, 0.03, 0.05},
                    Cell{"unequal_10v5", Noise::kUnequal, 10, 5, 0.02, 0.06},
                    Cell{"unequal_30v5", Noise::kUnequal, 30, 5, 0.02, 0.06}),
    [](const auto& cell) { return std::string(cell.param.name); });

// ---- claims and their sizes ----

TEST(ErrorRates, OneOddRunOfEachSideHidesNoTenPercent) {
  const Rates rates =
      Measure("+10 %, one run of each side +50 %, 8v8", 500, std::log(1.1), [](Rng* rng) {
        Sides sides = InTurns({.spread = 0.02}, 8, 8, std::log(1.1), rng);
        Disturb(std::log(1.5), &sides.a[2]);
        Disturb(std::log(1.5), &sides.b[5]);
        return sides;
      });
  EXPECT_GE(rates.changed.Value(), 0.9);
}

TEST(ErrorRates, AChangeWithinTheMarginIsNotCalledWorseThanIt) {
  for (const double spread : {0.01, 0.02, 0.03, 0.05}) {
    for (const std::size_t runs : {5U, 8U}) {
      Rates rates = Measure(
          fmt::format("+3 %, margin 5 %, spread {}, {} runs", spread, runs), 1000, std::log(1.03),
          [&](Rng* rng) { return InTurns({.spread = spread}, runs, runs, std::log(1.03), rng); });
      EXPECT_LE(rates.Of(Verdict::kWorse).Value(), 0.05) << spread;
    }
  }
}

TEST(ErrorRates, EightRunsAtThreePercentAreTheSameInEightOfTen) {
  const auto same = [](double spread, std::size_t runs) {
    Rates rates =
        Measure(fmt::format("same, spread {}, {} runs", spread, runs), 600, 0,
                [&](Rng* rng) { return InTurns({.spread = spread}, runs, runs, 0, rng); });
    return rates.Of(Verdict::kSame).Value();
  };
  EXPECT_GE(same(0.03, 8), 0.76);
  EXPECT_GE(same(0.05, 25), 0.76);
}

TEST(ErrorRates, PairsFindWhatDisturbancesHide) {
  const auto found = [](const char* what, const RunWorld& world) {
    return Measure(what, 600, std::log(1.05),
                   [&](Rng* rng) { return InTurns(world, 8, 8, std::log(1.05), rng); })
        .changed.Value();
  };
  EXPECT_GE(
      found("+5 %, AR(1) 0.9", {.noise = Noise::kAutocorrelated, .spread = 0.03, .memory = 0.9}),
      0.95);
  EXPECT_GE(found("+5 %, a neighbour half way", {.noise = Noise::kNeighbour, .spread = 0.02}),
            0.55);
  found("+5 %, independent", {.spread = 0.03});
}

// ---- one after the other ----

TEST(ErrorRates, ANewSessionIsSeldomTakenForAChange) {
  for (const double between : {0.01, 0.02, 0.05}) {
    const Rates rates =
        Measure(fmt::format("stored baseline of one session, sessions {} apart", between), 1000, 0,
                [&](Rng* rng) { return OneAfterTheOther({.spread = 0.02}, 1, between, rng); });
    EXPECT_LE(rates.changed.Value(), Tolerated(0.05, 1000)) << between;
    EXPECT_LE(rates.claims.Value(), 0.05) << between;
  }
  for (const std::size_t sessions : {3U, 5U, 10U}) {
    const Rates rates =
        Measure(fmt::format("stored baseline of {} sessions, 5 % apart", sessions), 1000, 0,
                [&](Rng* rng) { return OneAfterTheOther({.spread = 0.02}, sessions, 0.05, rng); });
    EXPECT_LE(rates.changed.Value(), Tolerated(0.05, 1000)) << sessions;
  }
}

TEST(ErrorRates, OneRunACommitIsPlacedAmongThoseBefore) {
  const Rates rates = Measure("one run against ten of ten sessions", 2000, 0,
                              [](Rng* rng) { return OneRunAfter({.spread = 0.03}, 10, 0, rng); });
  EXPECT_GE(rates.covered.Value(), 0.93);
  EXPECT_LE(rates.changed.Value(), Tolerated(0.05, 2000));
}

// ---- looks after each round ----

Rates LookAgainAndAgain(std::string_view what, int comparisons, const RunWorld& world,
                        double change) {
  Rng rng(Mix64(kSeed, 77));
  Rates rates;
  for (int i = 0; i < comparisons; ++i) {
    const Sides sides = InTurns(world, 30, 30, change, &rng);
    Comparison comparison;
    for (std::size_t runs = 3; runs <= 30; ++runs) {
      comparison = Compare(std::span(sides.a).first(runs), std::span(sides.b).first(runs),
                           {.look = true, .seed = rng.Next()});
      if (!IsOpen(comparison) || std::ranges::any_of(comparison.rows, [](const MetricRow& row) {
            return row.primary && row.claims.changed;
          }))
        break;
    }
    rates.Count(comparison, change);
  }
  rates.Print(what);
  std::cout << "  median of rounds: " << rates.MedianRuns() << "\n";
  return rates;
}

TEST(ErrorRates, LargeChangesAreFoundWithinAFewRounds) {
  const RunWorld world{.spread = 0.03};
  EXPECT_LE(LookAgainAndAgain("until decided, +10 %", 200, world, std::log(1.1)).MedianRuns(), 5U);
  EXPECT_LE(LookAgainAndAgain("until decided, +20 %", 200, world, std::log(1.2)).MedianRuns(), 4U);
  EXPECT_LE(LookAgainAndAgain("until decided, +100 %", 200, world, std::log(2)).MedianRuns(), 3U);
}

TEST(ErrorRates, LookingAfterEveryRoundMakesNoMoreClaims) {
  for (const auto& [name, noise] :
       {std::pair("independent", Noise::kNormal), std::pair("AR(1)", Noise::kAutocorrelated),
        std::pair("bimodal", Noise::kBimodal), std::pair("skewed", Noise::kSkewed)}) {
    const Rates rates = LookAgainAndAgain(fmt::format("until decided, A/A, {}", name), 600,
                                          {.noise = noise, .spread = 0.05}, 0);
    EXPECT_LE(rates.changed.Value(), Tolerated(0.05, 600)) << name;
  }
}

// ---- the whole pipeline, from single requests ----

constexpr World kSecondsDepend = {.run_deviation = 0.03};

TEST(Pipeline, EqualSystemsAreSeldomClaimedToDiffer) {
  const Rates rates = Measure("from requests, seconds depend, 5v5", 200, 0,
                              [](Rng* rng) { return InterleaveRuns(kSecondsDepend, 5, {}, rng); });
  EXPECT_LE(rates.changed.Value(), Tolerated(0.05, 200));
}

TEST(Pipeline, TenPercentAtP99AloneIsFoundAtThreePercentSpread) {
  const World world = {.run_deviation = 0.03, .second_deviation = 0, .requests_per_s = 400};
  const Rates rates =
      Measure("from requests, +10 % on p99 alone, 8v8", 50, std::log(1.1),
              [&](Rng* rng) { return InterleaveRuns(world, 8, {.tail = std::log(1.1)}, rng); });
  EXPECT_GE(rates.changed.Value(), 0.8);
}

TEST(Pipeline, BandsOfTheShiftFunctionHoldTheTruthEverywhereAtOnce) {
  Rng rng(Mix64(kSeed, 10));
  int wrong = 0;
  constexpr int kBands = 150;
  for (int i = 0; i < kBands; ++i) {
    const Sides sides = InterleaveRuns(kSecondsDepend, 6, {}, &rng);
    wrong += ComputeShift(sides.a, sides.b, {.resamples = 400}).differs;
  }
  std::cout << fmt::format("shift function, 6v6: {:.1f} % of bands are wrong\n",
                           100.0 * wrong / kBands);
  EXPECT_LE(wrong, Tolerated(0.05, kBands) * kBands);
}

// ---- histories ----

std::vector<double> History(std::size_t runs, double memory, double spread, Rng* rng) {
  std::vector<double> values(runs);
  Autocorrelated(memory, spread, rng, &values);
  return values;
}

TEST(Histories, OfOneLevelSeldomHaveAChange) {
  for (const double memory : {0.0, 0.3}) {
    for (const std::size_t runs : {8U, 30U, 60U}) {
      Rng rng(Mix64(kSeed, runs));
      Share wrong;
      for (; wrong.of < 600; ++wrong.of)
        wrong.hits +=
            !FindChangePoints(History(runs, memory, 0.02, &rng), {.alpha = 0.05 / 3}).empty();
      std::cout << fmt::format("history, AR(1) {}, {} runs: {:.1f} % false [{:.1f}-{:.1f}]\n",
                               memory, runs, 100 * wrong.Value(), 100 * wrong.Low(),
                               100 * wrong.High());
      EXPECT_LE(wrong.Value(), Tolerated(0.05, 600));
    }
  }
}

TEST(Histories, ShowAStepOfThreePercent) {
  for (const std::size_t runs : {30U, 60U}) {
    Rng rng(Mix64(kSeed, runs));
    Share found;
    for (; found.of < 300; ++found.of) {
      std::vector<double> values = History(runs, 0, 0.02, &rng);
      for (std::size_t i = runs / 2; i < runs; ++i) values[i] += std::log(1.03);
      found.hits += !FindChangePoints(values, {.alpha = 0.05 / 3}).empty();
    }
    std::cout << fmt::format("history, a step of 3 % at a spread of 2 %, {} runs: found {:.1f} %\n",
                             runs, 100 * found.Value());
    EXPECT_GE(found.Value(), runs == 30 ? 0.6 : 0.9);
  }
}

}  // namespace
}  // namespace mbench
