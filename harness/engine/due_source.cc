// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/due_source.h"

#include <algorithm>
#include <bit>

#include "harness/base/check.h"

namespace mbench {

ClosedSource::ClosedSource(const ClosedSourceOptions& options) : options_(options) {
  std::uint32_t most = 1;
  for (const ClientStep& step : options_.steps) most = std::max(most, Share(step.clients));
  ring_.resize(std::bit_ceil(most));
}

std::uint32_t ClosedSource::Share(std::uint32_t clients) const {
  return (clients + options_.workers - 1 - options_.worker) / options_.workers;
}

Ticks ClosedSource::NextDue(Ticks now) {
  if (options_.ops == 0) return kNever;
  if (step_ < options_.steps.size()) JoinAndLeave(now);
  // Surplus clients leave when it would be their turn.
  for (; size_ > 0 && live_ > target_; --live_, --size_) ++head_;
  const Ticks ready = size_ > 0 ? ring_[head_ & (ring_.size() - 1)] : kNever;
  const Ticks join =
      step_ < options_.steps.size() ? options_.zero + options_.steps[step_].at : kNever;
  return std::min(ready, join);
}

void ClosedSource::JoinAndLeave(Ticks now) {
  for (; step_ < options_.steps.size(); ++step_) {
    const ClientStep& step = options_.steps[step_];
    const Ticks at = options_.zero + step.at;
    if (at > now) return;
    target_ = Share(step.clients);
    for (; live_ < target_; ++live_) Push(at);
  }
}

void ClosedSource::Push(Ticks ready) {
  MB_CHECK(size_ < ring_.size(), "{} clients ready", size_);
  const std::size_t mask = ring_.size() - 1;
  std::size_t at = head_ + size_++;
  for (; at != head_ && ring_[(at - 1) & mask] > ready; --at) {
    ring_[at & mask] = ring_[(at - 1) & mask];
  }
  ring_[at & mask] = ready;
}

void ClosedSource::Take() {
  const Ticks planned = ring_[head_++ & (ring_.size() - 1)];
  --size_;
  if (planned >= options_.zero && options_.ops != UINT64_MAX) --options_.ops;
}

void ClosedSource::Replied(Ticks finished) {
  if (live_ > target_) {
    --live_;
  } else {
    Push(finished + options_.think);
  }
}

std::uint64_t ClosedSource::Waiting(Ticks end) const {
  std::uint64_t waiting = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    const Ticks ready = ring_[(head_ + i) & (ring_.size() - 1)];
    if (ready >= options_.zero && ready < end) ++waiting;
  }
  return options_.ops == 0 ? 0 : waiting;
}

}  // namespace mbench
