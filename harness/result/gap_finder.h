// SPDX-License-Identifier: Apache-2.0
//
// Times in which no op of a kind was answered, though so many should have been: found without a
// declaration.
//
// What is usual is what the last seconds were like (older ones count less and less), less where the
// load is planned to be less. A gap is told when defaults::kGapTimes answers would have come in it,
// and when it is no shorter than defaults::kShortestGap.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "harness/stats/interval.h"

namespace mbench {

struct Gap {
  Ticks from = 0;  // the last answer before it, the first one after it
  Ticks to = 0;
  bool ended = true;
  std::uint64_t errors = 0;
  Ticks first_error = kNever, last_error = OpMarks::kNone;
};

class GapFinder {
 public:
  // `op`: its index in the slices.
  explicit GapFinder(std::size_t op) : op_(op) {}

  // REQUIRES: in order of time, of at most defaults::kShortestGap each, so that a border lies in
  // every gap: the answers on both sides of it say when it began and ended.
  void Add(const Interval& slice);
  // What was found; `load_end` is when the last op was due.
  std::vector<Gap> Finish(Ticks load_end);

 private:
  void Note(Ticks to, bool ended);
  void Learn(double answers, double level, double seconds);

  static constexpr double kNoLevel = std::numeric_limits<double>::infinity();
  static constexpr std::size_t kMost = 1'000;  // of one kind of op; later ones are left out

  const std::size_t op_;
  std::vector<Gap> gaps_;
  Ticks last_answer_ = OpMarks::kNone;
  Gap open_;                        // since the last answer: what ended in errors
  double lowest_level_ = kNoLevel;  // planned since then, above 0
  Ticks idle_from_ = kNever;  // since then: nothing was planned any more, so nothing is missing
  double quiet_s_ = 0;        // of slices without an answer since then
  // Of the last seconds.
  double answers_ = 0, level_s_ = 0, seconds_ = 0;
};

}  // namespace mbench
