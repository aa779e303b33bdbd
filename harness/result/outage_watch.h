// SPDX-License-Identifier: Apache-2.0
//
// One declared outage of one kind of op: from when to when, found while the run goes on.
//
//      event                 from             to
//        |                     |     outage    |            lasts
//   ops  ok ok ok ok ok ok ok ok  x  x  x x  x  ok ok ok ok ok ok ok ok
//        <--- before ---------->               <--- after ---------->
//
// Slices of some 10 ms come in. The last of them that come to RecoveredPlan::lasts are kept: the
// window. As long as nothing is wrong with it, nothing has happened; the first window that is wrong
// says that an outage began, and the marks of its ops (stamps of single ops) say when; the first
// one that is right again, counted from its begin, says that it is over, and its marks say since
// when. So a slice bounds what has to be looked at, and never how exact the times are.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "harness/plan/event_plan.h"
#include "harness/result/outage.h"

namespace mbench {

// Of one op in one slice, small enough to be kept by the thousand.
class OpSlice {
 public:
  OpSlice(const Interval& slice, std::size_t op, Ticks slow_from);

  Ticks begin, end;
  bool idle;  // nothing was planned, so nothing is missing
  OpMarks marks;
  std::uint64_t answered = 0, errors = 0;
  std::uint64_t counted = 0, slow = 0;  // of what percentiles are made of

  void AddTo(OpStats* sum) const;

 private:
  struct Cell {
    std::uint32_t outcome, index, count;
  };
  std::vector<Cell> cells_;
  Moved moved_;
};

class OutageWatch {
 public:
  // `op`: its index in the slices.
  OutageWatch(const RecoveredPlan& recovered, std::size_t op) : recovered_(recovered), op_(op) {}

  // An event begins whose outage is expected; `head` names it, with event_at and at_most. While
  // another one is open, this is part of that.
  void Expect(OutageResult head);
  // REQUIRES: in order of time.
  void Add(const Interval& slice);
  // No more slices come; `load_end` is when the last op was due.
  void Finish(Ticks load_end);

  // It has begun, and is not over for so long yet.
  bool Down() const { return expects_ && now_.state == OutageState::kNeverEnded; }
  std::size_t op() const { return op_; }
  // After Finish: one for each that was expected, and all that ended in them.
  const std::vector<OutageResult>& results() const { return results_; }
  const OpStats& during() const { return during_all_; }

 private:
  bool IsGood() const;
  bool IsBad(const OpSlice& slice) const;
  bool HasSilence() const;
  Ticks Span(std::size_t first) const { return window_.back().end - window_[first].begin; }
  std::size_t FirstOfLastRun(bool bad) const;
  void Step();
  void Begin();
  Ticks BeginOf(std::size_t first) const;
  void Recover(std::size_t first, OutageState then);
  void Drop(std::size_t count);
  void Close();
  OpStats* Sum();

  const RecoveredPlan recovered_;
  const std::size_t op_;
  std::deque<OpSlice> window_;
  OpMarks before_window_;  // of the slice before it, its last answer that of all before
  Ticks idle_until_ = 0;   // before it

  bool expects_ = false;
  OutageResult now_;
  Ticks open_until_ = 0;
  Ticks slow_from_ = kNever;       // a response that long is too slow
  double longest_silence_ns_ = 0;  // that is none yet
  OpStats calm_, during_, after_;

  std::vector<OutageResult> results_;
  OpStats during_all_;
};

// Counts, and p99 of what has an answer or timed out.
OutagePhase PhaseOf(const OpStats& stats);

}  // namespace mbench
