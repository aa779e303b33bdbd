// SPDX-License-Identifier: Apache-2.0
//
// One or two plans, run again and again in an order in which a drift of the host cancels:
//
//   one plan    A A A A ...
//   two plans   A B  B A  A B  B A ...    a round is one run of each
//
// Every run is a run of its own: it opens the driver anew and has its own result folder. Data that
// a store keeps between runs are loaded once; data that live in the driver (memory, sim) are loaded
// in every run. Results are on disk when a run is over, whatever happens later.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/clock.h"
#include "harness/live/watchers.h"
#include "harness/plan/run_plan.h"

namespace mbench {

struct RoundSide {
  RunPlan plan;
  std::string results;      // gets a folder per run
  std::string before = {};  // a command for the shell before every run; "": none
  std::vector<std::string> folders =
      {};                   // of the runs so far, in order; invalid and cut off ones too
  std::size_t invalid = 0;  // how many of these
};

enum class RoundsEnd {
  kDone,         // every side has as many runs as were asked for
  kInterrupted,  // Ctrl-C; the last run was cut off or did not begin
  kOutOfTime,    // another round would not end within the budget
  kHopeless,     // the first runs of one side were all invalid, and further ones would be as well
};

struct RoundsOptions {
  std::size_t most = 0;  // rounds that there may be, for the progress; 0: not known
  Ticks budget = 0;      // no round begins that is not expected to end in time; 0: no limit
  bool replace = false;  // rounds with an invalid run do not count, up to kMostReplaced of them
  WatchFlags watch;
};

// So many invalid rounds are made up for.
inline constexpr std::size_t kMostReplaced = 10;

// Which of `sides` runs at this place (from 0) of this round (from 0).
std::size_t SideAt(std::size_t round, std::size_t place, std::size_t sides);

// Thread: main. Keep an InterruptGuard around its use, so that Ctrl-C between two runs is heard.
class Rounds {
 public:
  // REQUIRES: one or two sides.
  Rounds(std::vector<RoundSide> sides, RoundsOptions options);

  // Goes on until there were so many rounds; may be called again to add some. An error is that of a
  // run that could not take place; the runs before stay.
  Result<RoundsEnd> RunUntil(std::size_t rounds);

  const RoundSide& Side(std::size_t side) const { return sides_[side]; }
  std::size_t Sides() const { return sides_.size(); }
  std::size_t Count() const { return done_; }      // whole rounds
  Ticks LongestRound() const { return longest_; }  // without its load phases

 private:
  Status OpenWatchers();
  Result<RoundsEnd> RunOne();
  Status RunSide(std::size_t side);
  static Status Prepare(const RoundSide& side);
  std::size_t Invalid() const;
  bool IsHopeless() const;
  bool FitsBudget() const;
  std::string LabelOf(std::size_t side) const;
  void Say(const std::string& line) const;

  std::vector<RoundSide> sides_;
  RoundsOptions options_;
  std::unique_ptr<Watchers> watchers_;
  std::size_t done_ = 0;
  std::size_t replaced_ = 0;
  std::size_t runs_ = 0;
  Ticks begin_;
  Ticks longest_ = 0;  // round, without load phases: the first one may load and no other
  Ticks loading_ = 0;  // of the round that is going on
};

}  // namespace mbench
