// SPDX-License-Identifier: Apache-2.0
#include "drivers/policy/policy_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <thread>

namespace mbench {
namespace {

// Codes of the inner session are even numbers, ours are odd; 0 stays 0.
constexpr std::uint16_t kMostInner = 0x7fff;
std::uint16_t Theirs(std::uint16_t code) {
  return static_cast<std::uint16_t>(2 * std::min(code, kMostInner));
}
constexpr std::uint16_t Ours(std::uint32_t code) {
  return static_cast<std::uint16_t>(2 * code + 1);
}
constexpr bool IsOurs(std::uint16_t code) { return code % 2 == 1; }

constexpr std::uint16_t kRefused = Ours(0);  // of errors
constexpr std::uint16_t kAttempt = Ours(0);  // of labels; then as many retries

bool IsFailure(Outcome outcome) {
  return outcome == Outcome::kFailed || outcome == Outcome::kTimedOut ||
         outcome == Outcome::kRejected;
}

// The system may have done it, or not.
bool LeavesDoubt(const Completion& completion) {
  if (completion.outcome == Outcome::kTimedOut) return true;
  return completion.outcome == Outcome::kFailed && completion.bytes_sent > 0 &&
         completion.bytes_received == 0;
}

StepDone ToStep(const Completion& completion, std::uint32_t slot) {
  return {.slot = slot,
          .bytes_sent = completion.bytes_sent,
          .bytes_received = completion.bytes_received,
          .items = completion.items,
          .error = completion.error,
          .label = kAttempt,
          .outcome = completion.outcome,
          .started = completion.started,
          .finished = completion.finished};
}

}  // namespace

PolicySession::PolicySession(std::unique_ptr<Session> session, const SessionPlan& plan,
                             const RetryPolicy& retry, CircuitBreaker* breaker, RetryCounts* counts)
    : session_(std::move(session)),
      retry_(retry),
      fail_fast_(plan.fail_fast),
      breaker_(breaker),
      counts_(counts),
      rng_(plan.seed),
      calls_(plan.connections),
      free_(plan.connections),
      inner_(plan.connections) {
  std::iota(free_.begin(), free_.end(), 0U);
  waiting_.reserve(plan.connections);
  due_.reserve(plan.connections);
  ready_.reserve(plan.connections);
}

std::size_t PolicySession::Submit(std::span<const Op> ops, Completions& done) {
  const std::size_t in_flight = calls_.size() - free_.size();
  const std::size_t room = done.Room() - std::min(done.Room(), in_flight);
  const std::size_t taken = std::min({ops.size(), room, free_.size()});
  const Ticks now = breaker_ == nullptr ? 0 : Clock::Now();
  for (const Op& op : ops.first(taken)) {
    const std::uint32_t number = free_.back();
    free_.pop_back();
    calls_[number] = {.op = op, .slot = op.slot};
    calls_[number].op.slot = number;
    Admit(number, now, done);
  }
  Give(now, done);
  return taken;
}

void PolicySession::Admit(std::uint32_t number, Ticks now, Completions& done) {
  Call& call = calls_[number];
  if (breaker_ != nullptr) {
    const auto pass = breaker_->Admit(now);
    if (!pass) return Refuse(number, now, done);
    call.pass = *pass;
  }
  ready_.push_back(call.op);
}

void PolicySession::Refuse(std::uint32_t number, Ticks now, Completions& done) {
  Call& call = calls_[number];
  if (call.retries == 0 && !call.refused) call.started = now;
  if (fail_fast_ || call.refused || call.retries > 0)
    return End(number,
               {.error = kRefused,
                .outcome = Outcome::kRejected,
                .started = call.started,
                .finished = now},
               done);
  call.refused = true;
  call.due = breaker_->NextTry(now);
  waiting_.push_back(number);
}

// What is ready, and whose time has come, to the inner session.
void PolicySession::Give(Ticks now, Completions& done) {
  due_.clear();
  std::erase_if(waiting_, [&](std::uint32_t number) {
    if (calls_[number].due > now) return false;
    due_.push_back(number);
    return true;
  });
  for (const std::uint32_t number : due_)
    calls_[number].refused ? Refuse(number, now, done) : Admit(number, now, done);
  if (ready_.empty()) return;
  inner_.Clear();
  const std::size_t taken = session_->Submit(ready_, inner_);
  ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(taken));
  inside_ += taken;
  Collect(done);
}

