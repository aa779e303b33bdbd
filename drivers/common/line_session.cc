// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/line_session.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace mbench {
namespace {

// Connections that are being made at once when a session starts: more would overrun the queue of a
// server that listens.
constexpr std::size_t kConnectingAtStart = 128;
constexpr Ticks kConnectTimeout = 10 * kSecond;

std::uint64_t Token(std::uint32_t index, std::uint32_t generation) {
  return std::uint64_t{index} << 32 | generation;
}

}  // namespace

LineSession::LineSession(const SessionPlan& plan, std::uint32_t depth)
    : plan_(plan), depth_(std::max(1u, depth)), rng_(plan.seed), pool_(plan.connections) {}

std::uint32_t LineSession::LinesPerGroup() const { return (plan_.connections - 1) / depth_ + 1; }

std::size_t LineSession::AddGroup() {
  const std::size_t group = groups_.size();
  groups_.push_back({.ready = LineQueue(LinesPerGroup())});
  for (std::uint32_t i = 0; i < LinesPerGroup(); ++i) {
    lines_.push_back(NewLine(group));
    lines_.back()->index_ = static_cast<std::uint32_t>(lines_.size() - 1);
    not_up_.push_back(lines_.back().get());
  }
  return group;
}

// ---- sending ----

std::size_t LineSession::Submit(std::span<const Op> ops, Completions& done) {
  done_ = &done;
  values_used_ = 0;
  if (!not_up_.empty() && by_age_.Empty()) LookAtLines();
  std::size_t taken = 0;
  while (taken < ops.size() && Take(ops[taken])) ++taken;
  FlushUnflushed();
  return taken;
}

bool LineSession::Take(const Op& op) {
  if (pool_.Empty() || done_->Room() <= by_age_.Size()) return false;
  if (const std::uint16_t error = Refuse(op); error != 0) {
    FailAtOnce(op, error);
    return true;
  }
  const std::size_t group = GroupOf(op);
  Line* line = Pick(group);
  if (line == nullptr) {
    if (!plan_.fail_fast || groups_[group].up > 0) return false;
    FailAtOnce(op, groups_[group].last_error);
    return true;
  }
  if (line != unflushed_) {
    FlushUnflushed();
    stamp_ = Clock::Now();
  }
  Call* call = pool_.Take();
  call->op = op;
  call->group = static_cast<std::uint32_t>(group);
  call->started = stamp_;
  call->step = call->progress = call->bytes = 0;
  call->state = 0;
  call->outcome = Outcome::kOk;
  call->error = 0;
  by_age_.PushBack(call);
  Attach(call, line);
  return true;
}

// A line that can take a call: one that is up, else, when ops are to wait, one that will be.
Line* LineSession::Pick(std::size_t group) {
  if (!groups_[group].ready.Empty()) return groups_[group].ready.Front();
  if (plan_.fail_fast || not_up_.empty()) return nullptr;
  const auto found = std::find_if(not_up_.begin(), not_up_.end(), [&](const Line* line) {
    return line->group_ == group && line->calls_.Size() < depth_;
  });
  return found == not_up_.end() ? nullptr : *found;
}

void LineSession::FailAtOnce(const Op& op, std::uint16_t error) {
  const Ticks now = Clock::Now();
  done_->Add({.slot = op.slot,
              .error = error != 0 ? error : errors_.Code("not connected"),
              .outcome = Outcome::kFailed,
              .started = now,
              .finished = now});
}

// Gives the call to the line, which sends it now if it is up and when it is otherwise.
void LineSession::Attach(Call* call, Line* line) {
  call->line = line;
  line->calls_.PushBack(call);
  if (line->state_ != Line::State::kUp) return;
  if (line->calls_.Size() == depth_) {
    line->has_room_ = false;
    groups_[line->group_].ready.Remove(line);
  }
  line->Send(call);
  unflushed_ = line;
}

void LineSession::FlushUnflushed() {
  Line* line = std::exchange(unflushed_, nullptr);
  if (line == nullptr) return;
  if (line->has_room_ && groups_[line->group_].ready.Size() > 1) {  // others are next
    groups_[line->group_].ready.Remove(line);
    groups_[line->group_].ready.PushBack(line);
  }
  line->Flush();
}

// ---- receiving ----

