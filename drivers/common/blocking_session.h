// SPDX-License-Identifier: Apache-2.0
//
// A session over a library that blocks: an embedded engine, a synchronous client. Such a driver
// says DriverFacts::blocking, and the engine gives each of its sessions a thread.
#pragma once

#include <deque>

#include "drivers/driver.h"

namespace mbench {

// Thread: as Session.
class BlockingSession : public Session {
 public:
  // Does the ops one after another. Each is timed by itself: a stamp before, a stamp after.
  std::size_t Submit(std::span<const Op> ops, Completions& done) final;

  // Nothing is ever in flight here, but what an op of many steps had no room to tell.
  void Poll(Ticks until, Completions& done) final;

 protected:
  explicit BlockingSession(const SessionPlan& plan) : plan_(plan) {}
  const SessionPlan& Plan() const { return plan_; }

  // A step of the op that is being done (Completion::more); started and finished are filled in by
  // the caller, the rest here.
  void AddStep(Completion step);

 private:
  // Does one op. Fills outcome, bytes, error, label and, with Plan().want_values, value; the rest
  // is done here. A value stays valid until the next Execute.
  virtual Completion Execute(const Op& op) = 0;

  Completion Time(const Op& op);
  void Tell(const Completion& completion, Completions& done);
  void TellRest(Completions& done);

  const SessionPlan plan_;
  std::vector<Completion> steps_;  // of the op that is being done
  std::deque<Completion> untold_;  // there was no room
};

}  // namespace mbench
