// SPDX-License-Identifier: Apache-2.0
//
// One connection of a network session: what a driver has to know of its protocol or its client
// library. Everything that is the same for all of them, and all that can go wrong between a client
// and a server, is in LineSession.
//
//     down --Connect()--> connecting --session.Connected(line)--> up --session.Lost(line)--> down
//
// A line that is lost goes down when the call into it has returned, so nothing vanishes under the
// hands of its own functions: they look at lost() and return.
//
// A ByteLine (byte_line.h) is a line over a socket of our own; lines over client libraries derive
// from Line themselves.
#pragma once

#include <cstdint>

#include "drivers/common/backoff.h"
#include "drivers/common/call.h"

namespace mbench {

class LineSession;

// Thread: that of its session.
class Line {
 public:
  // `group`: which of the session's systems it leads to (LineSession::AddGroup).
  explicit Line(LineSession* session, std::size_t group) : session_(session), group_(group) {}
  virtual ~Line() = default;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  std::size_t group() const { return group_; }
  const LineCalls& calls() const { return calls_; }

 protected:
  LineSession* session() const { return session_; }
  // Lost() was called for it: it is of no more use, and goes down when this call returns.
  bool lost() const { return lost_; }

 private:
  friend class LineSession;
  enum class State : std::uint8_t { kDown, kConnecting, kUp };

  // Begins to connect; never blocks. Gives its descriptor to session()->Watch as soon as it has
  // one. Ends with session()->Connected(this) or session()->Lost(this, ...), now or in OnReady.
  virtual void Connect() = 0;

  // The descriptor became ready (epoll_event::events), once per change: everything there is has to
  // be read. For every reply: session()->Finish. At most one `more` completion per call and event.
  virtual void OnReady(std::uint32_t events) = 0;

  // Makes the request of `call`, which is the last of calls(), and notes its size there
  // (Call::AddSent; that of a reply likewise). It may wait for Flush, so that several leave
  // together. REQUIRES: the line is up. Must not call Lost or Finish.
  virtual void Send(Call* call) = 0;
  virtual void Flush() = 0;  // may call Lost and Finish

  // `call` ran out of time and ends now. True: the line can go on without its reply, and is flushed
  // next. False: it is dropped. Must not call Lost or Finish.
  virtual bool Abandon(Call* call) {
    (void)call;
    return false;
  }

  // Drops the connection, at once and without a word. Calls session()->Unwatch before the
  // descriptor is closed.
  virtual void Disconnect() = 0;

  // The connection was lost, or could not be made: what stands behind the name of the system may
  // have changed.
  virtual void LookAgain() {}

  LineSession* session_;
  std::size_t group_;
  LineCalls calls_;
  State state_ = State::kDown;
  bool lost_ = false;
  bool at_once_ = false;          // lost: is made again without waiting
  bool failed_ = false;           // not up, and the last attempt came to nothing
  bool retired_ = false;          // takes no more calls
  bool has_room_ = false;         // stands in a list of lines that can take a call
  std::uint16_t error_ = 0;       // lost: why
  std::uint32_t index_ = 0;       // in the session
  std::uint32_t generation_ = 0;  // of its descriptor: events of an earlier one are left aside
  Ticks wake_ = 0;                // down: when to connect; connecting: until when to wait
  Ticks up_since_ = 0;
  Backoff backoff_;
};

}  // namespace mbench