void LineSession::Poll(Ticks until, Completions& done) {
  done_ = &done;
  const std::size_t room = done.Room();
  for (bool looked = false;; looked = true) {
    const Ticks now = Clock::Now();
    TimeOut(now);
    if (!not_up_.empty()) WakeLines(now);
    const bool done_something = done.Room() < room;
    if (looked && (done_something || now >= until)) return;
    Dispatch(poller_.Wait(now, done_something ? now : NextWake(until)));
    if (redirected_ > 0) SendRedirected();
    if (done.Room() < room) return;
  }
}

void LineSession::Dispatch(std::span<const epoll_event> events) {
  for (const epoll_event& event : events) {
    Line* line = lines_[event.data.u64 >> 32].get();
    const bool current = line->generation_ == (event.data.u64 & UINT32_MAX);
    if (current && line->state_ != Line::State::kDown) line->OnReady(event.events);
  }
}

void LineSession::Finish(Call* call, const Answer& answer, Ticks finished) {
  if (!answer.more) return Complete(call, answer, finished);
  done_->Add({.slot = call->op.slot,
              .bytes = answer.bytes,
              .error = answer.error,
              .label = answer.label,
              .outcome = answer.outcome,
              .more = true,
              .started = answer.started != 0 ? answer.started : call->started,
              .finished = finished});
}

void LineSession::Complete(Call* call, const Answer& answer, Ticks finished) {
  done_->Add({.slot = call->op.slot,
              .bytes = answer.bytes,
              .error = answer.error,
              .label = answer.label,
              .outcome = answer.outcome,
              .started = call->started,
              .finished = std::max(finished, call->started),
              .value = Keep(answer.value)});
  Detach(call);
  by_age_.Remove(call);
  pool_.Return(call);
}

std::string_view LineSession::Keep(std::string_view value) {
  if (!plan_.want_values || value.empty()) return {};
  if (values_used_ == values_.size()) values_.emplace_back();
  return values_[values_used_++].assign(value);
}

void LineSession::Detach(Call* call) {
  if (call->line == nullptr) {
    groups_[call->group].redirected.Remove(call);
    --redirected_;
    return;
  }
  call->line->calls_.Remove(call);
  OfferRoom(call->line);
}

void LineSession::OfferRoom(Line* line) {
  if (line->state_ != Line::State::kUp || line->has_room_ || line->retired_) return;
  if (line->calls_.Size() >= depth_) return;
  line->has_room_ = true;
  groups_[line->group_].ready.PushBack(line);
}

void LineSession::MoveToBack(Call* call) {
  call->line->calls_.Remove(call);
  call->line->calls_.PushBack(call);
}

void LineSession::Redirect(Call* call, std::size_t group) {
  Detach(call);
  call->line = nullptr;
  call->group = static_cast<std::uint32_t>(group);
  groups_[group].redirected.PushBack(call);
  ++redirected_;
}

void LineSession::SendRedirected() {
  for (Group& group : groups_) {
    while (!group.redirected.Empty() && !group.ready.Empty()) {
      Call* call = group.redirected.First();
      group.redirected.Remove(call);
      --redirected_;
      Line* line = group.ready.Front();
      if (line != unflushed_) FlushUnflushed();
      Attach(call, line);
    }
  }
  FlushUnflushed();
}

// ---- what is late ----

void LineSession::TimeOut(Ticks now) {
  while (!by_age_.Empty() && by_age_.First()->started + plan_.timeout <= now) {
    Call* call = by_age_.First();
    Line* line = call->line;
    const bool up = line != nullptr && line->state_ == Line::State::kUp;
    const bool goes_on = up && line->Abandon(call);
    Complete(call, {.outcome = Outcome::kTimedOut}, now);
    if (goes_on) {
      line->Flush();
    } else if (up) {
      Lost(line, "connection dropped after a time-out", true);
    }
  }
}

Ticks LineSession::NextWake(Ticks until) const {
  if (!by_age_.Empty()) until = std::min(until, by_age_.First()->started + plan_.timeout);
  for (const Line* line : not_up_) until = std::min(until, line->wake_);
  return until;
}

// ---- lines come and go ----

bool LineSession::Watch(Line* line, int fd) {
  return poller_.Add(fd, Token(line->index_, ++line->generation_));
}

