// SPDX-License-Identifier: Apache-2.0
//
// A ByteLine for protocols whose replies come in the order of the requests. The protocol turns ops
// into bytes and bytes into answers, and never sees a socket.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/common/byte_line.h"

namespace mbench {

// What the front of the received bytes is.
struct Reply {
  enum class Kind {
    kIncomplete,  // nothing to tell yet; `consumed` may still be more than 0
    kStep,        // `answer.more`: a step is done and the op goes on (AppendNextStep)
    kGoOn,        // the same, but there is nothing to tell
    kDone,        // the op has ended
    kRedirect,    // the op is to be sent again, to `group`; the call keeps what it remembers
    kMalformed,   // this is not the protocol: the line is dropped, answer.error says as what
  };
  Kind kind = Kind::kIncomplete;
  std::size_t consumed = 0;
  Answer answer = {};
  std::size_t group = 0;
  bool closes = false;  // kDone: the server ends the connection after this
};

// One per session. Thread: that of the session.
class StreamProtocol {
 public:
  virtual ~StreamProtocol() = default;

  // Appends what has to be said on a new connection to a system of `group`; nothing: it is up at
  // once.
  virtual void AppendHello(std::size_t group, std::string* out) {
    (void)group;
    (void)out;
  }
  // Looks at the replies to the hello. Fails with why the connection cannot be used, as a class of
  // errors. True with `consumed`: up. False: more has to come.
  virtual Result<bool> ReadHello(std::string_view in, std::size_t* consumed) {
    (void)in;
    (void)consumed;
    return true;
  }
  // Called when ReadHello has consumed something and is not up: appends what has to be said next,
  // in a hello of several steps.
  virtual void AppendNextHello(std::string* out) { (void)out; }

  // Appends the request of call->op. `call` is the protocol's to use as it says in call.h.
  virtual void AppendRequest(Call* call, std::string* out) = 0;

  // Reads one reply to `call`, the oldest of its line, from the front of `in`, which is all that
  // has come and was not consumed. `at_end`: nothing more will come. Bytes of a reply that is not
  // whole are seen again, with more behind them: call->progress is there to remember how far it was
  // read. answer.value may point into `in`.
  virtual Reply ReadReply(std::string_view in, bool at_end, Call* call) = 0;

  // Called right after kStep and kGoOn: appends what the op says next, if anything. The reply to it
  // comes after those to the calls that were sent meanwhile.
  virtual void AppendNextStep(Call* call, std::string* out) {
    (void)call;
    (void)out;
  }

  // Whether there are requests that are too long to be made at once: then AppendMore is asked.
  virtual bool MakesMore() const { return false; }
  // All that was appended for `call` was sent: appends what comes next of its request. False: it is
  // whole. Only of sessions with a depth of 1, where no other request can come in between.
  virtual bool AppendMore(Call* call, std::string* out) {
    (void)call;
    (void)out;
    return false;
  }

  // Bytes for which no call waits. How many of them are in order (a push message); 0: more has to
  // come; nothing: they are not, and the line is dropped.
  virtual std::optional<std::size_t> SkipUnasked(std::string_view in) {
    (void)in;
    return std::nullopt;
  }
};

class StreamSession : public ByteSession {
 protected:
  using ByteSession::ByteSession;

 private:
  friend class StreamLine;
  std::unique_ptr<Line> NewLine(std::size_t group) final;
  virtual StreamProtocol& Protocol() = 0;
};

class StreamLine final : public ByteLine {
 public:
  StreamLine(StreamSession* session, std::size_t group)
      : ByteLine(session, group, session->Protocol().MakesMore()) {}

 private:
  void OnOpen() override;
  std::size_t OnBytes(std::string_view in, bool at_end) override;
  void Send(Call* call) override;
  void Flush() override;
  bool AppendMore() override;

  void AppendNextStep(Call* call);
  std::size_t ReadHello(std::string_view in);
  std::size_t ReadReplies(std::string_view in, bool at_end);
  void Settle(Call* call, const Reply& reply, Ticks finished);

  StreamSession& owner() { return static_cast<StreamSession&>(*session()); }

  bool greeted_ = false;  // the hello, if there is one, was answered
};

}  // namespace mbench
