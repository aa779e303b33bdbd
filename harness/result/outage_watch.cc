// SPDX-License-Identifier: Apache-2.0
#include "harness/result/outage_watch.h"

#include <algorithm>
#include <utility>

namespace mbench {
namespace {

constexpr double kP99Beyond = 0.01;

std::uint64_t AnsweredBy(const OpStats& stats) {
  return stats.Count(Outcome::kOk) + stats.Count(Outcome::kNotFound);
}

// More errors than `limit`, a part of all.
bool TooManyErrors(std::uint64_t answered, std::uint64_t errors, double limit) {
  return errors > 0 &&
         static_cast<double>(errors) >= limit * static_cast<double>(answered + errors);
}
bool TooSlow(std::uint64_t counted, std::uint64_t slow) {
  return slow > 0 && static_cast<double>(slow) > kP99Beyond * static_cast<double>(counted);
}

// ns from answer to answer; 0: not known.
double UsualGap(const OpStats& stats) {
  const std::uint64_t answered = AnsweredBy(stats);
  if (answered < 2) return 0;
  return static_cast<double>(stats.marks.last_answer - stats.marks.first_answer) /
         static_cast<double>(answered - 1);
}

}  // namespace

OutagePhase PhaseOf(const OpStats& stats) {
  const Histogram answered = stats.Answered();
  return {.ended = stats.Ended(),
          .errors = stats.Ended() - AnsweredBy(stats),
          .p99 = answered.Empty() ? 0 : answered.ValueAtPercentile(99)};
}

OpSlice::OpSlice(const Interval& slice, std::size_t op, Ticks slow_from)
    : begin(slice.begin), end(slice.end), idle(slice.planned_level <= 0) {
  if (op >= slice.ops.size()) return;
  const OpStats& stats = slice.ops[op];
  marks = stats.marks;
  moved_ = stats.moved;
  answered = AnsweredBy(stats);
  errors = stats.Ended() - answered;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const Histogram& response = stats.response[i];
    response.ForEachCell([&](std::size_t index, std::uint64_t count) {
      cells_.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(index),
                        static_cast<std::uint32_t>(count)});
    });
    if (!OpStats::CountsAsAnswered(static_cast<Outcome>(i))) continue;
    counted += response.TotalCount();
    if (slow_from != kNever) slow += response.CountAbove(slow_from);
  }
}

void OpSlice::AddTo(OpStats* sum) const {
  for (const Cell& cell : cells_) sum->response[cell.outcome].RecordAt(cell.index, cell.count);
  sum->moved.Add(moved_);
  sum->marks.Add(marks);
}

// ---- what is wrong ----

bool OutageWatch::IsBad(const OpSlice& slice) const {
  if (slice.answered == 0 && !slice.idle) return true;
  return TooManyErrors(slice.answered, slice.errors, recovered_.errors) ||
         TooSlow(slice.counted, slice.slow);
}

bool OutageWatch::HasSilence() const {
  const auto is_long = [this](Ticks from, Ticks to) {
    return longest_silence_ns_ > 0 && static_cast<double>(to - from) >= longest_silence_ns_;
  };
  Ticks answer = window_.front().begin;
  if (!Down() && before_window_.last_answer != OpMarks::kNone)
    answer = std::max(before_window_.last_answer, idle_until_);
  for (const OpSlice& slice : window_) {
    if (slice.idle && slice.answered == 0) answer = std::max(answer, slice.end);
    if (slice.answered == 0) continue;
    if (is_long(answer, slice.marks.first_answer)) return true;
    answer = slice.marks.last_answer;
  }
  return is_long(answer, window_.back().end);
}

bool OutageWatch::IsGood() const {
  std::uint64_t answered = 0, errors = 0, counted = 0, slow = 0;
  for (const OpSlice& slice : window_) {
    answered += slice.answered;
    errors += slice.errors;
    counted += slice.counted;
    slow += slice.slow;
  }
  return !TooManyErrors(answered, errors, recovered_.errors) && !TooSlow(counted, slow) &&
         !HasSilence();
}

// The first of the slices at the end of the window of which all are bad, or none is; the size of
// the window when the last one is not so.
std::size_t OutageWatch::FirstOfLastRun(bool bad) const {
  std::size_t first = window_.size();
  while (first > 0 && IsBad(window_[first - 1]) == bad) --first;
  return first;
}

// ---- how it goes on ----

void OutageWatch::Expect(OutageResult head) {
  const Ticks until = head.event_at + head.at_most;
  if (expects_ && (Down() || head.event_at < open_until_)) {
    open_until_ = std::max(open_until_, until);
    head.state = OutageState::kWithin;
    head.note = now_.event;
    results_.push_back(std::move(head));
    return;
  }
  if (expects_) Close();
  expects_ = true;
  now_ = std::move(head);
  now_.state = OutageState::kNotSeen;
  open_until_ = until;
  OpStats before = calm_;
  for (const OpSlice& slice : window_) slice.AddTo(&before);
  const OutagePhase phase = PhaseOf(before);
  slow_from_ = recovered_.p99_below > 0 ? recovered_.p99_below : kNever;
  if (recovered_.p99_times > 0 && phase.p99 > 0)
    slow_from_ = static_cast<Ticks>(recovered_.p99_times * static_cast<double>(phase.p99));
  longest_silence_ns_ = std::max(static_cast<double>(defaults::kShortestOutage),
                                 defaults::kGapTimes * UsualGap(before));
  if (phase.errors > 0 &&
      static_cast<double>(phase.errors) >= recovered_.errors * static_cast<double>(phase.ended))
    now_.note = "so many ops failed before the event already that it could never be over";
}

