// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/blocking_session.h"

#include <algorithm>

namespace mbench {

std::size_t BlockingSession::Submit(std::span<const Op> ops, Completions& done) {
  // Values live in one buffer of the session, so those of two ops cannot be handed out together.
  const std::size_t most = plan_.want_values ? 1 : ops.size();
  done_ = &done;
  std::size_t taken = 0;
  for (; taken < std::min(most, ops.size()) && !done.Full(); ++taken) done.Add(Time(ops[taken]));
  return taken;
}

void BlockingSession::Poll(Ticks until, Completions& done) {
  (void)until;
  (void)done;
}

void BlockingSession::AddStep(StepDone step) {
  step.slot = slot_;
  done_->AddStep(step);
}

Completion BlockingSession::Time(const Op& op) {
  slot_ = op.slot;
  const Ticks started = Clock::Now();
  Completion completion = Execute(op);
  completion.finished = Clock::Now();
  completion.started = started;
  completion.slot = op.slot;
  // The library cannot be interrupted, so the op really took that long, and this is what is
  // recorded. But a caller with that time-out would have given up on it, whatever the answer was.
  if (completion.finished - started > plan_.timeout) [[unlikely]]
    completion.outcome = Outcome::kTimedOut;
  return completion;
}

}  // namespace mbench
