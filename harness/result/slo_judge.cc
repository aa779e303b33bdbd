// SPDX-License-Identifier: Apache-2.0
//
// Whether the objectives of a run were met, over the whole of it and in every window.
//
// A window slides by one second: the new second is added to the sum, the oldest ones are taken
// away. Histograms allow both exactly, so every window's percentile is one of merged samples.
#include <algorithm>
#include <deque>
#include <optional>
#include <string_view>

#include "drivers/message_counts.h"
#include "harness/result/judge.h"
#include "harness/result/metric_value.h"

namespace mbench {
namespace {

// What one SLO needs of one stretch of time.
struct Slice {
  Ticks begin = 0;
  Ticks length = 0;
  Histogram answered;  // order statistics only
  MetricCounts counts;

  void Add(const Slice& other) {
    answered.Add(other.answered);
    counts.Add(other.counts);
    length += other.length;
  }
  void Subtract(const Slice& other) {
    answered.Subtract(other.answered);
    counts.Subtract(other.counts);
    length -= other.length;
  }
};

// A second that the collector cut a little short is a whole one.
constexpr Ticks kShortBy = 100 * kMillisecond;

// Follows one SLO through the run.
class Watch {
 public:
  Watch(SloPlan slo, const std::vector<std::string>& op_names)
      : slo_(std::move(slo)),
        subject_(IsOfNoOp(slo_.metric.kind) ? std::string() : slo_.metric.op, op_names) {}

  void Add(const Interval& interval, const std::vector<bool>& in_outage) {
    if (slo_.metric.kind == MetricKind::kLag) return NoteLag(interval);
    if (slo_.window == 0 && !IsRate(slo_.metric.kind)) return;  // the total says it all
    if (slo_.window != 0 && subject_.HasAny(in_outage)) return StartAgain();
    held_.push_back(MakeSlice(interval));
    // Seconds in which nothing was due may be the drain, which only the next one can tell.
    if (interval.offered == 0) return;
    for (Slice& slice : held_) Take(std::move(slice));
    held_.clear();
  }

  SloResult Judge(const Interval& total, Ticks length, const std::vector<OutageResult>& outages,
                  const OutsideOfOutages& outside) {
    if (slo_.metric.kind == MetricKind::kRto) return JudgeRto(outages);
    for (Slice& slice : held_) {
      if (slice.begin + kShortBy < length)
        Take(std::move(slice));
      else
        TakeDrain(slice);
    }
    held_.clear();
    const bool is_noted = slo_.window != 0 || slo_.metric.kind == MetricKind::kLag;
    if (!is_noted) JudgeWhole(total, length, outside);
    SloResult result;
    result.slo = slo_;
    result.judged = worst_.has_value();
    result.measured = worst_.value_or(0);
    result.held = result.judged && Holds(slo_.relation, result.measured, slo_.value);
    result.worst_at = worst_at_;
    return result;
  }

 private:
  // The longest of the event's outages. One that never ended, or that may not have, has no time to
  // recover.
  SloResult JudgeRto(const std::vector<OutageResult>& outages) const {
    SloResult result{.slo = slo_, .judged = false};
    bool ended = true;
    for (const OutageResult& outage : outages) {
      if (outage.event != slo_.metric.op || outage.state == OutageState::kWithin) continue;
      if (outage.state == OutageState::kUnproven) {
        result.judged = false;
        return result;
      }
      result.judged = true;
      ended &= outage.state != OutageState::kNeverEnded;
      const double rto = ToSeconds(outage.Rto());
      if (rto < result.measured) continue;
      result.measured = rto;
      result.worst_at = outage.from;
    }
    result.held = result.judged && ended && Holds(slo_.relation, result.measured, slo_.value);
    return result;
  }

  // The largest that was seen, in the drain too: once a second somebody looks.
  void NoteLag(const Interval& interval) {
    const std::string figure = LagFigure(slo_.metric.op);
    for (const auto& [name, messages] : interval.system) {
      std::string_view system = name;  // "events." in front, where there are several
      if (!system.ends_with(figure)) continue;
      system.remove_suffix(figure.size());
      if (!system.empty() && !system.ends_with('.')) continue;
      if (worst_ && messages <= *worst_) continue;
      worst_ = messages;
      worst_at_ = interval.begin;
    }
  }

  void StartAgain() {
    window_.clear();
    held_.clear();
    sum_ = {};
  }

  Slice MakeSlice(const Interval& interval) const {
    Slice slice;
    slice.begin = interval.begin;
    slice.length = interval.end - interval.begin;
    subject_.AddTo(interval, false, &slice.counts,
                   IsOrderStatistic(slo_.metric.kind) ? &slice.answered : nullptr);
    return slice;
  }

  void Take(Slice slice) {
    sum_.Add(slice);
    if (slo_.window == 0) return;
    window_.push_back(std::move(slice));
    while (window_.size() > 1 && sum_.length - window_.front().length + kShortBy >= slo_.window)
      DropOldest();
    NoteWindow();
  }

  void TakeDrain(Slice& slice) {
    if (IsRate(slo_.metric.kind) || window_.empty()) return;
    slice.length = 0;
    sum_.Add(slice);
    window_.back().Add(slice);
    NoteWindow();
  }

  void DropOldest() {
    sum_.Subtract(window_.front());
    window_.pop_front();
  }

  void NoteWindow() {
    if (sum_.length + kShortBy < slo_.window) return;
    const std::optional<double> measured = ValueOf(slo_.metric, sum_.counts, sum_.answered);
    if (!measured) return;
    if (worst_ && (WantsLess(slo_.relation) ? *measured <= *worst_ : *measured >= *worst_)) return;
    worst_ = measured;
    worst_at_ = window_.front().begin;
  }

  // Rates are those of the seconds that were taken, without the drain.
  void JudgeWhole(const Interval& total, Ticks length, const OutsideOfOutages& outside) {
    Slice whole = IsRate(slo_.metric.kind) ? sum_ : MakeSlice(total);
    // Parts are not told apart in outages, and CPU time is that of all ops.
    const bool is_whole = subject_.IsPart() || slo_.metric.kind == MetricKind::kClientCpu;
    if (!is_whole) whole.Subtract(MakeSlice(outside.during));
    whole.counts.length_s =
        ToSeconds(length - (is_whole ? 0 : subject_.LengthOf(outside.lengths, outside.length)));
    worst_ = ValueOf(slo_.metric, whole.counts, whole.answered);
  }

  SloPlan slo_;
  MetricSubject subject_;
  std::deque<Slice> window_;
  std::vector<Slice> held_;
  Slice sum_;  // of window_; without a window: of the measured phase
  std::optional<double> worst_;
  Ticks worst_at_ = 0;
};

}  // namespace

struct SloJudge::Impl {
  std::vector<Watch> watches;
};

SloJudge::SloJudge(std::vector<SloPlan> slo, std::vector<std::string> op_names)
    : impl_(std::make_unique<Impl>()) {
  for (SloPlan& plan : slo) impl_->watches.emplace_back(std::move(plan), op_names);
}

SloJudge::~SloJudge() = default;

void SloJudge::Add(const Interval& interval, const std::vector<bool>& in_outage) {
  for (Watch& watch : impl_->watches) watch.Add(interval, in_outage);
}

std::vector<SloResult> SloJudge::Judge(const Interval& total, Ticks length,
                                       const std::vector<OutageResult>& outages,
                                       const OutsideOfOutages& outside) const {
  std::vector<SloResult> results;
  for (Watch& watch : impl_->watches)
    results.push_back(watch.Judge(total, length, outages, outside));
  return results;
}

}  // namespace mbench
