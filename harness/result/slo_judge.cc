// SPDX-License-Identifier: Apache-2.0
//
// Whether the objectives of a run were met, over the whole of it and in every window.
//
// A window slides by one second: the new second is added to the sum, the oldest ones are taken
// away. Histograms allow both exactly, so every window's percentile is one of merged samples.
#include <algorithm>
#include <deque>
#include <optional>

#include "harness/result/judge.h"

namespace mbench {
namespace {

bool IsLatency(SloMetric metric) {
  return metric == SloMetric::kPercentile || metric == SloMetric::kMax ||
         metric == SloMetric::kMean;
}

bool WantsLess(SloComparison comparison) {
  return comparison == SloComparison::kBelow || comparison == SloComparison::kAtMost;
}

bool Holds(const SloPlan& slo, double measured) {
  switch (slo.comparison) {
    case SloComparison::kBelow:
      return measured < slo.value;
    case SloComparison::kAtMost:
      return measured <= slo.value;
    case SloComparison::kAbove:
      return measured > slo.value;
    case SloComparison::kAtLeast:
      return measured >= slo.value;
  }
  return false;
}

// The ops a counting metric is about.
bool IsCounted(SloMetric metric, Outcome outcome) {
  switch (metric) {
    case SloMetric::kRate:
      return IsAnswer(outcome);
    case SloMetric::kErrors:
      return !IsAnswer(outcome);
    case SloMetric::kTimeouts:
      return outcome == Outcome::kTimedOut;
    case SloMetric::kMismatches:
      return outcome == Outcome::kMismatch;
    case SloMetric::kNotFound:
      return outcome == Outcome::kNotFound;
    default:
      return false;
  }
}

// What one SLO needs of one stretch of time.
struct Slice {
  Ticks begin = 0;
  Ticks length = 0;
  Histogram answered;         // latency metrics
  std::uint64_t counted = 0;  // the others
  std::uint64_t ended = 0;

  void Add(const Slice& other) {
    answered.Add(other.answered);
    counted += other.counted;
    ended += other.ended;
    length += other.length;
  }
  void Subtract(const Slice& other) {
    answered.Subtract(other.answered);
    counted -= other.counted;
    ended -= other.ended;
    length -= other.length;
  }
};

void AddTo(const SloPlan& slo, const OpStats& stats, Slice* slice) {
  if (IsLatency(slo.metric)) return stats.AddAnsweredTo(&slice->answered);
  for (std::size_t o = 0; o < kOutcomes; ++o) {
    const std::uint64_t count = stats.response[o].TotalCount();
    slice->ended += count;
    if (IsCounted(slo.metric, static_cast<Outcome>(o))) slice->counted += count;
  }
}

Slice MakeSlice(const SloPlan& slo, std::optional<std::size_t> op, const Interval& interval) {
  Slice slice;
  slice.begin = interval.begin;
  slice.length = interval.end - interval.begin;
  if (const auto part = interval.parts.find(slo.op); part != interval.parts.end())
    AddTo(slo, part->second, &slice);
  for (std::size_t i = 0; i < interval.ops.size(); ++i)
    if (!op || *op == i) AddTo(slo, interval.ops[i], &slice);
  return slice;
}

// Nothing: there is nothing to measure in it.
std::optional<double> Measure(const SloPlan& slo, const Slice& slice) {
  if (slo.metric == SloMetric::kRate) {
    if (slice.length <= 0) return std::nullopt;
    return static_cast<double>(slice.counted) / ToSeconds(slice.length);
  }
  if (!IsLatency(slo.metric)) {
    if (slice.ended == 0) return std::nullopt;
    return static_cast<double>(slice.counted) / static_cast<double>(slice.ended);
  }
  if (slice.answered.Empty()) return std::nullopt;
  if (slo.metric == SloMetric::kMax) return static_cast<double>(slice.answered.Max());
  if (slo.metric == SloMetric::kMean) return slice.answered.Mean();
  return static_cast<double>(slice.answered.ValueAtPercentile(slo.percentile));
}

// A second that the collector cut a little short is a whole one.
constexpr Ticks kShortBy = 100 * kMillisecond;

// Follows one SLO through the run.
class Watch {
 public:
  Watch(SloPlan slo, std::optional<std::size_t> op) : slo_(std::move(slo)), op_(op) {}

  void Add(const Interval& interval) {
    if (slo_.window == 0 && slo_.metric != SloMetric::kRate) return;  // the total says it all
    held_.push_back(MakeSlice(slo_, op_, interval));
    // Seconds in which nothing was due may be the drain, which only the next one can tell.
    if (interval.offered == 0) return;
    for (Slice& slice : held_) Take(std::move(slice));
    held_.clear();
  }

  SloResult Judge(const Interval& total, Ticks length) {
    for (Slice& slice : held_) {
      if (slice.begin + kShortBy < length)
        Take(std::move(slice));
      else
        TakeDrain(slice);
    }
    held_.clear();
    if (slo_.window == 0) JudgeWhole(total, length);
    SloResult result;
    result.slo = slo_;
    result.judged = worst_.has_value();
    result.measured = worst_.value_or(0);
    result.held = result.judged && Holds(slo_, result.measured);
    result.worst_at = worst_at_;
    return result;
  }

 private:
  void Take(Slice slice) {
    sum_.Add(slice);
    if (slo_.window == 0) return;
    window_.push_back(std::move(slice));
    while (window_.size() > 1 && sum_.length - window_.front().length + kShortBy >= slo_.window)
      DropOldest();
    NoteWindow();
  }

  void TakeDrain(Slice& slice) {
    if (slo_.metric == SloMetric::kRate || window_.empty()) return;
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
    const std::optional<double> measured = Measure(slo_, sum_);
    if (!measured) return;
    if (worst_ && (WantsLess(slo_.comparison) ? *measured <= *worst_ : *measured >= *worst_))
      return;
    worst_ = measured;
    worst_at_ = window_.front().begin;
  }

  void JudgeWhole(const Interval& total, Ticks length) {
    Slice whole = MakeSlice(slo_, op_, total);
    whole.length = length;
    if (slo_.metric == SloMetric::kRate) whole.counted = sum_.counted;  // without the drain
    worst_ = Measure(slo_, whole);
  }

  SloPlan slo_;
  std::optional<std::size_t> op_;
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
  for (SloPlan& plan : slo) {
    std::optional<std::size_t> op;
    // An op that the run does not have is the index behind the last: nothing is ever measured of
    // it, unless it is a part of an op.
    if (!plan.op.empty())
      op = static_cast<std::size_t>(std::ranges::find(op_names, plan.op) - op_names.begin());
    impl_->watches.emplace_back(std::move(plan), op);
  }
}

SloJudge::~SloJudge() = default;

void SloJudge::Add(const Interval& interval) {
  for (Watch& watch : impl_->watches) watch.Add(interval);
}

std::vector<SloResult> SloJudge::Judge(const Interval& total, Ticks length) const {
  std::vector<SloResult> results;
  for (Watch& watch : impl_->watches) results.push_back(watch.Judge(total, length));
  return results;
}

}  // namespace mbench
