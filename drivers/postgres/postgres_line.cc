// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/postgres_line.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>

#include "drivers/common/address.h"
#include "drivers/common/tls.h"
#include "drivers/postgres/wire.h"

namespace mbench::postgres {
namespace {

constexpr ssize_t kWouldBlock = -1;
constexpr ssize_t kFailed = -2;
constexpr ssize_t kEnd = 0;
constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kMostPartial = 256 * 1024 * 1024;
constexpr std::string_view kClosed = "connection closed by the server";
constexpr std::uint32_t kHangUp = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

}  // namespace

// ---- connecting ----

void PostgresLine::Connect() {
  phase_ = Phase::kConnecting;
  connection_ = StartConnecting(owner_->ServerOf(group()));
  if (PQstatus(connection_.get()) == CONNECTION_BAD) {
    const std::string why = ConnectErrorName(connection_.get());
    return owner_->Lost(this, why);
  }
  want_ = EPOLLOUT;
  fd_ = PQsocket(connection_.get());
  if (!owner_->Watch(this, fd_)) owner_->Lost(this, ConnectionErrorName(errno));
}

// libpq may go on with another socket (TLS refused, then tried without), even one of the same
// number. So it is watched anew after each step, which also tells at once whether it is ready.
void PostgresLine::AdvanceConnect(std::uint32_t events) {
  if ((events & (want_ | EPOLLERR | EPOLLHUP)) == 0) return;
  const PostgresPollingStatusType status = PQconnectPoll(connection_.get());
  if (status == PGRES_POLLING_FAILED) {
    const std::string why = ConnectErrorName(connection_.get());
    return owner_->Lost(this, why);
  }
  if (status == PGRES_POLLING_OK) {
    PQsetnonblocking(connection_.get(), 1);
    ssl_ = static_cast<SSL*>(PQsslStruct(connection_.get(), "OpenSSL"));
    return Prepare();
  }
  want_ = status == PGRES_POLLING_READING ? EPOLLIN : EPOLLOUT;
  owner_->Unwatch(fd_);
  fd_ = PQsocket(connection_.get());
  if (!owner_->Watch(this, fd_)) owner_->Lost(this, ConnectionErrorName(errno));
}

// The statements of the workload file are prepared on every new connection; verbs when they are
// first needed, for most runs need few of them.
void PostgresLine::Prepare() {
  parsed_.assign(owner_->verbs().All().size(), false);
  const Host host = group() == 0 ? Host::kPrimary : Host::kReplica;
  const bool only_host = owner_->setup().servers.size() == 1;
  bool transactions = false;
  for (const Request& request : owner_->setup().requests) {
    if (request.host != host && !only_host) continue;
    for (const Request::Step& step : request.steps) step.statement.AppendParse(&owner_->request());
    if (!request.is_transaction) continue;
    AppendClose(request.begin.Name(), &owner_->request());  // others may have the same
    request.begin.AppendParse(&owner_->request());
    transactions = true;
  }
  if (transactions) {
    Commit().AppendParse(&owner_->request());
    Rollback().AppendParse(&owner_->request());
  }
  if (owner_->request().empty()) {
    phase_ = Phase::kUp;
    return owner_->Connected(this);
  }
  phase_ = Phase::kPreparing;
  AppendSync(&owner_->request());
  Write();
}

void PostgresLine::Disconnect() {
  if (fd_ >= 0) owner_->Unwatch(fd_);
  connection_.reset();
  ssl_ = nullptr;
  fd_ = -1;
  copying_ = batch_open_ = false;
  progress_ = {};
  // Buffers that grew are not kept.
  std::string().swap(partial_);
  std::string().swap(unsent_);
  scanned_ = 0;
  ++drops_;
}

// ---- bytes ----

ssize_t PostgresLine::Read(char* into, std::size_t size) {
  if (ssl_ != nullptr) {
    ERR_clear_error();
    const int count = SSL_read(ssl_, into, static_cast<int>(size));
    if (count > 0) return count;
    const int error = SSL_get_error(ssl_, count);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return kWouldBlock;
    return error == SSL_ERROR_ZERO_RETURN ? kEnd : kFailed;
  }
  const ssize_t count = recv(fd_, into, size, 0);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EINTR ? kWouldBlock : kFailed;
}

ssize_t PostgresLine::WriteSome(std::string_view bytes) {
  if (ssl_ != nullptr) {
    ERR_clear_error();
    const int count = SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    if (count > 0) return count;
    const int error = SSL_get_error(ssl_, count);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? kWouldBlock : kFailed;
  }
  const ssize_t count = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EINTR ? kWouldBlock : kFailed;
}

void PostgresLine::Write() {
  unsent_ += owner_->request();
  owner_->request().clear();
  WriteUnsent();
}

// False: the line is gone.
bool PostgresLine::WriteUnsent() {
  std::size_t written = 0;
  while (written < unsent_.size()) {
    const ssize_t count = WriteSome(std::string_view(unsent_).substr(written));
    if (count == kWouldBlock) break;
    if (count < 0) {
      std::vector<char>& buffer = owner_->received();
      const ssize_t left = Read(buffer.data(), buffer.size());
      if (left > 0) partial_.append(buffer.data(), static_cast<std::size_t>(left));
      owner_->Lost(this, LastWords());
      return false;
    }
    written += static_cast<std::size_t>(count);
  }
  unsent_.erase(0, written);
  return true;
}

// What ended the connection: the server may have said so before it closed it.
std::string PostgresLine::LastWords() const {
  const std::string_view error = Batch::FindLastWords(partial_);
  return error.empty() ? std::string(kClosed) : SqlStateName(ErrorField(error, 'C'));
}

void PostgresLine::OnReady(std::uint32_t events) {
  if (phase_ == Phase::kConnecting) {
    const std::uint32_t life = drops_;
    AdvanceConnect(events);
    if (life != drops_ || phase_ == Phase::kConnecting) return;
  }
  if ((events & EPOLLOUT) != 0 && !unsent_.empty() && !WriteUnsent()) return;
  if ((events & (EPOLLIN | kHangUp)) != 0) Receive((events & kHangUp) != 0);
}

// Until nothing is left. A short read of a plain socket has emptied it (and saves the read that
// would say so), unless the other side hung up, which only a further read tells.
void PostgresLine::Receive(bool hung_up) {
  std::vector<char>& buffer = owner_->received();
  for (;;) {
    const ssize_t count = Read(buffer.data(), buffer.size());
    if (count == kWouldBlock) return;
    if (count == kFailed || count == kEnd) return owner_->Lost(this, LastWords());
    std::string_view in(buffer.data(), static_cast<std::size_t>(count));
    const bool joined = !partial_.empty();
    if (joined) in = partial_.append(in);
    std::size_t used = 0;
    if (!Consume(in, &used)) return;
    if (joined) {
      partial_.erase(0, used);
    } else {
      partial_.assign(in.substr(used));
    }
    if (partial_.size() > kMostPartial) return owner_->Lost(this, "reply too long");
    const bool emptied = static_cast<std::size_t>(count) < buffer.size() && ssl_ == nullptr;
    if (emptied && !hung_up) return;
  }
}

// Counts in `used` the bytes of whole batches. False: the line is gone.
bool PostgresLine::Consume(std::string_view in, std::size_t* used) {
  Ticks finished = 0;
  for (;;) {
    const std::size_t size = Batch::Find(in.substr(*used), &scanned_);
    if (size == Batch::kBad) {
      owner_->Lost(this, "malformed reply");
      return false;
    }
    if (size == 0) return true;
    if (finished == 0) finished = Clock::Now();
    scanned_ = 0;
    if (!Settle(in.substr(*used, size), finished)) return false;
    *used += size;
  }
}

}  // namespace mbench::postgres
