// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/intervals.h"

#include <algorithm>
#include <utility>

#include "harness/engine/crew.h"
#include "harness/engine/together.h"

namespace mbench {

DueCounter::DueCounter(std::vector<ArrivalStream> streams) : streams_(std::move(streams)) {
  for (ArrivalStream& stream : streams_) stream.PassUntil(0);
}

std::uint64_t DueCounter::Until(Ticks time) {
  for (ArrivalStream& stream : streams_) count_ += stream.PassUntil(time);
  return count_;
}

Intervals::Intervals(Crew* crew, SystemObserver* observed, const Together* together, bool open,
                     std::size_t ops)
    : crew_(crew), open_(open), due_(crew->Streams()), begin_(crew->curve().Begin()) {
  if (observed != nullptr) watch_.emplace(observed);
  if (together != nullptr) cpu_.CountAsOurs(together->Neighbours());
  taken_.ops.resize(ops);
  crew->ForEachThread(
      [this](pthread_t thread, const WorkerGauge* gauge) { probe_.Watch(thread, gauge); });
  if (begin_ >= -kSecond) cpu_.Begin(Clock::Now());
  is_connected_ = cpu_.NoteConnections();
}

Ticks Intervals::NextEnd() const {
  const Ticks whole = begin_ >= 0 ? begin_ / kSecond : -((-begin_ + kSecond - 1) / kSecond);
  const Ticks end = MeasuredEnd();
  return begin_ < end ? std::min((whole + 1) * kSecond, end) : (whole + 1) * kSecond;
}

Interval Intervals::Slice(Ticks end) {
  Interval slice{.begin = slice_begin_, .end = end};
  TakeInto(&slice);
  const Ticks measured_end = MeasuredEnd();
  slice.planned_level = slice.begin < measured_end ? crew_->curve().LevelAt(end - 1) : 0;
  const std::uint64_t offered = open_ ? due_.Until(std::min(end, measured_end)) : crew_->Planned();
  slice.offered = offered - offered_;
  offered_ = offered;
  slice_begin_ = end;
  second_.Add(slice);
  return slice;
}

Interval Intervals::Cut(Ticks end) {
  Interval interval = std::exchange(second_, {});
  interval.begin = begin_;
  interval.end = end;
  interval.host = probe_.Sample();
  if (watch_) interval.system = watch_->Take();
  interval.planned_level = crew_->curve().LevelAt(end - 1);
  interval.in_flight = crew_->InFlight();
  begin_ = end;
  WatchCpu();
  return interval;
}

CpuAccount Intervals::TakeCpu() const { return cpu_.End(Clock::Now()); }

Ticks Intervals::MeasuredEnd() const { return crew_->times().End() - crew_->times().zero; }

// The cut comes a little after the time it is named for. What was measured between time 0 and the
// cut that ends the warm-up belongs to the first interval of the measured phase.
void Intervals::TakeInto(Interval* interval) {
  crew_->Take(&taken_);
  std::swap(interval->warmup_ops, taken_.warmup_ops);
  if (interval->end <= 0) {
    interval->ops.resize(taken_.ops.size());
    return;
  }
  interval->ops = std::exchange(taken_.ops, std::vector<OpStats>(taken_.ops.size()));
  for (OpStats& op : interval->ops) op.marks = op.marks.From(crew_->times().zero);
  interval->parts = std::exchange(taken_.parts, {});
  interval->lag = std::exchange(taken_.lag, {});
  interval->delay = std::exchange(taken_.delay, {});
}

// In the last second of the warm-up, or else when the run begins: a look at all processes takes
// some milliseconds.
void Intervals::WatchCpu() {
  if (begin_ == -kSecond) cpu_.Begin(Clock::Now());
  constexpr int kLooks = 5;  // at connections, when there are none at first
  if (is_connected_ || looks_ == kLooks) return;
  ++looks_;
  is_connected_ = cpu_.NoteConnections();
}

}  // namespace mbench
