// SPDX-License-Identifier: Apache-2.0
#include "drivers/policy/circuit_breaker.h"

#include <algorithm>

namespace mbench {

void CircuitBreaker::Become(State state, Ticks now) {
  if (state_ == State::kClosed) left_ = now;
  if (state == State::kClosed) counts_.open += now - left_;
  if (state == State::kOpen) {
    ++counts_.opened;
    until_ = now + policy_.open_for;
  }
  state_ = state;
  in_a_row_ = 0;
  trials_ = policy_.half_open;
  ++pass_;
}

std::optional<CircuitBreaker::Pass> CircuitBreaker::Admit(Ticks now) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::kOpen && now >= until_) Become(State::kHalfOpen, now);
  if (state_ == State::kOpen || (state_ == State::kHalfOpen && trials_ == 0)) {
    ++counts_.refused;
    return std::nullopt;
  }
  if (state_ == State::kHalfOpen) --trials_;
  return pass_;
}

void CircuitBreaker::Note(Pass pass, bool failed, Ticks now) {
  const std::lock_guard lock(mutex_);
  if (pass != pass_) return;
  if (state_ == State::kClosed) {
    in_a_row_ = failed ? in_a_row_ + 1 : 0;
    if (in_a_row_ >= policy_.open_after) Become(State::kOpen, now);
  } else if (failed) {
    Become(State::kOpen, now);
  } else if (++in_a_row_ >= policy_.half_open) {
    Become(State::kClosed, now);
  }
}

// While some try, nobody knows how long that takes.
Ticks CircuitBreaker::NextTry(Ticks now) const {
  constexpr Ticks kWhileOthersTry = 10 * kMillisecond;
  const std::lock_guard lock(mutex_);
  return state_ == State::kOpen ? std::max(until_, now) : now + kWhileOthersTry;
}

CircuitBreaker::Counts CircuitBreaker::Look(Ticks now) const {
  const std::lock_guard lock(mutex_);
  Counts counts = counts_;
  counts.is_open = state_ != State::kClosed;
  if (counts.is_open) counts.open += now - left_;
  return counts;
}

}  // namespace mbench
