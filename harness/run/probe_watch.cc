// SPDX-License-Identifier: Apache-2.0
#include "harness/run/probe_watch.h"

#include <algorithm>
#include <cmath>

namespace mbench {
namespace {

constexpr int kDeadSeconds = 2;
// An objective that comes to one number for the window is as clear as this, not more.
constexpr double kOneNumberClear = 2.5;

// Parts of ops have an allowed share; with none allowed, one is too many.
bool IsShare(const SloPlan& slo) {
  switch (slo.metric.kind) {
    case MetricKind::kPercentile:
      return slo.metric.percentile < 100;
    case MetricKind::kErrors:
    case MetricKind::kTimeouts:
    case MetricKind::kMismatches:
    case MetricKind::kNotFound:
      return slo.value > 0 && slo.value < 1;
    default:
      return false;
  }
}

bool IsRatio(const SloPlan& slo) {
  return slo.metric.kind == MetricKind::kMean || slo.metric.kind == MetricKind::kClientCpu;
}

double AllowedShare(const SloPlan& slo) {
  return slo.metric.kind == MetricKind::kPercentile ? 1 - slo.metric.percentile / 100 : slo.value;
}

// Ops that a system answered, in whatever way but by an error.
std::uint64_t AnsweredIn(const Interval& interval) {
  std::uint64_t answered = 0;
  for (const OpStats& op : interval.ops)
    for (const Outcome outcome : {Outcome::kOk, Outcome::kNotFound, Outcome::kTimedOut})
      answered += op.Count(outcome);
  return answered;
}

std::uint64_t EndedIn(const Interval& interval) {
  std::uint64_t ended = 0;
  for (const OpStats& op : interval.ops) ended += op.Ended();
  return ended;
}

}  // namespace

void ProbeWatch::OnRun(const WatchedRun& run) {
  open_model_ = run.result->open_model;
  length_ = run.result->planned_length;
  for (const SloPlan& slo : run.plan->slo)
    watched_.push_back({slo, MetricSubject(slo.metric.op, run.result->op_names), {}});
  next_->OnRun(run);
}

void ProbeWatch::OnInterval(const Interval& interval) {
  next_->OnInterval(interval);
  if (interval.begin < 0) return;
  const bool in_drain = interval.begin >= length_;
  for (Watched& watched : watched_) AddBlock(interval, in_drain, &watched);
  if (in_drain) return;
  const std::uint64_t ended = EndedIn(interval);
  open_ += static_cast<double>(interval.offered) - static_cast<double>(ended);
  due_ += static_cast<double>(interval.offered);
  backlog_.push_back(open_);
  if (interval.offered == 0) return;
  dead_seconds_ = ended > 0 && AnsweredIn(interval) == 0 ? dead_seconds_ + 1 : 0;
}

// An op that was due in the window and ended in the drain counts in its last second.
void ProbeWatch::AddBlock(const Interval& interval, bool in_drain, Watched* watched) const {
  if (in_drain && watched->blocks.empty()) return;
  if (!in_drain) watched->blocks.emplace_back();
  ShareBlock& block = watched->blocks.back();
  const SloPlan& slo = watched->slo;
  MetricCounts counts;
  counts.client_cpu_s = interval.host.client_cpu_s;
  if (slo.metric.kind == MetricKind::kPercentile) {
    Histogram answered;
    watched->subject.AddTo(interval, in_drain, &counts, &answered);
    block.bad += static_cast<double>(answered.CountAbove(static_cast<Ticks>(slo.value)));
    block.all += static_cast<double>(answered.TotalCount());
  } else if (IsShare(slo) || IsRatio(slo)) {
    watched->subject.AddTo(interval, in_drain, &counts, nullptr);
    const MetricRatio ratio = RatioOf(slo.metric.kind, counts);
    block.bad += ratio.top;
    block.all += ratio.bottom;
  }
}

ShareEvidence ProbeWatch::EvidenceOf(const Watched& watched, const SloResult& judged) const {
  ShareEvidence evidence;
  if (watched.slo.window == 0 && IsShare(watched.slo)) {
    evidence = JudgeShare(watched.blocks, AllowedShare(watched.slo));
  } else if (watched.slo.window == 0 && IsRatio(watched.slo)) {
    evidence = JudgeRatio(watched.blocks, watched.slo.value);
  } else {
    evidence.clarity = judged.held ? kOneNumberClear : -kOneNumberClear;
    if (judged.measured > 0 && watched.slo.value > 0)
      evidence.margin = std::log(watched.slo.value / judged.measured);
  }
  // The verdict is that of the run; a share right at its limit may say otherwise.
  if (judged.held != (evidence.clarity > 0)) evidence.clarity = judged.held ? 0.05 : -0.05;
  return evidence;
}

ShareEvidence ProbeWatch::Nearest(const RunResult& result) const {
  ShareEvidence nearest{.margin = kClear, .margin_error = 1, .clarity = kClear};
  for (std::size_t i = 0; i < watched_.size() && i < result.slo.size(); ++i) {
    const ShareEvidence evidence = EvidenceOf(watched_[i], result.slo[i]);
    if (i == 0 || evidence.clarity < nearest.clarity ||
        (evidence.clarity == nearest.clarity && evidence.margin < nearest.margin))
      nearest = evidence;
  }
  return nearest;
}

bool ProbeWatch::BeganTooEarly() const {
  return std::ranges::any_of(watched_, [](const Watched& watched) {
    return IsShare(watched.slo) && IsUnsettled(watched.blocks, AllowedShare(watched.slo));
  });
}

bool ProbeWatch::Died() const { return dead_seconds_ >= kDeadSeconds; }

bool ProbeWatch::Grew() const {
  return open_model_ && !backlog_.empty() &&
         QueueGrows(backlog_, due_ / static_cast<double>(backlog_.size()));
}

double ProbeWatch::GrowthPerS() const {
  return backlog_.empty() ? 0 : backlog_.back() / static_cast<double>(backlog_.size());
}

}  // namespace mbench
