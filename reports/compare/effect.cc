// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/effect.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/stats/distributions.h"
#include "reports/compare/anytime.h"
#include "reports/compare/better_of_two.h"
#include "reports/compare/moments.h"
#include "reports/compare/outliers.h"

namespace mbench {
namespace {

// From here on Student's t is the normal distribution.
constexpr double kMostDegrees = 1e6;
constexpr double kInfinite = std::numeric_limits<double>::infinity();

// The location of a side and the variance of that.
struct Location {
  double at = 0;
  double variance = 0;
  double degrees = 0;
};

Location MeanLocation(const EffectSide& side) {
  const auto n = static_cast<double>(side.values.size());
  const double between = n > 1 ? SquaresOf(side.values) / (n - 1) : 0;
  return {MeanOf(side.values), std::max(between, side.within) / n, n - 1};
}

// Without the `cut` highest and the `cut` lowest values.
Location TrimmedLocation(const EffectSide& side, std::size_t cut) {
  if (cut == 0) return MeanLocation(side);
  std::vector<double> sorted = side.values;
  std::ranges::sort(sorted);
  const auto n = static_cast<double>(sorted.size());
  const double kept = n - 2 * static_cast<double>(cut);
  Location location;
  location.at = MeanOf(std::span(sorted).subspan(cut, static_cast<std::size_t>(kept)));
  for (std::size_t i = 0; i < cut; ++i) {
    sorted[i] = sorted[cut];
    sorted[sorted.size() - 1 - i] = sorted[sorted.size() - 1 - cut];
  }
  const double winsorized = std::max(SquaresOf(sorted) / (n - 1), side.within);
  location.variance = winsorized * (n - 1) / (kept * (kept - 1));
  location.degrees = kept - 1;
  return location;
}

// After Welch, and Satterthwaite for the degrees of freedom.
TTest Combine(const Location& a, const Location& b) {
  TTest test;
  const double variance = a.variance + b.variance;
  test.error = std::sqrt(variance);
  const double spent = a.variance * a.variance / std::max(a.degrees, 1e-9) +
                       b.variance * b.variance / std::max(b.degrees, 1e-9);
  test.degrees = spent > 0 ? variance * variance / spent : std::max(a.degrees + b.degrees, 1.0);
  test.degrees = std::min(test.degrees, kMostDegrees);
  return test;
}

double EffectiveRuns(std::size_t runs_a, std::size_t runs_b) {
  const auto a = static_cast<double>(runs_a);
  const auto b = static_cast<double>(runs_b);
  return a * b / (a + b);
}

TTest UnpairedTest(const EffectSide& a, const EffectSide& b) {
  TTest test = Combine(MeanLocation(a), MeanLocation(b));
  test.effective_runs = EffectiveRuns(a.values.size(), b.values.size());
  return test;
}

TTest PairedTest(const EffectSide& a, const EffectSide& b) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.values.size(); ++i)
    differences.push_back(b.values[i] - a.values[i]);
  const auto n = static_cast<double>(differences.size());
  const double variance = std::max(SquaresOf(differences) / (n - 1), a.within + b.within);
  return {std::sqrt(variance / n), n - 1, n};
}

Effect EffectBetween(double a, double b, EffectBasis basis) {
  Effect effect;
  effect.a = a;
  effect.b = b;
  effect.difference = b - a;
  effect.basis = basis;
  return effect;
}

bool ArePairs(const EffectSide& a, const EffectSide& b, bool rounds) {
  return rounds && a.values.size() == b.values.size() && a.values.size() >= 3;
}

void AddPairs(const EffectSide& a, const EffectSide& b, Effect* effect) {
  effect->basis = EffectBasis::kRounds;
  effect->pairs = a.values.size();
  effect->tests.push_back(PairedTest(a, b));
}

