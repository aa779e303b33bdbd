// SPDX-License-Identifier: Apache-2.0
//
// A circuit breaker, shared by all sessions of one system, as the connections of a client process
// share theirs.
//
//   if (const auto pass = breaker.Admit(now)) ...   the attempt may be made
//   breaker.Note(*pass, failed, now)                and has ended
//
// An attempt that began before the breaker changed its state says nothing of the new one.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "drivers/client_policy.h"

namespace mbench {

// Thread: any.
class CircuitBreaker {
 public:
  explicit CircuitBreaker(const BreakerPolicy& policy) : policy_(policy) {}

  // Under which state an attempt is made.
  using Pass = std::uint64_t;
  // nullopt: it is refused.
  std::optional<Pass> Admit(Ticks now);
  void Note(Pass pass, bool failed, Ticks now);
  // When one that was refused now may be worth another try.
  Ticks NextTry(Ticks now) const;

  struct Counts {
    std::uint64_t opened = 0;
    std::uint64_t refused = 0;
    Ticks open = 0;  // so long in all, half open or whole
    bool is_open = false;
  };
  Counts Look(Ticks now) const;

 private:
  enum class State : std::uint8_t { kClosed, kOpen, kHalfOpen };
  void Become(State state, Ticks now);

  const BreakerPolicy policy_;
  mutable std::mutex mutex_;
  State state_ = State::kClosed;
  Pass pass_ = 0;               // changes with the state
  std::uint32_t in_a_row_ = 0;  // failures when closed, successes when half open
  std::uint32_t trials_ = 0;    // half open: so many may still get through
  Ticks until_ = 0;             // open: then half open
  Ticks left_ = 0;              // when it was closed no longer
  Counts counts_;
};

}  // namespace mbench
