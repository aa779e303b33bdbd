// SPDX-License-Identifier: Apache-2.0
//
// A non-blocking stream of bytes to one address: a socket, with TLS around it or not.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

#include "drivers/common/address.h"
#include "drivers/common/tls.h"

namespace mbench {

// Thread: one.
class Transport {
 public:
  enum class State { kClosed, kConnecting, kHandshake, kOpen };
  // The number of bytes that moved, or one of these.
  static constexpr ssize_t kWouldBlock = -1;
  static constexpr ssize_t kFailed = -2;
  static constexpr ssize_t kGone = -3;  // the other side is; what it said before can still be read
  static constexpr ssize_t kEnd = 0;    // read: the other side is done

  Transport() = default;
  ~Transport() { Close(); }
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // Begins to connect; afterwards Fd() is to be watched. `tls`: may be null. `tls_later`: the
  // protocol begins without it, see StartTls. False: Error() says why.
  bool Start(const SocketAddress& address, const TlsContext* tls, bool tls_later = false);
  // From here on all that moves does so by TLS: to be called once everything before was read, and
  // then Advance for each event. False: failed. REQUIRES: State() == kOpen, started with a `tls`
  // for later.
  bool StartTls();
  // The descriptor became ready: takes the next steps of connecting. False: failed, see Error().
  bool Advance();

  // For a socket that somebody else connects, shakes hands on and closes: to be called when it is
  // made, and when it is open.
  void Borrow(int fd);
  void Open(SSL* ssl);  // null: no TLS

  // REQUIRES: State() == kOpen.
  ssize_t Read(char* into, std::size_t size);
  ssize_t Write(const char* from, std::size_t size);
  // Then a short read does not mean that nothing is left.
  bool IsTls() const { return ssl_ != nullptr; }

  void Close();
  State state() const { return state_; }
  int Fd() const { return fd_; }
  const std::string& Error() const { return error_; }  // a class, see ErrorTable
  std::string_view NegotiatedProtocol() const;         // by ALPN; "": none

 private:
  bool Handshake();
  bool Fail(std::string_view error);
  ssize_t FailIo(int error);
  ssize_t TlsResult(int result);

  int fd_ = -1;
  bool borrowed_ = false;
  State state_ = State::kClosed;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{nullptr, nullptr};
  const TlsContext* tls_ = nullptr;
  bool tls_later_ = false;
  std::string host_;
  std::string error_;
};

}  // namespace mbench
