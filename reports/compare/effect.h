// SPDX-License-Identifier: Apache-2.0
//
// How much larger is B than A, how sure is that, and how improbable is any other difference.
//
// The estimate is a difference of two locations; its error comes from one of these, chosen by what
// the runs are and never by which one claims more:
//
//   kRuns      means of independent runs; Welch, The generalization of 'Student's' problem when
//              several different population variances are involved, Biometrika 1947
//   kRounds    the same, or the mean difference within rounds, whichever is surer
//              (better_of_two.h)
//   kTrimmed   some run is outlying: trimmed means and winsorized variances; Yuen, The two-sample
//              trimmed t for unequal population variances, Biometrika 1974
//   kSessions  the sides were measured one after the other: means of sessions are the samples
//              (sessions.h), or what is known of sessions of this host is added
//
// On logarithms a difference is a ratio (of geometric means).
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "harness/base/names.h"

namespace mbench {

enum class EffectBasis { kRuns, kRounds, kTrimmed, kSessions };
template <>
inline constexpr auto kNamesOf<EffectBasis> = Names("runs", "rounds", "trimmed", "sessions");

// One side: a value per run, or per session.
struct EffectSide {
  std::vector<double> values;
  // Variance of a value by chance within the run (run_blocks.h); 0: not known. The variance between
  // runs is never below it: a few runs may lie close together by luck.
  double within = 0;
};

// A standard deviation that was learned elsewhere, and from how many observations less one.
struct KnownSpread {
  double deviation = 0;
  double degrees = std::numeric_limits<double>::infinity();
  bool operator==(const KnownSpread&) const = default;
};

struct TTest {
  double error = 0;  // standard error of the difference
  double degrees = 1;
  double effective_runs = 1;  // see anytime.h
};

struct Effect {
  double a = 0;  // the locations
  double b = 0;
  double difference = 0;  // B - A
  EffectBasis basis = EffectBasis::kRuns;
  std::vector<TTest> tests;             // one; two for kRounds; none: nothing is known of the error
  std::size_t pairs = 0;                // kRounds
  bool anytime = false;                 // p and intervals hold at every look (anytime.h)
  std::vector<std::size_t> outliers_a;  // outlying runs, whatever the basis
  std::vector<std::size_t> outliers_b;

  bool Known() const { return !tests.empty(); }
  // Two-sided p of the hypothesis that the true difference is `truth`. 1 when nothing is known.
  double P(double truth) const;
  // One-sided: of "the true difference is `truth` or less".
  double PAbove(double truth) const;
  double PBelow(double truth) const;
  // Half of the length of the 1 - alpha interval; infinite when nothing is known.
  double HalfWidth(double alpha) const;
};

// Runs in turns. With `rounds` value i of both sides are of one round. A side with one value is
// taken to vary as the other one does; with one value on both nothing is known, unless `elsewhere`
// is (nullptr: no).
Effect EffectOfRuns(const EffectSide& a, const EffectSide& b, bool rounds,
                    const KnownSpread* elsewhere = nullptr);

// For looks at growing data: no trimming, because what is outlying changes from look to look.
Effect AnytimeEffectOfRuns(const EffectSide& a, const EffectSide& b, bool rounds);

// Sessions of one side, and of the other, measured at other times. `between`: what is known of the
// spread from session to session, for sides that have one session or a few; `elsewhere` as above.
Effect EffectOfSessions(const std::vector<EffectSide>& a, const std::vector<EffectSide>& b,
                        const KnownSpread& between, const KnownSpread* elsewhere = nullptr);

}  // namespace mbench
