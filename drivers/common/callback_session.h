// SPDX-License-Identifier: Apache-2.0
//
// A session over a client library that calls back: it is given a request, and says later what
// became of it (librdkafka, libmosquitto, libnats ...). Such a library may call at once, from
// within the call that hands it the request; or from a thread of its own; in any order; twice;
// after we have given up on the op; after the session has ended; or never.
//
//     session's thread                            any thread
//     Submit -> Start(op, token) -> library
//     Poll   -> Pump()                            library -> Callbacks::Finish(token, result)
//            <- what has finished  <------------------------------'  wakes Poll
//
// A driver implements Start and, for a library that works only when it is called, Pump. It leaves a
// copy of its Callbacks and the token with the library. Both may be used as long as they are there:
// what they lead to outlives the session until the last copy of its Callbacks is gone. A token is
// believed once, and only until its op has run out of time; every other use of it is counted
// (Callbacks::Strays) and changes nothing.
//
// Who may call what:
//
//     Start, Pump, Submit, Poll, the destructor    the session's thread
//     Callbacks, all of it                         any thread, at any time: within Start and Pump,
//                                                  with locks of the library held, and at the same
//                                                  time as anything else
//
// The library may need what an op points to after the op has run out of time, when it is no longer
// there. So Start lets the library copy it, or copies it itself.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/error_table.h"
#include "drivers/common/wakeup.h"
#include "drivers/driver.h"

namespace mbench {

// One op that was started. A plain number, which fits into the pointer that libraries hand back.
class CallbackToken {
 public:
  CallbackToken(std::uint32_t place, std::uint32_t generation)
      : place_(place), generation_(generation) {}
  static CallbackToken Of(void* pointer) {
    const auto number = reinterpret_cast<std::uintptr_t>(pointer);
    return {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32)};
  }
  void* AsPointer() const {
    static_assert(sizeof(std::uintptr_t) == sizeof(std::uint64_t));
    return reinterpret_cast<void*>(std::uintptr_t{generation_} << 32 | place_);
  }

 private:
  friend class CallbackTable;
  std::uint32_t place_;
  std::uint32_t generation_;  // of the place: ops use it one after another
};

// What became of an op, in the words of the library. Everything is copied.
struct CallbackResult {
  Outcome outcome = Outcome::kOk;
  std::uint32_t bytes_sent = 0, bytes_received = 0, items = 1;  // see Completion
  std::string_view error = {};  // kFailed, kRejected: its class, see ErrorTable
  std::string_view label = {};
  std::string_view value = {};  // see Completion::value
};

class CallbackTable;

// The library's end. Copies lead to the same session, also when that is gone.
class Callbacks {
 public:
  // The op of `token` has ended now. False: it had ended before, or its session has.
  bool Finish(CallbackToken token, const CallbackResult& result) const;
  // Calls of Finish so far that were late, or not the first for their op.
  std::uint64_t Strays() const;

 private:
  friend class CallbackSession;
  explicit Callbacks(std::shared_ptr<CallbackTable> table) : table_(std::move(table)) {}
  std::shared_ptr<CallbackTable> table_;
};

class CallbackSession : public Session {
 public:
  // Ops in flight come to nothing, and whatever the library still says of them is a stray.
  ~CallbackSession() override;
  CallbackSession(const CallbackSession&) = delete;
  CallbackSession& operator=(const CallbackSession&) = delete;

  std::size_t Submit(std::span<const Op> ops, Completions& done) final;
  void Poll(Ticks until, Completions& done) final;
  std::string DescribeError(std::uint16_t error) const final { return errors_.Name(error); }
  std::string DescribeLabel(std::uint16_t label) const final { return labels_.Name(label); }

 protected:
  explicit CallbackSession(const SessionPlan& plan);

  const SessionPlan& Plan() const { return plan_; }
  const Callbacks& callbacks() const { return callbacks_; }

  // Waits until a callback has come from another thread, or until `until`.
  void AwaitCallback(Ticks until) { wakeup_->Wait(until); }
  // Readable when a callback has come from another thread: to wait for it beside descriptors of the
  // library. AwaitCallback(0) then makes it ready for the next one.
  int CallbackFd() const { return wakeup_->Fd(); }

 private:
  // Gives the op to the library; never blocks. What cannot be sent at all ends by
  // callbacks().Finish(token, ...). False: the library has no room now, has kept nothing of the op
  // and will not call back; it is offered again.
  virtual bool Start(const Op& op, CallbackToken token) = 0;

  // Lets the library work until something has finished, or until `until`, whichever is first; with
  // `until` in the past it looks once. Called with ops in flight and without. As it stands here:
  // for a library with threads of its own.
  virtual void Pump(Ticks until) { AwaitCallback(until); }

  // An op on its way; or room for one.
  struct Flight {
    std::uint32_t place = 0;
    std::uint32_t slot = 0;
    Ticks started = 0;
  };
  using Flights = std::list<Flight>;

  bool Take(const Op& op);
  void Collect(Completions& done);
  void TimeOut(Ticks now, Completions& done);
  void End(Flights::iterator flight);

  const SessionPlan plan_;
  const std::shared_ptr<Wakeup> wakeup_;
  const Callbacks callbacks_;
  CallbackTable* const table_;
  ErrorTable errors_, labels_;
  Flights free_,
      by_age_;  // nodes move from one to the other; the oldest op is the next to time out
  std::vector<Flights::iterator> flights_;  // by place
  std::vector<std::uint32_t> ended_;        // places, of one look
};

}  // namespace mbench