// A side of one run varies as the other side does, or as was learned elsewhere.
void AddSingle(const EffectSide& a, const EffectSide& b, const KnownSpread* elsewhere,
               Effect* effect) {
  const std::size_t most = std::max(a.values.size(), b.values.size());
  const EffectSide& larger = a.values.size() == most ? a : b;
  TTest test;
  double variance = 0;
  if (most >= 2) {
    variance = SquaresOf(larger.values) / static_cast<double>(most - 1);
    test.degrees = static_cast<double>(most - 1);
  } else if (elsewhere != nullptr) {
    variance = elsewhere->deviation * elsewhere->deviation;
    test.degrees = elsewhere->degrees;
  } else {
    return;
  }
  variance = std::max({variance, a.within, b.within});
  test.effective_runs = EffectiveRuns(a.values.size(), b.values.size());
  test.error = std::sqrt(variance / test.effective_runs);
  effect->tests.push_back(test);
}

double TwoSidedP(const TTest& test, double distance) {
  if (test.error <= 0) return distance == 0 ? 1 : 0;
  const boost::math::students_t student(test.degrees);
  return 2 * boost::math::cdf(boost::math::complement(student, std::abs(distance) / test.error));
}

// Of the evidence of runs; that within rounds has the rest. A weighted mean of evidence is evidence
// again. Few comparisons need the rounds, and those have so much of it that a tenth is enough.
constexpr double kWeightOfRuns = 0.9;

double AnytimeP(const std::vector<TTest>& tests, double distance) {
  double evidence = 0;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const TTest& test = tests[i];
    if (test.error <= 0) return distance == 0 ? 1 : 0;
    const double weight = tests.size() < 2 ? 1 : i == 0 ? kWeightOfRuns : 1 - kWeightOfRuns;
    evidence += weight * Evidence(distance / test.error, test.degrees, test.effective_runs);
  }
  return std::min(1.0, 1 / evidence);
}

double HalfWidthOf(const TTest& test, double alpha) {
  const boost::math::students_t student(test.degrees);
  return test.error * boost::math::quantile(boost::math::complement(student, alpha / 2));
}

double AnytimeHalfWidth(const Effect& effect, double alpha) {
  double low = 0;
  double high = std::max(effect.tests.front().error, 1e-12);
  for (const TTest& test : effect.tests)
    if (test.error <= 0) return 0;
  while (AnytimeP(effect.tests, high) > alpha) {
    high *= 2;
    if (high > 1e6) return kInfinite;
  }
  for (int i = 0; i < 50; ++i) {
    const double middle = (low + high) / 2;
    (AnytimeP(effect.tests, middle) > alpha ? low : high) = middle;
  }
  return high;
}

// One session on each side: these differ as their runs do, and as sessions of this host do.
Effect OneSessionEach(const EffectSide& a, const EffectSide& b, const KnownSpread& between,
                      const KnownSpread* elsewhere) {
  Effect effect = EffectOfRuns(a, b, false, elsewhere);
  effect.basis = EffectBasis::kSessions;
  for (TTest& test : effect.tests) {
    const Location runs{0, test.error * test.error, test.degrees};
    const Location sessions{0, 2 * between.deviation * between.deviation, between.degrees};
    const double effective = test.effective_runs;
    test = Combine(runs, sessions);
    test.effective_runs = effective;
  }
  return effect;
}

// With few sessions their spread is hardly known; what is known of sessions elsewhere counts as
// that of this many more.
constexpr double kPriorDegrees = 3;

Location ManySessions(const std::vector<EffectSide>& sessions, const KnownSpread& between) {
  EffectSide means;
  double within = 0;  // mean variance of the mean of a session
  for (const EffectSide& session : sessions) {
    const Location location = MeanLocation(session);
    means.values.push_back(location.at);
    within += location.variance / static_cast<double>(sessions.size());
  }
  const auto count = static_cast<double>(sessions.size());
  const double prior = between.deviation * between.deviation + within;
  const double known = count >= 2 * kPriorDegrees ? 0 : kPriorDegrees;
  const double degrees = count - 1 + known;
  const double variance = (SquaresOf(means.values) + known * prior) / degrees;
  return {MeanOf(means.values), std::max(variance, within) / count, degrees};
}

}  // namespace

