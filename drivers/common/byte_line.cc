// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/byte_line.h"

#include <cerrno>
#include <utility>

namespace mbench {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
// A reply that is longer is taken for garbage whose length was misread.
constexpr std::size_t kMostPartial = 256 * 1024 * 1024;
// A line that has moved so much at once lets others have their turn.
constexpr std::size_t kTurn = 1024 * 1024;
constexpr std::uint32_t kHangUp = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

}  // namespace

ByteSession::ByteSession(const SessionPlan& plan, std::uint32_t depth,
                         std::shared_ptr<TlsContext> tls, bool tls_later)
    : LineSession(plan, depth),
      tls_(std::move(tls)),
      tls_later_(tls_later),
      received_(kReadBytes) {}

std::size_t ByteSession::AddSystem(std::shared_ptr<Endpoint> endpoint) {
  endpoints_.push_back(std::move(endpoint));
  return AddGroup();
}

// ---- connecting ----

void ByteLine::Connect() {
  if (!transport_.Start(owner_->endpoints_[group()]->Next(), owner_->tls_.get(),
                        owner_->tls_later_)) {
    session()->Lost(this, transport_.Error());
  } else if (!session()->Watch(this, transport_.Fd())) {
    session()->Lost(this, ConnectionErrorName(errno));
  }
}

void ByteLine::Advance(std::uint32_t events) {
  (void)events;
  if (!transport_.Advance()) return session()->Lost(this, transport_.Error());
  if (transport_.state() == Transport::State::kOpen) OnOpen();
}

// The other side may have answered by the time the first step returns: then no event tells of it.
void ByteLine::StartTls() {
  if (!transport_.StartTls()) return session()->Lost(this, transport_.Error());
  if (transport_.state() == Transport::State::kOpen) OnOpen();
}

void ByteLine::Disconnect() {
  if (transport_.Fd() >= 0) session()->Unwatch(transport_.Fd());
  transport_.Close();
  // Buffers that grew are not kept.
  std::string().swap(partial_);
  std::string().swap(unsent_);
}

// A line whose socket is made elsewhere has no endpoint.
void ByteLine::LookAgain() {
  if (group() < owner_->endpoints_.size()) owner_->endpoints_[group()]->LookAgain();
}

// Reads before it writes: a server that answers before it has heard all, and closes, makes writing
// fail, and its answer counts.
void ByteLine::OnReady(std::uint32_t events) {
  if (transport_.state() != Transport::State::kOpen) {
    Advance(events);
    if (lost() || transport_.state() != Transport::State::kOpen) return;
    events |= EPOLLIN;  // what came with the handshake is there already
  }
  if ((events & (EPOLLIN | kHangUp)) != 0) Receive((events & kHangUp) != 0);
  if ((events & EPOLLOUT) == 0 || lost()) return;
  if (!unsent_.empty()) unsent_.erase(0, Push(unsent_));
  if (makes_more_) SendMore();
}

// ---- sending ----

void ByteLine::Write() {
  SendOut();
  if (makes_more_) SendMore();
}

void ByteLine::SendMore() {
  std::size_t sent = 0;
  while (unsent_.empty() && !lost() && AppendMore()) {
    sent += owner_->out_.size();
    SendOut();
    if (sent >= kTurn && unsent_.empty()) return session()->GiveTurn(this, transport_.Fd());
  }
}

void ByteLine::SendOut() {
  std::string& out = owner_->out_;
  if (!unsent_.empty()) {
    unsent_ += out;
  } else if (const std::size_t written = Push(out); written < out.size()) {
    unsent_.assign(out, written);
  }
  out.clear();
}

// How many of the bytes need no more care: they are in the socket, or nobody will ever read them.
std::size_t ByteLine::Push(std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = transport_.Write(bytes.data() + written, bytes.size() - written);
    if (count == Transport::kWouldBlock) return written;
    // The event that tells of the end is on its way; what the server said before it is read then.
    if (count == Transport::kGone) return bytes.size();
    if (count == Transport::kFailed) {
      session()->Lost(this, transport_.Error());
      return bytes.size();
    }
    written += static_cast<std::size_t>(count);
  }
  return written;
}

// ---- receiving ----

// Until nothing is left. A short read of a plain socket has emptied it (and saves the read that
// would say so), unless the other side hung up, which only a further read tells. One that brings
// more and more has to wait for the others (but for TLS, which may hold what no event tells of).
void ByteLine::Receive(bool hung_up) {
  std::vector<char>& buffer = owner_->received_;
  for (std::size_t received = 0;;) {
    const ssize_t count = transport_.Read(buffer.data(), buffer.size());
    if (count == Transport::kWouldBlock) return;
    if (count <= 0) return End(count == Transport::kEnd);
    Take({buffer.data(), static_cast<std::size_t>(count)});
    if (lost() || transport_.state() != Transport::State::kOpen) return;
    const bool emptied = static_cast<std::size_t>(count) < buffer.size() && !transport_.IsTls();
    if (emptied && !hung_up) return;
    received += static_cast<std::size_t>(count);
    if (received >= kTurn && !hung_up && !transport_.IsTls())
      return session()->GiveTurn(this, transport_.Fd());
  }
}

void ByteLine::Take(std::string_view in) {
  const bool joined = !partial_.empty();
  if (joined) in = partial_.append(in);
  const std::size_t used = OnBytes(in, false);
  if (joined) {
    partial_.erase(0, used);
  } else if (used < in.size()) {
    partial_.assign(in.substr(used));
  }
  if (partial_.size() > kMostPartial) session()->Lost(this, "reply too long");
}

// A write that failed took the socket's error with it, so that reading ends as if in good order.
void ByteLine::End(bool in_order) {
  if (!transport_.Error().empty()) return OnEnd(transport_.Error());
  if (in_order) OnBytes(partial_, true);
  if (!lost()) OnEnd(kClosed);
}

void ByteLine::OnEnd(std::string_view why) { session()->Lost(this, why); }

}  // namespace mbench