void LineSession::WakeLines(Ticks now) {
  // Each may come up, or fail, at once, and so leave the list or change its time.
  const std::vector<Line*> lines = not_up_;
  for (Line* line : lines) {
    const bool late = line->state_ == Line::State::kConnecting;
    if (starting_ && connecting_ >= kConnectingAtStart && !late) continue;
    if (line->state_ != Line::State::kUp && line->wake_ <= now) Wake(line, now);
  }
}

// With nothing in flight nobody polls, but lines have to come up again.
void LineSession::LookAtLines() {
  const Ticks now = Clock::Now();
  WakeLines(now);
  Dispatch(poller_.Wait(now, now));
}

void LineSession::Wake(Line* line, Ticks now) {
  if (line->state_ == Line::State::kConnecting) return Lost(line, "connecting timed out");
  line->state_ = Line::State::kConnecting;
  ++connecting_;
  line->wake_ = now + kConnectTimeout;
  line->Connect();
}

void LineSession::Connected(Line* line) {
  --connecting_;
  line->state_ = Line::State::kUp;
  line->backoff_.Reset();
  std::erase(not_up_, line);
  ++groups_[line->group_].up;
  for (Call* call = line->calls_.First(); call != nullptr; call = LineCalls::Next(call)) {
    line->Send(call);
  }
  OfferRoom(line);
  if (!line->calls_.Empty()) line->Flush();
}

void LineSession::Lost(Line* line, std::string_view why, bool at_once) {
  const std::uint16_t error = errors_.Code(why);
  groups_[line->group_].last_error = error;
  if (starting_ && start_error_.empty()) start_error_ = why;
  PutDown(line, at_once);
  const Ticks now = line->calls_.Empty() ? 0 : Clock::Now();
  while (!line->calls_.Empty()) {
    Complete(line->calls_.First(), {.outcome = Outcome::kFailed, .error = error}, now);
  }
}

void LineSession::Retire(Line* line) {
  line->retired_ = true;
  if (line->has_room_) groups_[line->group_].ready.Remove(line);
  line->has_room_ = false;
}

void LineSession::PutDown(Line* line, bool at_once) {
  if (line->state_ == Line::State::kUp) {
    --groups_[line->group_].up;
    not_up_.push_back(line);
  }
  if (line->has_room_) groups_[line->group_].ready.Remove(line);
  line->has_room_ = line->retired_ = false;
  if (line->state_ == Line::State::kConnecting) --connecting_;
  line->state_ = Line::State::kDown;
  if (unflushed_ == line) unflushed_ = nullptr;
  ++line->generation_;
  line->Disconnect();
  line->wake_ = at_once ? 0 : Clock::Now() + line->backoff_.Next(rng_);
}

// ---- before the run ----

Status LineSession::Start(Ticks timeout) {
  starting_ = true;
  Ticks deadline = Clock::Now() + timeout;
  for (Ticks now = Clock::Now(); !not_up_.empty() && start_error_.empty(); now = Clock::Now()) {
    if (now >= deadline) start_error_ = "no answer in time";
    const std::size_t before = not_up_.size();
    WakeLines(now);
    Dispatch(poller_.Wait(now, std::min(NextWake(deadline), now + 100 * kMillisecond)));
    if (not_up_.size() < before) deadline = Clock::Now() + timeout;
  }
  starting_ = false;
  if (start_error_.empty()) return {};
  if (lines_.size() == 1) return Unreachable("{}", start_error_);
  return Unreachable("{} (with {} of {} connections made)", start_error_,
                     lines_.size() - not_up_.size(), lines_.size());
}

Result<std::string> LineSession::Ask(const Op& op, Ticks timeout) {
  Completions done(2);
  const Ticks deadline = Clock::Now() + timeout;
  while (Submit({&op, 1}, done) == 0 && Clock::Now() < deadline) Poll(deadline, done);
  while (done.Empty() && Clock::Now() < deadline) Poll(deadline, done);
  if (done.Empty()) return Unreachable("no answer within {:.0f} s", ToSeconds(timeout));
  const Completion& completion = done.View().back();
  if (completion.error != 0) return Unreachable("{}", DescribeError(completion.error));
  if (!IsAnswer(completion.outcome)) return Unreachable("{}", Name(completion.outcome));
  return std::string(completion.value);
}

}  // namespace mbench
