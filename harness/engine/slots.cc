// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/slots.h"

#include <algorithm>

namespace mbench {
namespace {

// Far above what a turn of the loop takes, even with thousands of replies in it, and above what a
// kernel takes to wake a thread.
constexpr Ticks kStall = 1 * kMillisecond;

}  // namespace

Slots::Slots(std::uint32_t count, DueSource* source, Workload* workload, const PhaseTimes* times)
    : slots_(count), source_(source), workload_(workload), times_(times) {
  for (std::uint32_t slot = count; slot-- > 0;) free_.push_back(slot);
  waiting_.reserve(count);
}

void Slots::Fill(Ticks now) {
  while (!free_.empty()) {
    const Ticks due = source_->NextDue(now);
    if (due > now || due >= times_->End()) return;
    source_->Take();
    if (due >= times_->zero) ++planned_;

    const std::uint32_t index = free_.back();
    free_.pop_back();
    Slot& slot = slots_[index];
    // An op that could have been taken long ago: this thread stood still, and what was due since
    // waited for it and not for a connection, however long those are busy with the backlog.
    if (now - std::max(due, slot.free_since) > kStall) [[unlikely]]
      stalled_until_ = now;
    if (due < stalled_until_) [[unlikely]]
      slot.free_since = std::min(slot.free_since, due);
    slot.planned = due;
    slot.started = 0;
    workload_->Next(&slot.request);
    slot.request.op.slot = index;
    slot.request.op.planned = due;
    waiting_.push_back(slot.request.op);
  }
}

void Slots::Taken(std::size_t count) {
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
}

void Slots::Again(std::uint32_t slot) { waiting_.push_back(slots_[slot].request.op); }

void Slots::Release(std::uint32_t slot, Ticks finished) {
  slots_[slot].free_since = finished;
  free_.push_back(slot);
  source_->Replied(finished);
}

Ticks Slots::NextWake(Ticks now) {
  if (free_.empty()) return times_->Deadline();
  const Ticks due = source_->NextDue(now);
  if (due < times_->End()) return due;
  return now < times_->End() ? times_->End() : times_->Deadline();
}

bool Slots::Finished(Ticks now) {
  if (now >= times_->Deadline()) return true;
  if (free_.size() < slots_.size()) return false;
  return source_->Exhausted() || (now >= times_->End() && source_->NextDue(now) >= times_->End());
}

}  // namespace mbench
