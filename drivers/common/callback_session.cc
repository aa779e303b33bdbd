// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/callback_session.h"

#include <algorithm>

#include "drivers/common/callback_table.h"

namespace mbench {

bool Callbacks::Finish(CallbackToken token, const CallbackResult& result) const {
  return table_->Finish(token, result);
}

std::uint64_t Callbacks::Strays() const { return table_->Strays(); }

CallbackSession::CallbackSession(const SessionPlan& plan)
    : plan_(plan),
      wakeup_(std::make_shared<Wakeup>()),
      callbacks_(std::make_shared<CallbackTable>(plan.connections, plan.want_values, wakeup_)),
      table_(callbacks_.table_.get()) {
  ended_.reserve(plan.connections);
  for (std::uint32_t place = 0; place < plan.connections; ++place) {
    flights_.push_back(free_.insert(free_.end(), {.place = place}));
  }
}

CallbackSession::~CallbackSession() { table_->Leave(); }

std::size_t CallbackSession::Submit(std::span<const Op> ops, Completions& done) {
  std::size_t taken = 0;
  while (taken < ops.size() && done.Room() > by_age_.size() && Take(ops[taken])) ++taken;
  Collect(done);  // what was called back at once
  return taken;
}

bool CallbackSession::Take(const Op& op) {
  if (free_.empty()) return false;
  const auto flight = free_.begin();
  flight->slot = op.slot;
  flight->started = Clock::Now();
  by_age_.splice(by_age_.end(), free_, flight);
  if (Start(op, table_->Open(flight->place))) return true;
  if (!table_->Withdraw(flight->place)) return true;  // it has called back all the same
  End(flight);
  return false;
}

void CallbackSession::Poll(Ticks until, Completions& done) {
  const std::size_t room = done.Room();
  for (bool looked = false;; looked = true) {
    Collect(done);
    const Ticks now = Clock::Now();
    TimeOut(now, done);
    if (done.Room() < room || (looked && now >= until)) return;
    Pump(by_age_.empty() ? until : std::min(until, by_age_.front().started + plan_.timeout));
  }
}

void CallbackSession::Collect(Completions& done) {
  table_->TakeFinished(&ended_);
  for (const std::uint32_t place : ended_) {
    const CallbackTable::End& end = table_->EndOf(place);
    const Flights::iterator flight = flights_[place];
    done.Add({.slot = flight->slot,
              .bytes_sent = end.bytes_sent,
              .bytes_received = end.bytes_received,
              .items = end.items,
              .error = end.error.empty() ? std::uint16_t{0} : errors_.Code(end.error),
              .label = end.label.empty() ? std::uint16_t{0} : labels_.Code(end.label),
              .outcome = end.outcome,
              .started = flight->started,
              .finished = std::max(end.finished, flight->started),
              .value = end.value});
    End(flight);
  }
}

void CallbackSession::TimeOut(Ticks now, Completions& done) {
  while (!by_age_.empty() && by_age_.front().started + plan_.timeout <= now) {
    const Flights::iterator flight = by_age_.begin();
    if (!table_->Withdraw(flight->place)) return Collect(done);  // it has come at the last moment
    done.Add({.slot = flight->slot,
              .outcome = Outcome::kTimedOut,
              .started = flight->started,
              .finished = now});
    End(flight);
  }
}

void CallbackSession::End(Flights::iterator flight) { free_.splice(free_.end(), by_age_, flight); }

}  // namespace mbench
