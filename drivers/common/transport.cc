// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/transport.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <cerrno>

namespace mbench {

bool Transport::Start(const SocketAddress& address, const TlsContext* tls, bool tls_later) {
  Close();
  error_.clear();
  fd_ = StartConnect(address);
  if (fd_ < 0) return Fail(ConnectionErrorName(errno));
  tls_ = tls;
  tls_later_ = tls_later;
  if (tls != nullptr) host_ = address.host;
  state_ = State::kConnecting;
  return true;
}

bool Transport::Advance() {
  if (state_ == State::kConnecting) {
    if (const int error = ConnectError(fd_); error != 0) return Fail(ConnectionErrorName(error));
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    // Ready without an error and without a peer: an event from before the connect began.
    if (getpeername(fd_, reinterpret_cast<sockaddr*>(&peer), &length) != 0) return true;
    state_ = State::kOpen;
    if (tls_ != nullptr && !tls_later_) return StartTls();
  }
  return state_ == State::kHandshake ? Handshake() : true;
}

bool Transport::StartTls() {
  ssl_ = tls_->NewConnection(fd_, host_);
  state_ = State::kHandshake;
  return Handshake();
}

bool Transport::Handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    state_ = State::kOpen;
    return true;
  }
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return true;
  return Fail(TlsErrorName(ssl_.get()));
}

void Transport::Borrow(int fd) {
  error_.clear();
  fd_ = fd;
  borrowed_ = true;
  state_ = State::kConnecting;
}

void Transport::Open(SSL* ssl) {
  state_ = State::kOpen;
  if (ssl == nullptr) return;
  ssl_ = {ssl, [](SSL*) {}};
  SSL_set_options(ssl, SSL_OP_IGNORE_UNEXPECTED_EOF);  // as in tls.cc
}

ssize_t Transport::Read(char* into, std::size_t size) {
  if (ssl_) {
    ERR_clear_error();
    return TlsResult(SSL_read(ssl_.get(), into, static_cast<int>(size)));
  }
  const ssize_t count = read(fd_, into, size);
  return count >= 0 ? count : FailIo(errno);
}

ssize_t Transport::Write(const char* from, std::size_t size) {
  if (ssl_) {
    ERR_clear_error();
    return TlsResult(SSL_write(ssl_.get(), from, static_cast<int>(size)));
  }
  const ssize_t count = send(fd_, from, size, MSG_NOSIGNAL);
  return count >= 0 ? count : FailIo(errno);
}

ssize_t Transport::TlsResult(int result) {
  if (result > 0) return result;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return kWouldBlock;
    case SSL_ERROR_ZERO_RETURN:
      return kEnd;
    case SSL_ERROR_SYSCALL:
      return errno == 0 ? kEnd : FailIo(errno);
    default:
      error_ = TlsErrorName(ssl_.get());
      return kFailed;
  }
}

ssize_t Transport::FailIo(int error) {
  if (error == EAGAIN || error == EWOULDBLOCK || error == EINTR) return kWouldBlock;
  error_ = ConnectionErrorName(error);
  return error == EPIPE || error == ECONNRESET ? kGone : kFailed;
}

bool Transport::Fail(std::string_view error) {
  error_ = error;
  return false;
}

void Transport::Close() {
  ssl_.reset();
  if (fd_ >= 0 && !borrowed_) close(fd_);
  fd_ = -1;
  borrowed_ = false;
  state_ = State::kClosed;
}

std::string_view Transport::NegotiatedProtocol() const {
  const unsigned char* name = nullptr;
  unsigned length = 0;
  if (ssl_) SSL_get0_alpn_selected(ssl_.get(), &name, &length);
  return {reinterpret_cast<const char*>(name), length};
}

}  // namespace mbench
