// SPDX-License-Identifier: Apache-2.0
//
// A session over a library that blocks: an embedded engine, a synchronous client. Such a driver
// says DriverFacts::blocking, and the engine gives each of its sessions a thread.
#pragma once

#include "drivers/driver.h"

namespace mbench {

// Thread: as Session.
class BlockingSession : public Session {
 public:
  // Does the ops one after another. Each is timed by itself: a stamp before, a stamp after.
  std::size_t Submit(std::span<const Op> ops, Completions& done) final;

  // Nothing is ever in flight here.
  void Poll(Ticks until, Completions& done) final;
  NextWork WhenToPoll() const final { return {.at = kNever}; }

 protected:
  explicit BlockingSession(const SessionPlan& plan) : plan_(plan) {}
  const SessionPlan& Plan() const { return plan_; }

  // A step of the op that is being done; its slot is filled in here.
  void AddStep(StepDone step);

 private:
  // Does one op. Fills outcome, bytes, items, error, label and, with Plan().want_values, value; the
  // rest is done here. A value stays valid until the next Execute.
  virtual Completion Execute(const Op& op) = 0;

  Completion Time(const Op& op);

  const SessionPlan plan_;
  Completions* done_ = nullptr;  // of the call of Submit
  std::uint32_t slot_ = 0;       // of the op that is being done
};

}  // namespace mbench
