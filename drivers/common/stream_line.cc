// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/stream_line.h"

namespace mbench {

std::unique_ptr<Line> StreamSession::NewLine(std::size_t group) {
  return std::make_unique<StreamLine>(this, group);
}

// ---- sending ----

void StreamLine::OnOpen() {
  owner().Protocol().AppendHello(group(), &owner().out());
  greeted_ = owner().out().empty();
  if (greeted_) {
    owner().Connected(this);
  } else {
    Write();
  }
}

void StreamLine::Send(Call* call) {
  const std::size_t before = owner().out().size();
  owner().Protocol().AppendRequest(call, &owner().out());
  call->AddSent(owner().out().size() - before);
}

void StreamLine::AppendNextStep(Call* call) {
  const std::size_t before = owner().out().size();
  owner().Protocol().AppendNextStep(call, &owner().out());
  call->AddSent(owner().out().size() - before);
}

void StreamLine::Flush() { Write(); }

bool StreamLine::AppendMore() {
  Call* const call = calls().Last();
  if (call == nullptr) return false;
  std::string& out = owner().out();
  const std::size_t before = out.size();
  const bool more = owner().Protocol().AppendMore(call, &out);
  call->AddSent(out.size() - before);
  return more;
}

// ---- receiving ----

std::size_t StreamLine::OnBytes(std::string_view in, bool at_end) {
  if (greeted_) return ReadReplies(in, at_end);
  const std::size_t used = ReadHello(in);
  if (!greeted_ || lost()) return used;
  return used + ReadReplies(in.substr(used), at_end);
}

std::size_t StreamLine::ReadHello(std::string_view in) {
  std::size_t used = 0;
  const Result<bool> up = owner().Protocol().ReadHello(in, &used);
  if (!up) {
    owner().Lost(this, up.error().message);
  } else if (*up) {
    greeted_ = true;
    owner().Connected(this);
  } else if (used > 0) {
    owner().Protocol().AppendNextHello(&owner().out());
    Write();
  }
  return used;
}

std::size_t StreamLine::ReadReplies(std::string_view in, bool at_end) {
  StreamProtocol& protocol = owner().Protocol();
  const Ticks finished = Clock::Now();
  std::size_t used = 0;
  while (!lost() && (used < in.size() || at_end)) {
    Call* call = calls().First();
    if (call == nullptr) {
      if (used == in.size()) break;
      const std::optional<std::size_t> skipped = protocol.SkipUnasked(in.substr(used));
      if (!skipped) owner().Lost(this, "data that nobody asked for");
      if (skipped.value_or(0) == 0) break;
      used += *skipped;
      continue;
    }
    const Reply reply = protocol.ReadReply(in.substr(used), at_end, call);
    used += reply.consumed;
    call->AddReceived(reply.consumed);
    if (reply.kind != Reply::Kind::kIncomplete) {
      Settle(call, reply, finished);
    } else if (reply.consumed == 0) {
      break;
    }
  }
  return used;
}

void StreamLine::Settle(Call* call, const Reply& reply, Ticks finished) {
  switch (reply.kind) {
    case Reply::Kind::kIncomplete:
      break;
    case Reply::Kind::kStep:
      owner().Finish(call, reply.answer, finished);
      [[fallthrough]];
    case Reply::Kind::kGoOn:
      AppendNextStep(call);
      if (owner().out().empty()) break;
      owner().MoveToBack(call);
      Write();
      break;
    case Reply::Kind::kDone:
      owner().Finish(call, reply.answer, finished);
      if (reply.closes) owner().Lost(this, kClosed, true);
      break;
    case Reply::Kind::kRedirect:
      owner().Redirect(call, reply.group);
      break;
    case Reply::Kind::kMalformed:
      owner().Lost(this, owner().errors().Name(reply.answer.error));
      break;
  }
}

}  // namespace mbench
