// SPDX-License-Identifier: Apache-2.0
//
// How the runs of two sides lie in time, which decides what a sample is.
//
//   A B  B A  A B  B A        in turns: rounds, when each has one run of both sides
//   A A A A   B B B B         one after the other: what changed on the host in between, a restart,
//                             another place in memory, a neighbour, looks like B
//   A A .. A A .. A A .. B B  sessions of A on several days tell how much that is
//
// A session is runs of one host that follow each other without a long break.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "reports/compare/run_sample.h"

namespace mbench {

// Runs that begin later than this after the one before, without its length, are of another session.
inline constexpr double kSessionBreak_s = 15 * 60;

// Standard deviation of a ratio from session to session where nothing is known of the host: what
// memory layout, a restart and another neighbour often come to (Kalibera and Jones 2013 and
// Mytkowicz et al. 2009 report 1 to 10 %).
inline constexpr double kAssumedSessionSpread = 0.05;

struct Design {
  bool apart = false;                  // all of one side before all of the other
  bool rounds = false;                 // run i of A and run i of B are of one round
  std::vector<std::size_t> session_a;  // of each run, from 0; both empty unless `apart`
  std::vector<std::size_t> session_b;
  std::size_t sessions_a = 0;
  std::size_t sessions_b = 0;
};

using RunPointers = std::vector<const RunSample*>;

// `a`, `b`: in the order of time (SortByTime). Runs that do not say when they began are taken for
// runs in turns.
Design DesignOf(const RunPointers& a, const RunPointers& b);

void SortByTime(RunPointers* runs);

// Of each run, from 0; `runs` in the order of time.
std::vector<std::size_t> SessionsOf(const RunPointers& runs);

}  // namespace mbench
