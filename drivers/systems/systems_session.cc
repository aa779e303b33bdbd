// SPDX-License-Identifier: Apache-2.0
#include "drivers/systems/systems_session.h"

#include <algorithm>
#include <limits>

namespace mbench {
namespace {

// Between two looks at a session that cannot say when it has work: with ops in flight, and without.
constexpr Ticks kLookWhenBusy = 100 * kMicrosecond;
constexpr Ticks kLookWhenIdle = 10 * kMillisecond;

timespec ToTimespec(Ticks wait) {
  wait = std::clamp<Ticks>(wait, 0, 10 * kSecond);
  return {.tv_sec = wait / kSecond, .tv_nsec = wait % kSecond};
}

}  // namespace

SystemsSession::SystemsSession(const SessionPlan& plan, std::vector<SystemSession> sessions,
                               const std::vector<StatementRoute>* routes, Listener* listener)
    : routes_(routes), listener_(listener), has_work_(sessions.size()) {
  parts_.reserve(sessions.size());  // parts stay where they are: codes point to them
  for (SystemSession& one : sessions) {
    parts_.push_back({.name = std::move(one.name),
                      .session = std::move(one.session),
                      .done = Completions(plan.connections)});
    parts_.back().waiting.reserve(plan.connections);
  }
}

SystemsSession::~SystemsSession() {
  if (listener_ == nullptr) return;
  std::vector<ConnectionCounts> counts;
  for (const Part& part : parts_)
    counts.push_back(part.session == nullptr ? ConnectionCounts{} : part.session->Connections());
  listener_->OnEnd(counts);
}

std::size_t SystemsSession::Submit(std::span<const Op> ops, Completions& done) {
  const std::size_t room = done.Room() - std::min(done.Room(), in_flight_);
  const std::size_t taken = std::min(ops.size(), room);
  for (Op op : ops.first(taken)) {
    StatementRoute route;
    if (op.kind == OpKind::kStatement) route = (*routes_)[op.statement];
    op.statement = route.statement;
    parts_[route.system].waiting.push_back(op);
  }
  in_flight_ += taken;
  for (Part& part : parts_)
    if (!part.waiting.empty()) Feed(&part, done);
  return taken;
}

void SystemsSession::Feed(Part* part, Completions& done) {
  part->done.Clear();
  const std::size_t taken = part->session->Submit(part->waiting, part->done);
  part->waiting.erase(part->waiting.begin(),
                      part->waiting.begin() + static_cast<std::ptrdiff_t>(taken));
  part->in_flight += taken;
  Collect(part, done);
}

void SystemsSession::Collect(Part* part, Completions& done) {
  for (StepDone step : part->done.Steps()) {
    step.error = NumberOf(part, &part->errors, &errors_, step.error);
    step.label = NumberOf(part, &part->labels, &labels_, step.label);
    done.AddStep(step);
  }
  for (Completion completion : part->done.View()) {
    if (completion.error != 0) last_failed_ = part;
    completion.error = NumberOf(part, &part->errors, &errors_, completion.error);
    completion.label = NumberOf(part, &part->labels, &labels_, completion.label);
    done.Add(completion);
  }
  const std::size_t ended = part->done.View().size();
  part->in_flight -= ended;
  in_flight_ -= ended;
}

// What was collected in this turn may point into the memory of a session until that is given ops
// again; so they wait for the next turn then.
void SystemsSession::Poll(Ticks until, Completions& done) {
  const std::size_t told = done.Told();
  for (bool looked = false;; looked = true) {
    if (done.Empty()) {
      for (Part& part : parts_)
        if (!part.waiting.empty()) Feed(&part, done);
    }
    const Ticks now = Clock::Now();
    const bool done_something = done.Told() > told;
    if (looked && (done_something || now >= until)) return;
    Wait(now, done_something ? now : until);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (!has_work_[i]) continue;
      parts_[i].done.Clear();
      parts_[i].session->Poll(now, parts_[i].done);
      Collect(&parts_[i], done);
    }
    if (done.Told() > told) return;
  }
}

Ticks SystemsSession::WakeOf(const Part& part, const NextWork& next, Ticks now) const {
  if (next.at != NextWork::kOften) return next.at;
  const bool busy = part.in_flight > 0 || !part.waiting.empty();
  return now + (busy ? kLookWhenBusy : kLookWhenIdle);
}

// Sets has_work_.
void SystemsSession::Wait(Ticks now, Ticks until) {
  polled_.clear();
  polled_parts_.clear();
  Ticks wake = until;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    has_work_[i] = false;
    if (parts_[i].session == nullptr) continue;
    const NextWork next = parts_[i].session->WhenToPoll();
    const Ticks at = WakeOf(parts_[i], next, now);
    // One that has to be asked often is asked after every wait.
    has_work_[i] = at <= now || next.at == NextWork::kOften;
    wake = std::min(wake, at);
    if (next.fd < 0) continue;
    polled_.push_back({.fd = next.fd, .events = POLLIN, .revents = 0});
    polled_parts_.push_back(i);
  }
  const timespec timeout = ToTimespec(wake - now);
  if (ppoll(polled_.data(), polled_.size(), &timeout, nullptr) > 0) {
    for (std::size_t i = 0; i < polled_.size(); ++i)
      if (polled_[i].revents != 0) has_work_[polled_parts_[i]] = true;
    return;
  }
  // A time came: whose, they know themselves.
  if (wake < until)
    for (std::size_t i = 0; i < parts_.size(); ++i) has_work_[i] = parts_[i].session != nullptr;
}

// 0 stays 0.
std::uint16_t SystemsSession::NumberOf(Part* part, Codes* known, std::vector<Code>* all,
                                       std::uint16_t code) {
  if (code == 0) return 0;
  for (const auto& [own, number] : *known)
    if (own == code) return number;
  constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max();
  if (all->size() == kMost) return static_cast<std::uint16_t>(kMost);
  all->push_back({part, code});
  known->emplace_back(code, static_cast<std::uint16_t>(all->size()));
  return known->back().second;
}

std::string SystemsSession::DescribeError(std::uint16_t error) const {
  if (error == 0 || error > errors_.size()) return "no error";
  const Code& code = errors_[error - 1U];
  return code.part->name + ": " + code.part->session->DescribeError(code.code);
}

std::string SystemsSession::DescribeLabel(std::uint16_t label) const {
  if (label == 0 || label > labels_.size()) return "";
  const Code& code = labels_[label - 1U];
  return code.part->session->DescribeLabel(code.code);
}

std::string SystemsSession::LastMessage() const {
  return last_failed_ == nullptr ? "" : last_failed_->session->LastMessage();
}

std::uint64_t SystemsSession::AlreadyThere() const {
  std::uint64_t sum = 0;
  for (const Part& part : parts_)
    if (part.session != nullptr) sum += part.session->AlreadyThere();
  return sum;
}

ConnectionCounts SystemsSession::Connections() const {
  ConnectionCounts sum;
  for (const Part& part : parts_)
    if (part.session != nullptr) sum.Add(part.session->Connections());
  return sum;
}

}  // namespace mbench
