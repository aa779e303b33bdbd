// SPDX-License-Identifier: Apache-2.0
//
// A line over a socket that we read and write ourselves, with TLS or without: the one pump of bytes
// of all protocols.
//
//     Connect()   connects, shakes hands              then OnOpen(): what is said first
//     Write()     sends; what does not fit waits      goes on when the socket has room
//     an event    reads until nothing is left         OnBytes(): what it means
//     the end     once everything before it was read  OnEnd(): why
//
// Bytes are read into one buffer of the session and written out of another. A line keeps only what
// is left of a reply that is not whole yet, and of a request that did not fit into the socket. So
// an idle connection costs a few hundred bytes.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/endpoint.h"
#include "drivers/common/line_session.h"
#include "drivers/common/transport.h"

namespace mbench {

// Thread: as Session.
class ByteSession : public LineSession {
 public:
  // A group of lines to `endpoint`, in turn to its addresses.
  std::size_t AddSystem(std::shared_ptr<Endpoint> endpoint);
  // What ByteLine::Write sends.
  std::string& out() { return out_; }

 protected:
  // `tls`: null for none. `tls_later`: each line begins without it and calls StartTls. Depth: see
  // LineSession. Lines are made by AddSystem.
  ByteSession(const SessionPlan& plan, std::uint32_t depth, std::shared_ptr<TlsContext> tls,
              bool tls_later = false);

 private:
  friend class ByteLine;
  std::shared_ptr<TlsContext> tls_;
  const bool tls_later_;
  std::vector<std::shared_ptr<Endpoint>> endpoints_;  // by group
  std::vector<char> received_;                        // where every line reads into
  std::string out_;                                   // where every line writes into
};

class ByteLine : public Line {
 public:
  // `makes_more`: AppendMore is to be asked.
  ByteLine(ByteSession* session, std::size_t group, bool makes_more = false)
      : Line(session, group), owner_(session), makes_more_(makes_more) {}

 protected:
  static constexpr std::string_view kClosed = "connection closed by the server";

  void Connect() override;
  void OnReady(std::uint32_t events) override;
  void Disconnect() override;
  void LookAgain() override;

  // Sends and empties the session's out(). May lose the line.
  void Write();
  // Out of OnBytes, which is done with all that came: from here on by TLS, and then OnOpen once
  // more. May lose the line. REQUIRES: a session that has a `tls` for later.
  void StartTls();
  std::size_t UnsentBytes() const { return unsent_.size(); }
  Transport& transport() { return transport_; }

 private:
  // The next step of connecting, for a line whose socket is made elsewhere. Ends with OnOpen, with
  // Lost, or with neither: then it is called again for the next event.
  virtual void Advance(std::uint32_t events);
  // The connection is open: says hello, or is session()->Connected() at once.
  virtual void OnOpen() = 0;
  // `in` is all that has come and was not consumed; what is not whole yet is seen again, with more
  // behind it. Returns how many bytes are done with. `at_end`: the server has closed the connection
  // in good order and nothing more will come; called once so.
  virtual std::size_t OnBytes(std::string_view in, bool at_end) = 0;
  // All that was sent has left: appends what comes next of it to the session's out(), for requests
  // that are made as they are sent. False: nothing does.
  virtual bool AppendMore() { return false; }
  // Nothing more comes, and all that came was read. `why`: kClosed, or a class of errors.
  virtual void OnEnd(std::string_view why);

  void Receive(bool hung_up);
  void Take(std::string_view in);
  void End(bool in_order);
  std::size_t Push(std::string_view bytes);
  void SendOut();
  void SendMore();

  ByteSession* owner_;
  Transport transport_;
  std::string partial_;  // received, and not consumed yet
  std::string unsent_;   // did not fit into the socket
  const bool makes_more_;
};

}  // namespace mbench
