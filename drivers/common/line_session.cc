// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/line_session.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "harness/base/units.h"

namespace mbench {
namespace {

// Connections that are being made at once when a session starts: more would overrun the queue of a
// server that listens.
constexpr std::size_t kConnectingAtStart = 128;
constexpr Ticks kConnectTimeout = 10 * kSecond;
// A connection that stood for so long was closed for having nothing to do; one that stood for less,
// because the server does not want it.
constexpr Ticks kSettled = 100 * kMillisecond;
// Of a line that is down: it waits for an op, and for nothing else.
constexpr Ticks kWithItsNextOp = kNever;

std::uint64_t Token(std::uint32_t index, std::uint32_t generation) {
  return std::uint64_t{index} << 32 | generation;
}

}  // namespace

LineSession::LineSession(const SessionPlan& plan, std::uint32_t depth)
    : plan_(plan), depth_(std::max(1u, depth)), rng_(plan.seed), pool_(plan.connections) {}

std::uint32_t LineSession::LinesPerGroup() const { return (plan_.connections - 1) / depth_ + 1; }

std::size_t LineSession::AddGroup() {
  const std::size_t group = groups_.size();
  const std::uint32_t count = LinesPerGroup();
  groups_.push_back({.ready = LineQueue(count), .coming = LineQueue(count)});
  for (std::uint32_t i = 0; i < count; ++i) {
    lines_.push_back(NewLine(group));
    lines_.back()->index_ = static_cast<std::uint32_t>(lines_.size() - 1);
    // The first one shows before the run that the system can be reached.
    if (for_each_op_ && i > 0) lines_.back()->wake_ = kWithItsNextOp;
    not_up_.insert(lines_.back().get());
    OfferRoom(lines_.back().get());
  }
  return group;
}

// ---- sending ----

std::size_t LineSession::Submit(std::span<const Op> ops, Completions& done) {
  done_ = &done;
  values_used_ = 0;
  if (!not_up_.empty() && by_age_.Empty() && IsAnyComing()) LookAtLines();
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
    if (!plan_.fail_fast || groups_[group].failed < LinesPerGroup()) return false;
    FailAtOnce(op, groups_[group].last_error);
    return true;
  }
  if (line != unflushed_) {
    if (unflushed_ != nullptr) FlushUnflushed();
    stamp_ = Clock::Now();
  }
  Call* call = pool_.Take();
  call->op = op;
  call->group = static_cast<std::uint32_t>(group);
  call->started = stamp_;
  call->step = call->progress = call->items = 0;
  call->sent = call->received = call->told_sent = call->told_received = 0;
  call->state = 0;
  call->outcome = Outcome::kOk;
  call->error = 0;
  by_age_.PushBack(call);
  Attach(call, line);
  return true;
}

// A line that can take a call: one that is up, else one that will be.
Line* LineSession::Pick(std::size_t group) {
  const Group& of = groups_[group];
  if (!of.ready.Empty()) return of.ready.Front();
  return of.coming.Empty() ? nullptr : of.coming.Front();
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
  if (line->calls_.Size() == depth_) TakeRoom(line);
  if (line->state_ == Line::State::kUp) {
    line->Send(call);
    unflushed_ = line;
  } else if (line->wake_ == kWithItsNextOp) {
    Wake(line, stamp_);
  }
}

void LineSession::FlushUnflushed() {
  Line* line = std::exchange(unflushed_, nullptr);
  if (line == nullptr) return;
  if (line->has_room_ && groups_[line->group_].ready.Size() > 1) {  // others are next
    groups_[line->group_].ready.Remove(line);
    groups_[line->group_].ready.PushBack(line);
  }
  line->Flush();
  PutDownIfLost(line);
}

// ---- receiving ----

void LineSession::Poll(Ticks until, Completions& done) {
  done_ = &done;
  const std::size_t told = done.Told();
  for (bool looked = false;; looked = true) {
    const Ticks now = Clock::Now();
    TimeOut(now);
    if (!not_up_.empty()) WakeLines(now);
    const bool done_something = done.Told() > told;
    if (looked && (done_something || now >= until)) return;
    Dispatch(poller_.Wait(now, done_something ? now : NextWake(until)));
    if (redirected_ > 0) SendRedirected();
    if (done.Told() > told) return;
  }
}

