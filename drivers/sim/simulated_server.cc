// SPDX-License-Identifier: Apache-2.0
#include "drivers/sim/simulated_server.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace mbench::sim {
namespace {

// All with mean 1. Lognormal: sigma 1, so that half of the requests take less than 0.61 of the mean
// and one in a hundred takes more than 6.2 times the mean.
double DrawService(Distribution distribution, Rng& rng) {
  switch (distribution) {
    case Distribution::kConstant:
      return 1;
    case Distribution::kExponential:
      return rng.Exponential();
    case Distribution::kUniform:
      return 2 * rng.Unit();
    case Distribution::kLognormal: {
      // Box and Muller, "A note on the generation of random normal deviates" (1958).
      const double radius = std::sqrt(2 * rng.Exponential());
      const double normal = radius * std::cos(2 * std::numbers::pi * rng.Unit());
      return std::exp(normal - 0.5);
    }
  }
  return 1;
}

}  // namespace

SimulatedServer::SimulatedServer(const ServerPlan& plan)
    : plan_(plan), free_at_(plan.capacity, 0) {}

SimulatedServer::Draw SimulatedServer::DrawFor(OpKind kind, Rng& rng) const {
  // Always the same number of draws, so that one option does not change what another one draws.
  const double factor = DrawService(plan_.distribution, rng) * (1 + plan_.slowdown);
  const bool failed = rng.Unit() < plan_.error_rate;
  const bool missing = rng.Unit() < plan_.missing && kind == OpKind::kRead;
  // At least a nanosecond: with none, time under a fake clock might stand still.
  const auto work = std::max<Ticks>(std::llround(static_cast<double>(plan_.service) * factor), 1);
  if (failed) return {work, Outcome::kFailed};
  return {work, missing ? Outcome::kNotFound : Outcome::kOk};
}

Reply SimulatedServer::Send(OpKind kind, Ticks now, Ticks timeout, Rng& rng) {
  const Draw draw = DrawFor(kind, rng);
  const std::lock_guard lock(mutex_);
  if (first_ == kNever) first_ = now;
  // Two threads may come here in another order than they read the clock.
  last_ = std::max(last_, now - first_);
  const Ticks death = plan_.die_at > 0 ? first_ + plan_.die_at : kNever;
  if (now >= death) return {now + kRefusal, Outcome::kFailed, kConnectionRefused};
  if (QueueIsFull(last_)) return {now + kRefusal, Outcome::kRejected, kQueueFull};

  const Ticks finish = plan_.never_answers ? kNever : first_ + Serve(last_, draw.work);
  if (finish <= std::min(now + timeout, death)) {
    return {finish, draw.outcome, draw.outcome == Outcome::kFailed ? kSimulated : kNone};
  }
  if (now + timeout <= death) return {now + timeout, Outcome::kTimedOut, kNone};
  return {death, Outcome::kFailed, kConnectionLost};
}

bool SimulatedServer::QueueIsFull(Ticks since) {
  if (plan_.reject_above == 0) return false;
  while (!begins_.empty() && begins_.front() <= since) begins_.pop_front();
  return begins_.size() >= plan_.reject_above;
}

// Begins never go backwards: arrivals come in order, and so do the moments when a server gets free.
Ticks SimulatedServer::Serve(Ticks since, Ticks work) {
  std::ranges::pop_heap(free_at_, std::greater<>());
  const Ticks begin = std::max(since, free_at_.back());
  const Ticks finish = std::min(plan_.stalls.Finish(begin, work), kNever);
  free_at_.back() = finish;
  std::ranges::push_heap(free_at_, std::greater<>());
  if (plan_.reject_above > 0) begins_.push_back(begin);
  return finish;
}

}  // namespace mbench::sim
