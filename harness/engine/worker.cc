// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/worker.h"

#include <algorithm>

#include "harness/base/wake_up.h"

namespace mbench {
namespace {

// An interrupt is noticed between two of them.
constexpr Ticks kLongestLook = 10 * kMillisecond;

}  // namespace

Worker::Worker(const WorkerParts& parts)
    : parts_(parts),
      slots_(parts.slots, parts.source, parts.workload, parts.times),
      done_(parts.slots) {
  parts_.recorder->SetNames(parts_.session);
}

// One turn: what is due goes to the session, what has finished goes to the recorder. The time of a
// turn is read once, or taken from the last reply, which was stamped a few ns ago.
void Worker::Run() {
  for (Ticks now = Clock::Now(); !slots_.Finished(now);) {
    done_.Clear();
    slots_.Fill(now);
    Publish();
    slots_.Taken(parts_.session->Submit(slots_.Waiting(), done_));
    Wait(now);

    parts_.recorder->Enter();
    for (const StepDone& step : done_.Steps()) SettleStep(step);
    for (const Completion& completion : done_.View()) Settle(completion);
    parts_.recorder->Leave();
    now = done_.View().empty() ? Clock::Now() : done_.View().back().finished;
  }
  if (parts_.log != nullptr) LogUnanswered();
  Publish();
}

// For a reply or for the next due time, whichever is first. With replies at hand, the session gets
// one look at what else has come.
void Worker::Wait(Ticks now) {
  Ticks until = done_.Empty() ? slots_.NextWake(now) : now;
  // What the session has no room for may wait for ever, and the end may move meanwhile.
  if (!slots_.Waiting().empty()) until = std::min(until, now + kLongestLook);
  if (slots_.InFlight() > done_.View().size() || !slots_.Waiting().empty()) {
    parts_.session->Poll(until, done_);
  } else if (done_.Empty()) {
    Idle(now, until);
  }
}

// Nothing is on its way. A session over a network looks after its connections meanwhile, so that
// one that the server closes is made again before an op needs it; any other returns at once.
void Worker::Idle(Ticks now, Ticks until) {
  WakeUp& wake_up = WakeUp::OfThread();
  const Ticks look_until = std::min(until - wake_up.Lead(), now + kLongestLook);
  if (look_until > now) {
    parts_.session->Poll(look_until, done_);
    if (const Ticks woke = Clock::Now(); woke >= look_until)  // it has waited
      return wake_up.Learn(woke - look_until);
  }
  const std::atomic<bool>* stop = &parts_.times->interrupted;
  if (!parts_.spin) return Clock::SleepUntil(until, stop);
  const Ticks spun = Clock::WaitUntil(until, stop);
  parts_.gauge->spun.fetch_add(spun, std::memory_order_relaxed);
}

void Worker::Settle(const Completion& completion) {
  Slot& slot = slots_[completion.slot];
  const Outcome outcome = Judge(slot, completion);
  if (slot.started == 0) slot.started = completion.started;
  if (parts_.log != nullptr) parts_.log->Add(slot.request, completion, outcome);
  const bool read_of_rmw = slot.request.verb == Verb::kRmw && slot.request.op.kind == OpKind::kRead;
  if (read_of_rmw && outcome == Outcome::kOk) {
    if (slot.planned >= parts_.times->zero)
      parts_.recorder->AddHalf(slot.request.op_index, completion);
    parts_.workload->TurnToUpdate(&slot.request);
    return slots_.Again(completion.slot);
  }

  if (slot.planned >= parts_.times->zero) {
    parts_.recorder->Add({.op_index = slot.request.op_index,
                          .outcome = outcome,
                          .planned = slot.planned,
                          .started = slot.started,
                          .free_since = slot.free_since},
                         completion);
  } else {
    parts_.recorder->AddWarmup();
  }
  parts_.workload->Done(slot.request, outcome);
  slots_.Release(completion.slot, completion.finished);
}

void Worker::LogUnanswered() {
  const Ticks now = Clock::Now();
  slots_.ForEachInFlight(
      [&](const Slot& slot) { parts_.log->AddUnanswered(slot.request, slot.planned, now); });
}

void Worker::SettleStep(const StepDone& step) {
  const Slot& slot = slots_[step.slot];
  if (slot.planned < parts_.times->zero) return;
  parts_.recorder->AddStep({.op_index = slot.request.op_index,
                            .outcome = step.outcome,
                            .error = step.error,
                            .label = step.label,
                            .started = step.started,
                            .finished = step.finished,
                            .bytes_sent = step.bytes_sent,
                            .bytes_received = step.bytes_received,
                            .items = step.items});
}

Outcome Worker::Judge(const Slot& slot, const Completion& completion) const {
  if (!parts_.verify || completion.outcome != Outcome::kOk) return completion.outcome;
  if (slot.request.op.kind != OpKind::kRead) return completion.outcome;
  const bool matches = parts_.workload->Matches(slot.request, completion.value);
  return matches ? Outcome::kOk : Outcome::kMismatch;
}

void Worker::Publish() {
  parts_.gauge->planned.store(slots_.planned(), std::memory_order_relaxed);
  parts_.gauge->in_flight.store(slots_.OnTheirWay(), std::memory_order_relaxed);
}

}  // namespace mbench