void LineSession::Dispatch(std::span<const epoll_event> events) {
  for (const epoll_event& event : events) {
    Line* line = lines_[event.data.u64 >> 32].get();
    const bool current = line->generation_ == (event.data.u64 & UINT32_MAX);
    if (!current || line->state_ == Line::State::kDown) continue;
    line->OnReady(event.events);
    PutDownIfLost(line);
  }
}

void LineSession::Finish(Call* call, const Answer& answer, Ticks finished) {
  if (!answer.more) return Complete(call, answer, finished);
  done_->AddStep({.slot = call->op.slot,
                  .bytes_sent = call->sent - call->told_sent,
                  .bytes_received = call->received - call->told_received,
                  .items = answer.items,
                  .error = answer.error,
                  .label = answer.label,
                  .outcome = answer.outcome,
                  .started = answer.started != 0 ? answer.started : call->started,
                  .finished = finished});
  call->told_sent = call->sent;
  call->told_received = call->received;
}

void LineSession::Complete(Call* call, const Answer& answer, Ticks finished) {
  done_->Add({.slot = call->op.slot,
              .bytes_sent = call->sent,
              .bytes_received = call->received,
              .items = answer.items,
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

LineQueue& LineSession::QueueOf(const Line* line) {
  Group& group = groups_[line->group_];
  return line->state_ == Line::State::kUp ? group.ready : group.coming;
}

void LineSession::OfferRoom(Line* line) {
  if (line->has_room_ || line->retired_ || line->calls_.Size() >= depth_) return;
  if (line->failed_ && plan_.fail_fast) return;
  line->has_room_ = true;
  QueueOf(line).PushBack(line);
}

void LineSession::TakeRoom(Line* line) {
  if (!line->has_room_) return;
  line->has_room_ = false;
  QueueOf(line).Remove(line);
}

void LineSession::MoveToBack(Call* call) {
  call->line->calls_.Remove(call);
  call->line->calls_.PushBack(call);
}

void LineSession::Redirect(Call* call, std::size_t group) {
  ++counts_.sent_again;
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
    if (up) PutDownIfLost(line);
  }
}

Ticks LineSession::NextWake(Ticks until) const {
  if (!by_age_.Empty()) until = std::min(until, by_age_.First()->started + plan_.timeout);
  if (!not_up_.empty() && MayConnect()) until = std::min(until, (*not_up_.begin())->wake_);
  return until;
}

// ---- lines come and go ----

bool LineSession::Watch(Line* line, int fd) {
  return poller_.Add(fd, Token(line->index_, ++line->generation_));
}

void LineSession::GiveTurn(Line* line, int fd) {
  poller_.Again(fd, Token(line->index_, line->generation_));
}

void LineSession::WakeLines(Ticks now) {
  while (!not_up_.empty() && (*not_up_.begin())->wake_ <= now && MayConnect()) {
    Wake(*not_up_.begin(), now);
  }
}

// The next of the lines that are not up is waited for.
bool LineSession::IsAnyComing() const {
  return !not_up_.empty() && (*not_up_.begin())->wake_ != kWithItsNextOp;
}

bool LineSession::MayConnect() const { return !starting_ || connecting_ < kConnectingAtStart; }

// With nothing in flight nobody polls, but lines have to come up again.
void LineSession::LookAtLines() {
  const Ticks now = Clock::Now();
  WakeLines(now);
  Dispatch(poller_.Wait(now, now));
}

void LineSession::Wake(Line* line, Ticks now) {
  if (line->state_ == Line::State::kConnecting) {
    Lost(line, "connecting timed out");
  } else {
    line->state_ = Line::State::kConnecting;
    ++connecting_;
    SetWake(line, now + kConnectTimeout);
    line->Connect();
  }
  PutDownIfLost(line);
}

// REQUIRES: the line is not up.
void LineSession::SetWake(Line* line, Ticks at) {
  not_up_.erase(line);
  line->wake_ = at;
  not_up_.insert(line);
}

void LineSession::Connected(Line* line) {
  --connecting_;
  not_up_.erase(line);
  TakeRoom(line);
  line->state_ = Line::State::kUp;
  ++counts_.made;
  line->up_since_ = Clock::Now();
  line->backoff_.Reset();
  SetFailed(line, false);
  for (Call* call = line->calls_.First(); call != nullptr; call = LineCalls::Next(call)) {
    line->Send(call);
  }
  OfferRoom(line);
  if (!line->calls_.Empty()) line->Flush();
}

void LineSession::Lost(Line* line, std::string_view why, bool at_once) {
  if (line->lost_) return;
  line->lost_ = true;
  line->at_once_ = at_once;
  line->error_ = errors_.Code(why);
  if (starting_ && start_error_.empty()) start_error_ = why;
}

void LineSession::Retire(Line* line) {
  TakeRoom(line);
  line->retired_ = true;
}

void LineSession::SetFailed(Line* line, bool failed) {
  std::uint32_t& count = groups_[line->group_].failed;
  if (failed && !line->failed_) ++count;
  if (!failed && line->failed_) --count;
  line->failed_ = failed;
}

// Every call into a line that may lose it ends here.
void LineSession::PutDownIfLost(Line* line) {
  if (line->lost_) [[unlikely]]
    PutDown(line);
}

void LineSession::PutDown(Line* line) {
  const Ticks now = Clock::Now();
  const bool was_up = line->state_ == Line::State::kUp;
  const bool idle = was_up && line->calls_.Empty() && now - line->up_since_ >= kSettled;
  const bool at_once = line->at_once_ || idle;
  TakeRoom(line);
  if (line->state_ == Line::State::kConnecting) --connecting_;
  const bool as_meant = for_each_op_ && line->at_once_ && line->calls_.Empty();
  if (was_up && !as_meant) ++counts_.lost;
  if (unflushed_ == line) unflushed_ = nullptr;
  line->Disconnect();
  if (!as_meant) line->LookAgain();
  line->state_ = Line::State::kDown;
  line->lost_ = line->retired_ = false;
  ++line->generation_;
  SetFailed(line, !at_once);
  SetWake(line, as_meant ? kWithItsNextOp : at_once ? now : now + line->backoff_.Next(rng_));
  groups_[line->group_].last_error = line->error_;
  OfferRoom(line);
  while (!line->calls_.Empty()) {
    Complete(line->calls_.First(), {.outcome = Outcome::kFailed, .error = line->error_}, now);
  }
}

// ---- before the run ----

Status LineSession::Start(Ticks timeout) {
  starting_ = true;
  Ticks deadline = Clock::Now() + timeout;
  for (Ticks now = Clock::Now(); IsAnyComing() && start_error_.empty(); now = Clock::Now()) {
    if (now >= deadline) start_error_ = "no answer in time";
    const std::size_t before = not_up_.size();
    WakeLines(now);
    Dispatch(poller_.Wait(now, std::min(NextWake(deadline), now + 100 * kMillisecond)));
    if (not_up_.size() < before) deadline = Clock::Now() + timeout;
  }
  starting_ = false;
  if (start_error_.empty()) {
    if (for_each_op_) EndFirstLines();
    return {};
  }
  if (lines_.size() == 1) return Unreachable("{}", start_error_);
  return Unreachable("{} (with {} of {} connections made)", start_error_,
                     lines_.size() - not_up_.size(), lines_.size());
}

// Their first ops make connections as all later ones do.
void LineSession::EndFirstLines() {
  for (const auto& line : lines_) {
    if (line->state_ != Line::State::kUp) continue;
    Lost(line.get(), "ended before its first op", true);
    PutDown(line.get());
  }
}

Result<std::string> LineSession::Ask(const Op& op, Ticks timeout) {
  Completions done(2);
  const Ticks deadline = Clock::Now() + timeout;
  while (Submit({&op, 1}, done) == 0 && Clock::Now() < deadline) Poll(deadline, done);
  while (done.Empty() && Clock::Now() < deadline) Poll(deadline, done);
  if (done.Empty() || done.View().back().outcome == Outcome::kTimedOut)
    return Unreachable("no answer within {}", FormatDuration(timeout));
  const Completion& completion = done.View().back();
  if (completion.error != 0) {
    const std::string said = completion.bytes_received != 0 ? LastMessage() : "";
    return Unreachable("{}", said.empty() ? DescribeError(completion.error) : said);
  }
  if (!IsAnswer(completion.outcome)) return Unreachable("{}", Name(completion.outcome));
  return std::string(completion.value);
}

}  // namespace mbench