void OutageWatch::Add(const Interval& slice) {
  window_.emplace_back(slice, op_, slow_from_);
  Step();
}

void OutageWatch::Step() {
  const Ticks now = window_.back().end;
  if (Down()) {
    while (window_.size() > 1 && Span(1) >= recovered_.lasts) Drop(1);
    if (Span(0) >= recovered_.lasts && window_.front().answered > 0 && IsGood()) {
      std::size_t first = 0;
      while (first + 1 < window_.size() && IsBad(window_[first])) ++first;
      Recover(first, OutageState::kRecovered);
    }
    return;
  }
  if (expects_ && now <= open_until_ && now > now_.event_at && !IsGood()) return Begin();
  while (window_.size() > 1 && Span(1) >= recovered_.lasts) Drop(1);
}

// From the last answer before slice `first` of the window went wrong.
Ticks OutageWatch::BeginOf(std::size_t first) const {
  Ticks answer = before_window_.last_answer;
  for (std::size_t i = 0; i < first; ++i) answer = std::max(answer, window_[i].marks.last_answer);
  const OpMarks& marks = window_[first].marks;
  if (marks.first_answer < marks.first_error && marks.first_error != kNever)
    answer = std::min(marks.last_answer, marks.first_error);
  if (answer == OpMarks::kNone) answer = std::min(now_.event_at, window_[first].begin);
  // Ops that timed out had gone wrong long before they ended.
  Ticks since = kNever;
  for (std::size_t i = first; i < window_.size(); ++i)
    since = std::min(since, window_[i].marks.error_since);
  if (answer - since > defaults::kShortestOutage) answer = std::max(now_.event_at, since);
  return answer;
}

void OutageWatch::Begin() {
  const std::size_t first = std::min(FirstOfLastRun(true), window_.size() - 1);
  if (now_.state == OutageState::kNotSeen) {
    now_.from = BeginOf(first);
    Drop(first);
  } else {
    ++now_.relapses;
    Drop(first);
    during_.Add(std::exchange(after_, {}));
  }
  now_.state = OutageState::kNeverEnded;
}

void OutageWatch::Recover(std::size_t first, OutageState then) {
  Drop(first);
  const OpMarks& marks = window_.front().marks;
  now_.to = marks.first_answer;
  const OpMarks& last = before_window_;
  if (last.last_error != OpMarks::kNone && last.last_answer > last.last_error)
    now_.to = last.last_error;  // there were answers from then on
  if (last.last_answer != OpMarks::kNone)
    now_.silence =
        std::max(now_.silence, marks.first_answer - std::max(last.last_answer, now_.from));
  now_.to = std::max(now_.to, now_.from);
  // What comes is held against the recovery, or the outage itself would be a silence in it.
  before_window_.last_answer = std::max(before_window_.last_answer, now_.to);
  now_.state = then;
}

OpStats* OutageWatch::Sum() {
  if (Down()) return &during_;
  return expects_ && now_.Seen() ? &after_ : &calm_;
}

void OutageWatch::Drop(std::size_t count) {
  for (; count > 0; --count) {
    const OpSlice& slice = window_.front();
    slice.AddTo(Sum());
    if (Down()) {
      now_.first_error = std::min(now_.first_error, slice.marks.first_error);
      now_.last_error = std::max(now_.last_error, slice.marks.last_error);
      if (slice.answered > 0 && before_window_.last_answer != OpMarks::kNone)
        now_.silence =
            std::max(now_.silence, slice.marks.first_answer - before_window_.last_answer);
    }
    if (slice.idle) idle_until_ = slice.end;
    const Ticks answer = std::max(before_window_.last_answer, slice.marks.last_answer);
    before_window_ = slice.marks;
    before_window_.last_answer = answer;
    window_.pop_front();
  }
}

void OutageWatch::Close() {
  now_.before = PhaseOf(calm_);
  now_.during = PhaseOf(during_);
  now_.after = PhaseOf(after_);
  results_.push_back(std::move(now_));
  during_all_.Add(std::exchange(during_, {}));
  calm_.Add(std::exchange(after_, {}));
  now_ = {};
  expects_ = false;
}

void OutageWatch::Finish(Ticks load_end) {
  if (Down()) {
    const std::size_t first = FirstOfLastRun(false);
    const bool answers =
        first < window_.size() && window_[first].answered > 0 && window_[first].begin < load_end;
    if (answers) Recover(first, OutageState::kUnproven);
  }
  Drop(window_.size());
  if (Down()) {
    now_.to = std::max(load_end, now_.from);
    now_.silence =
        std::max(now_.silence, load_end - std::max(before_window_.last_answer, now_.from));
  }
  if (expects_) Close();
}

}  // namespace mbench
