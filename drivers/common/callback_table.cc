// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/callback_table.h"

#include <utility>

#include "harness/base/check.h"

namespace mbench {

CallbackTable::CallbackTable(std::uint32_t places, bool want_values, std::shared_ptr<Wakeup> wakeup)
    : want_values_(want_values), wakeup_(std::move(wakeup)), places_(places) {
  finished_.reserve(places);
}

bool CallbackTable::Finish(CallbackToken token, const CallbackResult& result) {
  const Ticks now = Clock::Now();
  const std::lock_guard lock(mutex_);
  const bool known = token.place_ < places_.size() && places_[token.place_].open &&
                     places_[token.place_].generation == token.generation_;
  if (!known) {
    ++strays_;
    return false;
  }
  Place& place = places_[token.place_];
  place.open = false;
  place.end.outcome = result.outcome;
  place.end.bytes_sent = result.bytes_sent;
  place.end.bytes_received = result.bytes_received;
  place.end.items = result.items;
  place.end.finished = now;
  place.end.error = result.error;
  place.end.label = result.label;
  if (want_values_) place.end.value = result.value;
  finished_.push_back(token.place_);
  if (finished_.size() == 1 && std::this_thread::get_id() != reader_) wakeup_->Signal();
  return true;
}

std::uint64_t CallbackTable::Strays() const {
  const std::lock_guard lock(mutex_);
  return strays_;
}

CallbackToken CallbackTable::Open(std::uint32_t place) {
  const std::lock_guard lock(mutex_);
  reader_ = std::this_thread::get_id();
  places_[place].open = true;
  return {place, ++places_[place].generation};
}

bool CallbackTable::Withdraw(std::uint32_t place) {
  const std::lock_guard lock(mutex_);
  return std::exchange(places_[place].open, false);
}

void CallbackTable::TakeFinished(std::vector<std::uint32_t>* places) {
  places->clear();
  const std::lock_guard lock(mutex_);
  places->swap(finished_);
}

void CallbackTable::Leave() {
  const std::lock_guard lock(mutex_);
  for (Place& place : places_) place.open = false;
}

}  // namespace mbench
