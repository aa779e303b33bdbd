// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/event_ledger.h"

#include <algorithm>
#include <random>
#include <utility>

#include "harness/base/check.h"

namespace mbench {
namespace {

constexpr std::uint64_t kLookAhead = 4096;  // so long is the lock held at most

}  // namespace

std::uint32_t NewRun() { return std::random_device()() >> 9; }

EventLedger::EventLedger(std::uint32_t run, std::size_t capacity)
    : run_(std::uint64_t{run} << kNumberBits), ring_(capacity) {
  MB_CHECK(capacity != 0 && (capacity & (capacity - 1)) == 0, "{} entries", capacity);
  MB_CHECK(run >> (63 - kNumberBits) == 0, "run {}", run);
}

EventLedger::Entry* EventLedger::Find(std::uint64_t number) {
  Entry& entry = ring_[number & (ring_.size() - 1)];
  return entry.number == number ? &entry : nullptr;
}

void EventLedger::Tell(const Entry& entry, Fate fate, Ticks acknowledged, Ticks seen) {
  const Ticks from = entry.from != 0 ? entry.from : acknowledged;
  untold_.push_back(
      {entry.statement, fate, from, fate == Fate::kSeen ? std::max(from, seen) : from});
}

std::uint64_t EventLedger::Begin(std::uint16_t statement, Ticks from) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t number = run_ | next_++;
  if (statement >= by_statement_.size()) by_statement_.resize(std::size_t{statement} + 1);
  Entry& entry = ring_[number & (ring_.size() - 1)];
  if (entry.state == State::kAcknowledged) {
    ++counts_.untracked;
    --counts_.awaited;
  }
  entry = {.number = number, .from = from, .statement = statement, .state = State::kBegun};
  return number;
}

void EventLedger::Acknowledge(std::uint64_t number, Ticks at) {
  const std::lock_guard lock(mutex_);
  ++counts_.acknowledged;
  Entry* const entry = Find(number);
  if (entry == nullptr) {
    ++counts_.untracked;
    return;
  }
  ++Of(*entry).acknowledged;
  if (entry->state == State::kSeen) {
    entry->state = State::kDone;
    ++counts_.seen;
    ++counts_.early;
    Tell(*entry, Fate::kSeen, at, entry->from != 0 ? entry->at : at);
  } else {
    entry->state = State::kAcknowledged;
    entry->at = at;
    ++counts_.awaited;
  }
}

void EventLedger::Abandon(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  Entry* const entry = Find(number);
  if (entry == nullptr) return;
  counts_.unacknowledged += entry->state == State::kSeen ? 1 : 0;
  entry->state = entry->state == State::kSeen ? State::kDone : State::kAbandoned;
}

bool EventLedger::See(std::uint64_t number, Ticks at) {
  if (number >> kNumberBits != run_ >> kNumberBits) return false;
  const std::lock_guard lock(mutex_);
  Entry* const entry = Find(number);
  if (entry == nullptr)
    return false;  // counted when it was forgotten, or seen and doubled long after
  switch (entry->state) {
    case State::kBegun:
      entry->state = State::kSeen;
      entry->at = at;
      break;
    case State::kAcknowledged:
      entry->state = State::kDone;
      ++counts_.seen;
      --counts_.awaited;
      Tell(*entry, Fate::kSeen, entry->at, at);
      break;
    case State::kAbandoned:
      entry->state = State::kDone;
      ++counts_.unacknowledged;
      break;
    case State::kGivenUp:  // which was told
      entry->state = State::kDone;
      return false;
    case State::kSeen:
    case State::kDone:
      ++counts_.doubled;
      ++Of(*entry).doubled;
      Tell(*entry, Fate::kDoubled, at, at);
      return false;
  }
  return true;
}

void EventLedger::TakeSightings(std::vector<Sighting>* to) {
  const std::lock_guard lock(mutex_);
  to->insert(to->end(), untold_.begin(), untold_.end());
  untold_.clear();
}

std::uint64_t EventLedger::Missing() const {
  const std::lock_guard lock(mutex_);
  return counts_.awaited + untold_.size();
}

void EventLedger::GiveUp(bool lost) {
  const std::lock_guard lock(mutex_);
  for (Entry& entry : ring_) {
    if (entry.state != State::kAcknowledged) continue;
    entry.state = State::kGivenUp;
    if (!lost) continue;
    ++Of(entry).lost;
    Tell(entry, Fate::kLost, entry.at, entry.at);
  }
  (lost ? counts_.lost : counts_.not_awaited) += std::exchange(counts_.awaited, 0);
}

// Events come about in the order of their writes, so the first one that is open is near the front.
Ticks EventLedger::OldestAwaited() const {
  if (counts_.awaited == 0) return 0;
  const auto at = [this](std::uint64_t number) -> const Entry& {
    return ring_[number & (ring_.size() - 1)];
  };
  const std::uint64_t begin = next_ > ring_.size() ? next_ - ring_.size() : 1;
  first_open_ = std::max(first_open_, begin);
  while (first_open_ < next_ && at(first_open_).state != State::kBegun &&
         at(first_open_).state != State::kAcknowledged) {
    ++first_open_;
  }
  for (std::uint64_t n = first_open_; n < std::min(next_, first_open_ + kLookAhead); ++n)
    if (at(n).state == State::kAcknowledged) return at(n).from != 0 ? at(n).from : at(n).at;
  return 0;
}

// Those that were not waited for may be of any of them.
std::vector<MessageCounts> EventLedger::ByStatement() const {
  const std::lock_guard lock(mutex_);
  std::vector<MessageCounts> counts = by_statement_;
  for (MessageCounts& one : counts) one.known = counts_.untracked == 0 && counts_.not_awaited == 0;
  return counts;
}

EventLedger::Counts EventLedger::Look() const {
  const std::lock_guard lock(mutex_);
  Counts counts = counts_;
  counts.oldest = OldestAwaited();
  return counts;
}

}  // namespace mbench