void PolicySession::Collect(Completions& done) {
  for (StepDone step : inner_.Steps()) {
    step.slot = calls_[step.slot].slot;
    step.error = Theirs(step.error);
    step.label = Theirs(step.label);
    done.AddStep(step);
  }
  inside_ -= inner_.View().size();
  for (Completion completion : inner_.View()) {
    const std::uint32_t number = completion.slot;
    Call& call = calls_[number];
    completion.error = Theirs(completion.error);
    completion.label = Theirs(completion.label);
    if (breaker_ != nullptr)
      breaker_->Note(call.pass, IsFailure(completion.outcome), completion.finished);
    const bool again = IsTriedAgain(call, completion);
    if (again || call.retries > 0) done.AddStep(ToStep(completion, call.slot));
    if (call.retries == 0) call.started = completion.started;
    call.bytes_sent += completion.bytes_sent;
    call.bytes_received += completion.bytes_received;
    if (!call.in_doubt && LeavesDoubt(completion)) {
      call.in_doubt = true;
      call.doubt = completion;
    }
    if (!again) {
      End(number, completion, done);
      continue;
    }
    TryAgain(&call);
    waiting_.push_back(number);
  }
}

bool PolicySession::IsTriedAgain(const Call& call, const Completion& completion) const {
  if (call.retries >= retry_.times) return false;
  switch (completion.outcome) {
    case Outcome::kFailed:
      return retry_.failed;
    case Outcome::kTimedOut:
      return retry_.timed_out;
    case Outcome::kRejected:
      return retry_.rejected;
    default:
      return false;
  }
}

void PolicySession::TryAgain(Call* call) {
  const std::uint32_t doublings = std::min(call->retries, 30U);
  const Ticks whole = std::min(retry_.most, retry_.backoff << doublings);
  const double part = 1 - retry_.jitter * rng_.Unit();
  call->due = Clock::Now() + static_cast<Ticks>(static_cast<double>(whole) * part);
  ++call->retries;
  counts_->retries.fetch_add(1, std::memory_order_relaxed);
  if (call->retries == 1) counts_->ops.fetch_add(1, std::memory_order_relaxed);
}

// `completion`: of its last attempt, or of the breaker.
void PolicySession::End(std::uint32_t number, Completion completion, Completions& done) {
  const Call& call = calls_[number];
  if (call.retries > 0) {
    if (IsAnswer(completion.outcome))
      counts_->recovered.fetch_add(1, std::memory_order_relaxed);
    else if (call.in_doubt) {
      completion.outcome = call.doubt.outcome;
      completion.error = call.doubt.error;
    }
    completion.started = call.started;
    completion.bytes_sent = call.bytes_sent;
    completion.bytes_received =
        call.in_doubt && !IsAnswer(completion.outcome) ? 0 : call.bytes_received;
    if (completion.label == 0) completion.label = Ours(call.retries);
  }
  completion.slot = call.slot;
  done.Add(completion);
  free_.push_back(number);
}

// A value points into memory of the inner session until that is called again, so one call of it
// that had an answer ends the turn.
void PolicySession::Poll(Ticks until, Completions& done) {
  const std::size_t told = done.Told();
  if (!done.Empty()) until = std::min(until, Clock::Now());
  for (;;) {
    const Ticks now = Clock::Now();
    if (done.Empty()) Give(now, done);
    if (done.Told() > told) return;
    const Ticks wake = std::min(until, NextDue());
    inner_.Clear();
    session_->Poll(wake, inner_);
    Collect(done);
    if (done.Told() > told || Clock::Now() >= until) return;
    // One that blocks has nothing to wait for.
    if (inside_ == 0 && ready_.empty()) Clock::SleepUntil(wake);
  }
}

Ticks PolicySession::NextDue() const {
  Ticks due = kNever;
  for (const std::uint32_t number : waiting_) due = std::min(due, calls_[number].due);
  return due;
}

NextWork PolicySession::WhenToPoll() const {
  NextWork next = session_->WhenToPoll();
  if (next.at != NextWork::kOften) next.at = std::min(next.at, NextDue());
  return next;
}

std::string PolicySession::DescribeError(std::uint16_t error) const {
  return error == kRefused ? "refused by the circuit breaker"
                           : session_->DescribeError(static_cast<std::uint16_t>(error / 2));
}

std::string PolicySession::DescribeLabel(std::uint16_t label) const {
  if (!IsOurs(label)) return session_->DescribeLabel(static_cast<std::uint16_t>(label / 2));
  if (label == kAttempt) return "attempt";
  const int retries = label / 2;
  return retries == 1 ? "1 retry" : fmt::format("{} retries", retries);
}

}  // namespace mbench