double Effect::P(double truth) const {
  if (!Known()) return 1;
  const double distance = difference - truth;
  if (anytime) return AnytimeP(tests, distance);
  double p = 1;
  for (const TTest& test : tests) p = std::min(p, TwoSidedP(test, distance));
  return tests.size() < 2 ? p : PValueOfBetter(p, pairs);
}

double Effect::PAbove(double truth) const {
  const double p = P(truth) / 2;
  return difference >= truth ? p : 1 - p;
}

double Effect::PBelow(double truth) const {
  const double p = P(truth) / 2;
  return difference <= truth ? p : 1 - p;
}

double Effect::HalfWidth(double alpha) const {
  if (!Known()) return kInfinite;
  if (anytime) return AnytimeHalfWidth(*this, alpha);
  const double level = tests.size() < 2 ? alpha : LevelOfEach(alpha, pairs);
  double half = kInfinite;
  for (const TTest& test : tests) half = std::min(half, HalfWidthOf(test, level));
  return half;
}

Effect EffectOfRuns(const EffectSide& a, const EffectSide& b, bool rounds,
                    const KnownSpread* elsewhere) {
  Effect effect = EffectBetween(MeanOf(a.values), MeanOf(b.values), EffectBasis::kRuns);
  if (std::min(a.values.size(), b.values.size()) < 2) {
    AddSingle(a, b, elsewhere, &effect);
    return effect;
  }
  std::vector<std::size_t> odd_a = FindOutliers(a.values);
  std::vector<std::size_t> odd_b = FindOutliers(b.values);
  if (!odd_a.empty() || !odd_b.empty()) {
    const Location trimmed_a = TrimmedLocation(a, odd_a.size());
    const Location trimmed_b = TrimmedLocation(b, odd_b.size());
    effect = EffectBetween(trimmed_a.at, trimmed_b.at, EffectBasis::kTrimmed);
    effect.tests.push_back(Combine(trimmed_a, trimmed_b));
    effect.outliers_a = std::move(odd_a);
    effect.outliers_b = std::move(odd_b);
    return effect;
  }
  effect.tests.push_back(UnpairedTest(a, b));
  if (ArePairs(a, b, rounds)) AddPairs(a, b, &effect);
  return effect;
}

Effect AnytimeEffectOfRuns(const EffectSide& a, const EffectSide& b, bool rounds) {
  Effect effect = EffectBetween(MeanOf(a.values), MeanOf(b.values), EffectBasis::kRuns);
  effect.anytime = true;
  if (std::min(a.values.size(), b.values.size()) < 2) return effect;
  effect.outliers_a = FindOutliers(a.values);
  effect.outliers_b = FindOutliers(b.values);
  effect.tests.push_back(UnpairedTest(a, b));
  if (a.values.size() == b.values.size())  // unequal spreads hardly matter then
    effect.tests.front().degrees = 2 * static_cast<double>(a.values.size()) - 2;
  if (ArePairs(a, b, rounds)) AddPairs(a, b, &effect);
  return effect;
}

Effect EffectOfSessions(const std::vector<EffectSide>& a, const std::vector<EffectSide>& b,
                        const KnownSpread& between, const KnownSpread* elsewhere) {
  if (a.size() == 1 && b.size() == 1)
    return OneSessionEach(a.front(), b.front(), between, elsewhere);
  const Location side_a = ManySessions(a, between);
  const Location side_b = ManySessions(b, between);
  Effect effect = EffectBetween(side_a.at, side_b.at, EffectBasis::kSessions);
  if (a.size() > 1 && b.size() > 1) {
    effect.tests.push_back(Combine(side_a, side_b));
    return effect;
  }
  // One session against several: it is one more of these, and varies as they do.
  const Location& many = a.size() > 1 ? side_a : side_b;
  const EffectSide& one = a.size() > 1 ? b.front() : a.front();
  const auto sessions = static_cast<double>(std::max(a.size(), b.size()));
  const double variance = std::max(many.variance * sessions, MeanLocation(one).variance);
  effect.tests.push_back({std::sqrt(variance * (1 + 1 / sessions)), many.degrees, 1});
  return effect;
}

}  // namespace mbench
