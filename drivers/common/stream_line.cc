// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/stream_line.h"

#include <cerrno>
#include <cstring>
#include <utility>

namespace mbench {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
// A reply that is longer is taken for garbage whose length was misread.
constexpr std::size_t kMostPartial = 256 * 1024 * 1024;
constexpr std::string_view kClosed = "connection closed by the server";
constexpr std::uint32_t kHangUp = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

}  // namespace

StreamSession::StreamSession(const SessionPlan& plan, std::uint32_t depth,
                             std::shared_ptr<TlsContext> tls)
    : LineSession(plan, depth), tls_(std::move(tls)), received_(kReadBytes) {}

std::size_t StreamSession::AddSystem(const SocketAddress& address) {
  addresses_.push_back(address);
  return AddGroup();
}

std::unique_ptr<Line> StreamSession::NewLine(std::size_t group) {
  return std::make_unique<StreamLine>(this, group);
}

// ---- connecting ----

void StreamLine::Connect() {
  phase_ = Phase::kConnecting;
  if (!transport_.Start(owner_->addresses_[group()], owner_->tls_.get())) return LoseTransport();
  if (!owner_->Watch(this, transport_.Fd())) owner_->Lost(this, ConnectionErrorName(errno));
}

// True when the connection is open, and what the server says may be read.
bool StreamLine::AdvanceConnect() {
  if (!transport_.Advance()) {
    LoseTransport();
    return false;
  }
  if (transport_.state() != Transport::State::kOpen) return false;
  const std::uint32_t life = drops_;
  owner_->Protocol().AppendHello(group(), &owner_->request_);
  phase_ = owner_->request_.empty() ? Phase::kUp : Phase::kHello;
  if (phase_ == Phase::kUp) {
    owner_->Connected(this);
  } else {
    Flush();
  }
  return life == drops_;
}

void StreamLine::Disconnect() {
  if (transport_.Fd() >= 0) owner_->Unwatch(transport_.Fd());
  transport_.Close();
  // Buffers that grew are not kept.
  std::string().swap(partial_);
  std::string().swap(unsent_);
  ++drops_;
}

void StreamLine::LoseTransport() { owner_->Lost(this, transport_.Error()); }

// ---- sending ----

void StreamLine::Send(Call* call) { owner_->Protocol().AppendRequest(call, &owner_->request_); }

void StreamLine::Flush() {
  std::string& request = owner_->request_;
  if (!unsent_.empty()) {
    unsent_ += request;
    request.clear();
    return;
  }
  const ssize_t written = transport_.Write(request.data(), request.size());
  if (written == static_cast<ssize_t>(request.size())) return request.clear();
  if (written != Transport::kFailed) {
    unsent_.assign(request, static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  request.clear();
  if (written == Transport::kFailed) LoseTransport();
}

bool StreamLine::SendUnsent() {
  while (!unsent_.empty()) {
    const ssize_t written = transport_.Write(unsent_.data(), unsent_.size());
    if (written == Transport::kWouldBlock) return true;
    if (written < 0) {
      LoseTransport();
      return false;
    }
    unsent_.erase(0, static_cast<std::size_t>(written));
  }
  return true;
}

// ---- receiving ----

void StreamLine::OnReady(std::uint32_t events) {
  if (phase_ == Phase::kConnecting) {
    if (!AdvanceConnect()) return;
    events |= EPOLLIN;  // what came with the handshake is there already
  }
  if ((events & EPOLLOUT) != 0 && !unsent_.empty() && !SendUnsent()) return;
  if ((events & (EPOLLIN | kHangUp)) != 0) Receive((events & kHangUp) != 0);
}

// Until nothing is left. A short read of a plain socket has emptied it (and saves the read that
// would say so), unless the other side hung up, which only a further read tells.
void StreamLine::Receive(bool hung_up) {
  std::vector<char>& buffer = owner_->received_;
  for (;;) {
    const std::size_t kept = partial_.size();
    if (kept + kReadBytes > buffer.size()) buffer.resize(kept + kReadBytes);
    std::memcpy(buffer.data(), partial_.data(), kept);
    const std::size_t room = buffer.size() - kept;
    const ssize_t count = transport_.Read(buffer.data() + kept, room);
    if (count == Transport::kWouldBlock) return;
    if (count == Transport::kFailed) return LoseTransport();

    const bool at_end = count == Transport::kEnd;
    const std::size_t size = kept + static_cast<std::size_t>(count);
    std::size_t used = 0;
    if (!Consume({buffer.data(), size}, at_end, &used)) return;
    if (at_end) return owner_->Lost(this, kClosed);
    if (size - used > kMostPartial) return owner_->Lost(this, "reply too long");
    partial_.assign(buffer.data() + used, size - used);
    const bool emptied = static_cast<std::size_t>(count) < room && !transport_.IsTls();
    if (emptied && !hung_up) return;
  }
}

bool StreamLine::Consume(std::string_view in, bool at_end, std::size_t* used) {
  if (phase_ == Phase::kHello && !ConsumeHello(in, used)) return false;
  if (phase_ != Phase::kUp) return true;
  StreamProtocol& protocol = owner_->Protocol();
  const Ticks finished = Clock::Now();
  while (*used < in.size() || at_end) {
    Call* call = calls().First();
    if (call == nullptr) {
      if (at_end && *used == in.size()) return true;
      const std::size_t skipped = protocol.SkipUnasked(in.substr(*used));
      if (skipped == 0) {
        owner_->Lost(this, "data that nobody asked for");
        return false;
      }
      *used += skipped;
      continue;
    }
    const Reply reply = protocol.ReadReply(in.substr(*used), at_end, call);
    *used += reply.consumed;
    if (reply.kind == Reply::Kind::kIncomplete) {
      if (reply.consumed == 0) return true;
    } else if (!Settle(call, reply, finished)) {
      return false;
    }
  }
  return true;
}

// False: the line is gone.
bool StreamLine::ConsumeHello(std::string_view in, std::size_t* used) {
  const Result<bool> up = owner_->Protocol().ReadHello(in, used);
  if (!up) {
    owner_->Lost(this, up.error().message);
    return false;
  }
  const std::uint32_t life = drops_;
  if (!*up) {
    if (*used > 0) owner_->Protocol().AppendNextHello(&owner_->request_);
    if (!owner_->request_.empty()) Flush();
    return life == drops_;
  }
  phase_ = Phase::kUp;
  owner_->Connected(this);
  return life == drops_;
}

// False: the line is gone.
bool StreamLine::Settle(Call* call, const Reply& reply, Ticks finished) {
  const std::uint32_t life = drops_;
  switch (reply.kind) {
    case Reply::Kind::kIncomplete:
      break;
    case Reply::Kind::kStep:
      owner_->Finish(call, reply.answer, finished);
      [[fallthrough]];
    case Reply::Kind::kGoOn:
      owner_->Protocol().AppendNextStep(call, &owner_->request_);
      if (owner_->request_.empty()) break;
      owner_->MoveToBack(call);
      Flush();
      break;
    case Reply::Kind::kDone:
      owner_->Finish(call, reply.answer, finished);
      if (reply.closes) owner_->Lost(this, kClosed, true);
      break;
    case Reply::Kind::kRedirect:
      owner_->Redirect(call, reply.group);
      break;
    case Reply::Kind::kMalformed:
      owner_->Lost(this, owner_->errors().Name(reply.answer.error));
      break;
  }
  return life == drops_;
}

}  // namespace mbench
