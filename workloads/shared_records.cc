// SPDX-License-Identifier: Apache-2.0
#include "workloads/shared_records.h"

#include <algorithm>
#include <iterator>

namespace mbench {

SharedRecords::SharedRecords(std::uint64_t first, std::uint64_t records, double theta,
                             RunShare share)
    : first_(first),
      base_(first + records),
      theta_(theta),
      share_(share),
      limit_(base_),
      next_(base_),
      ring_(kRing) {
  for (auto& place : ring_) place.store(UINT64_MAX, std::memory_order_relaxed);
}

std::uint64_t SharedRecords::TakeInsert() {
  if (returned_count_.load(std::memory_order_relaxed) != 0) {
    if (const auto number = TakeReturned()) return *number;
  }
  return NumberAt(next_.fetch_add(1, std::memory_order_relaxed));
}

std::optional<std::uint64_t> SharedRecords::TakeReturned() {
  const std::lock_guard lock(mutex_);
  const bool due = ++inserts_since_retry_ >= kRetryEvery || returned_.size() > kRetryFirst;
  if (!due || returned_.empty()) return std::nullopt;
  inserts_since_retry_ = 0;
  const std::uint64_t number = returned_.front();
  returned_.pop_front();
  returned_count_.store(returned_.size(), std::memory_order_relaxed);
  return number;
}

void SharedRecords::GiveBack(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  returned_.push_back(number);
  returned_count_.store(returned_.size(), std::memory_order_relaxed);
}

void SharedRecords::Acknowledge(std::uint64_t number) {
  const std::uint64_t at = PlaceOf(number);
  // Within the ring, the place cannot hold another number that is still waited for: that would be
  // one ring away, and so below Limit() or beyond the ring.
  if (at - Limit() < kRing) {
    ring_[at % kRing].store(at);
  } else {
    AddBeyondRing(at);
  }
  AdvanceLimit();
}

// Sequentially consistent, all of it: of two threads, one that fills a place and then looks at the
// limit, and one that moves the limit to that place and then looks into it, at least one must see
// what the other did. The same holds for beyond_count_.
void SharedRecords::AdvanceLimit() {
  do {
    std::uint64_t limit = limit_.load();
    while (ring_[limit % kRing].load() == limit) {
      if (limit_.compare_exchange_weak(limit, limit + 1)) ++limit;
    }
  } while (beyond_count_.load() != 0 && MoveIntoRing());
}

void SharedRecords::AddBeyondRing(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  auto next = beyond_.upper_bound(number);
  std::uint64_t begin = number, end = number + 1;
  if (next != beyond_.end() && next->first == end) {
    end = next->second;
    next = beyond_.erase(next);
  }
  if (next != beyond_.begin() && std::prev(next)->second == begin) {
    std::prev(next)->second = end;
  } else {
    beyond_.emplace_hint(next, begin, end);
  }
  beyond_count_.store(beyond_.size());
}

// Whether there was something to move.
bool SharedRecords::MoveIntoRing() {
  const std::lock_guard lock(mutex_);
  const std::uint64_t ring_end = limit_.load() + kRing;
  bool moved = false;
  while (!beyond_.empty() && beyond_.begin()->first < ring_end) {
    const auto [begin, end] = *beyond_.begin();
    const std::uint64_t moved_end = std::min(end, ring_end);
    for (std::uint64_t n = begin; n < moved_end; ++n) ring_[n % kRing].store(n);
    beyond_.erase(beyond_.begin());
    if (moved_end < end) beyond_.emplace(moved_end, end);
    moved = true;
  }
  beyond_count_.store(beyond_.size());
  return moved;
}

std::shared_ptr<const ZipfTable> SharedRecords::Popularity(std::uint64_t n) {
  const std::lock_guard lock(mutex_);
  if (!popularity_) {
    popularity_ = std::make_shared<const ZipfTable>(n, theta_);
  } else if (popularity_->Size() < n) {
    popularity_ = std::make_shared<const ZipfTable>(std::max(n, 2 * popularity_->Size()), theta_);
  }
  return popularity_;
}

}  // namespace mbench
