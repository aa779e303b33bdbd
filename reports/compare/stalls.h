// SPDX-License-Identifier: Apache-2.0
//
// Stalls that come again and again after the same time: where a series leaves its usual level, and
// whether it does so by the clock.
//
//   values -> logarithms less the medians around them -> excursions -> for every period and phase:
//   in how many of its turns did an excursion begin?
//
// An excursion is what goes farther from the usual than 2.5 standard deviations (from the median
// deviation, which the stalls do not move) and a fifth of the level. n of them in the time T begin
// in a window of w seconds by chance with q = 1 - exp(-n w / T). That h of c turns have one is then
// at most exp(-c KL(h/c | q)) likely (Chernoff 1952). The best of all periods and phases counts
// when that, times the number of those that were tried (Bonferroni), is below the error rate. In
// noise that hangs together neighbouring excursions are one, so turns do not depend on each other.
//
// tests/compare/stalls_test.cc and stall_rates_test.cc say how often it errs and what it misses.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace mbench {

enum class StallSide { kUp, kDown };  // a latency rises, a rate falls

struct StallTrain {
  double period_s = 0;
  double length_s = 0;       // the median of them
  std::size_t times = 0;     // turns with a stall
  std::size_t turns = 0;     // of all, from the first to the last that the series had room for
  double usual = 0;          // the median outside of them
  double reached = 0;        // the median of the farthest values in them
  std::vector<double> at_s;  // begins, of those that came by the clock
};

// `values`: one for each `bin_s` seconds from 0 on, above 0; those that are not finite are not
// known. nullopt: none that chance would not explain.
std::optional<StallTrain> FindStalls(std::span<const double> values, double bin_s, StallSide side,
                                     double error_rate = 0.05);

// How another series moves in these stalls, from a bin before them to a bin behind them.
struct MovesWith {
  double inside = 0, outside = 0;  // means
  double standard_errors = 0;      // above 0: it rises
};

// By the rank of the stall among the windows of its length in the same turn, summed over all turns:
// whatever else the series does, without a connection each rank is as likely. nullopt when too few
// values are known.
std::optional<MovesWith> HowItMoves(std::span<const double> values, double bin_s,
                                    const StallTrain& stalls);

}  // namespace mbench
