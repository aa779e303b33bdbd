// SPDX-License-Identifier: Apache-2.0
#include "harness/result/gap_finder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/plan/defaults.h"

namespace mbench {
namespace {

constexpr double kMemoryS = 5;

}  // namespace

void GapFinder::Learn(double answers, double level, double seconds) {
  const double keep = std::exp(-seconds / kMemoryS);
  answers_ = answers_ * keep + answers;
  level_s_ = level_s_ * keep + level * seconds;
  seconds_ = seconds_ * keep + seconds;
}

void GapFinder::Add(const Interval& slice) {
  if (op_ >= slice.ops.size()) return;
  const OpStats& op = slice.ops[op_];
  const OpMarks& marks = op.marks;
  const double seconds = ToSeconds(slice.end - slice.begin);
  const std::uint64_t answers = op.Count(Outcome::kOk) + op.Count(Outcome::kNotFound);
  const bool idle = slice.planned_level <= 0;
  if (idle)
    idle_from_ = std::min(idle_from_, slice.begin);
  else
    lowest_level_ = std::min(lowest_level_, slice.planned_level);
  if (answers == 0) {
    open_.errors += op.Ended();
    open_.first_error = std::min(open_.first_error, marks.first_error);
    open_.last_error = std::max(open_.last_error, marks.last_error);
    quiet_s_ += seconds;
    return;
  }
  if (marks.first_error < marks.first_answer) {  // some of them, and the rest comes too late
    open_.first_error = std::min(open_.first_error, marks.first_error);
    open_.last_error = std::max(open_.last_error, std::min(marks.last_error, marks.first_answer));
    open_.errors += op.Ended() - answers;
  }
  Note(marks.first_answer, true);
  Learn(static_cast<double>(answers), slice.planned_level, seconds + quiet_s_);
  last_answer_ = std::max(last_answer_, marks.last_answer);
  open_ = {};
  if (marks.last_error > marks.last_answer) {  // the rest of the slice may be the begin of one
    open_.first_error = std::max(marks.first_error, marks.last_answer);
    open_.last_error = marks.last_error;
  }
  // The level is that at the end of the slice, which is where the next gap may begin.
  lowest_level_ = idle ? kNoLevel : slice.planned_level;
  idle_from_ = idle ? last_answer_ : kNever;
  quiet_s_ = 0;
}

void GapFinder::Note(Ticks to, bool ended) {
  const Ticks until = std::min(to, idle_from_);
  if (last_answer_ == OpMarks::kNone || until - last_answer_ < defaults::kShortestGap) return;
  if (seconds_ <= 0 || answers_ <= 0) return;
  const double rate = answers_ / seconds_;
  const double level = level_s_ / seconds_;
  const double part = level > 0 ? std::min(1.0, lowest_level_ / level) : 1;
  if (rate * part * ToSeconds(until - last_answer_) < defaults::kGapTimes) return;
  open_.from = last_answer_;
  open_.to = to;
  open_.ended = ended;
  if (gaps_.size() < kMost) gaps_.push_back(open_);
  quiet_s_ = 0;  // it is not what is usual
}

std::vector<Gap> GapFinder::Finish(Ticks load_end) {
  if (last_answer_ < load_end) Note(load_end, false);
  return std::move(gaps_);
}

}  // namespace mbench
