// SPDX-License-Identifier: Apache-2.0
#include "drivers/nats/nats_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "drivers/common/http_text.h"
#include "drivers/nats/jetstream.h"

namespace mbench::nats {
namespace {

constexpr std::uint64_t kInboxSid = 1, kFeedSid = 2;
constexpr std::uint64_t kPullSids = std::uint64_t{1} << 32;  // and the number of the call
constexpr std::string_view kPing = "PING\r\n", kPong = "PONG\r\n";
constexpr std::size_t kStampHeader = kStampName.size() + 2 + 2 * kStampSize + 2;  // bytes
constexpr int kNoResponders = 503, kNoMessages = 404, kRequestIsOver = 408;

// A call keeps its number in `step`, that of its message in the feed in `state`, and what it waits
// for in `progress`.
enum Progress : std::uint32_t { kForPong, kForAnswer, kForBatch };

// Numbers begin anew when they are used up.
bool IsUpTo(std::uint32_t number, std::uint32_t last) {
  return static_cast<std::int32_t>(last - number) >= 0;
}

bool AnyStream(const std::vector<Message>& messages) {
  return std::ranges::any_of(messages, [](const Message& one) { return one.stream.has_value(); });
}

bool AnyPull(const std::vector<Message>& messages) {
  return std::ranges::any_of(messages, [](const Message& one) { return one.pull.has_value(); });
}

}  // namespace

NatsLine::NatsLine(NatsSession* session, std::size_t group, std::uint32_t number)
    : ByteLine(session, group),
      owner_(session),
      number_(number),
      inbox_(fmt::format("_INBOX.mbench.{:x}.{}.", session->setup_->run, number)) {}

// ---- connecting ----

void NatsLine::OnOpen() {
  if (stage_ == Stage::kTls) return SayHello();
  stage_ = Stage::kInfo;  // the server speaks first
}

void NatsLine::TakeInfo(std::string_view json) {
  const std::optional<ServerInfo> info = ReadInfo(json, owner_->info_);
  if (!info) return Malformed();
  owner_->info_ = *info;
  if (stage_ != Stage::kInfo) return;
  if (owner_->needs_headers_ && !info->headers)
    return owner_->Lost(this, "the server has no headers (before 2.2)");
  if (owner_->has_tls_) {
    if (!info->tls_required && !info->tls_available)
      return owner_->Lost(this, "the server has no TLS");
    stage_ = Stage::kTls;
    return StartTls();
  }
  if (info->tls_required) return owner_->Lost(this, "the server wants TLS");
  SayHello();
}

void NatsLine::SayHello() {
  stage_ = Stage::kHello;
  std::string& out = owner_->out();
  AppendConnect(owner_->setup_->login, &out);
  if (owner_->has_inbox_) AppendSubscribe(inbox_ + "*", "", kInboxSid, &out);
  if (const Subscription* const to = owner_->role_.subscription)
    AppendSubscribe(to->subject, to->queue, kFeedSid, &out);
  out += kPing;
  Write();
}

void NatsLine::Disconnect() {
  for (const Call* call = calls().First(); call != nullptr; call = LineCalls::Next(call))
    ForgetMessage(call);
  stage_ = Stage::kInfo;
  wants_ping_ = false;
  pings_.clear();
  last_error_.clear();
  ByteLine::Disconnect();
}

void NatsLine::ForgetMessage(const Call* call) {
  if (owner_->role_.asks || call->state == 0) return;
  if (MessageFeed* const feed = owner_->messages_[call->op.statement].feed)
    feed->ledger().Abandon(call->state);
}

// ---- sending ----

std::string_view NatsLine::Inbox(std::uint32_t number) const {
  std::array<char, 12> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  owner_->reply_.assign(inbox_).append(digits.data(), end);
  return owner_->reply_;
}

void NatsLine::Send(Call* call) {
  call->step = ++sent_;
  const std::size_t before = owner_->out().size();
  if (owner_->role_.asks) {
    SendRequest(call);
  } else if (const Message& message = owner_->messages_[call->op.statement]; message.pull) {
    SendPull(call, *message.pulled);
  } else {
    SendMessage(call, message);
  }
  call->AddSent(owner_->out().size() - before);
}

void NatsLine::SendRequest(Call* call) {
  call->progress = kForAnswer;
  AppendPublish(call->op.key, Inbox(call->step), "", call->op.value, &owner_->out());
}

// Messages bear the subjects they were sent to, and not that of the request: so each request has a
// subscription of its own.
void NatsLine::SendPull(Call* call, const PullGroup& from) {
  call->progress = kForBatch;
  const std::string_view inbox = Inbox(call->step);
  AppendSubscribe(inbox, "", kPullSids + call->step, &owner_->out());
  AppendPublish(from.subject(), inbox, "", from.request(), &owner_->out());
}

void NatsLine::Unsubscribe(const Call* call) {
  fmt::format_to(std::back_inserter(owner_->out()), "UNSUB {}\r\n", kPullSids + call->step);
}

void NatsLine::SendMessage(Call* call, const Message& message) {
  std::string& subject = owner_->subject_;
  std::string& payload = owner_->payload_;
  subject.clear();
  payload.clear();
  message.subject.AppendTo(call->op.arguments, &subject);
  if (message.value) message.value->AppendTo(call->op.arguments, &payload);
  owner_->MakeHeaders(message, call->op);
  if (message.feed != nullptr) {
    const Ticks planned = call->op.planned != 0 ? call->op.planned : Clock::Now();
    call->state = message.feed->ledger().Begin(call->op.statement, planned);
    const std::string stamp = PackStamp({.run = message.feed->run(),
                                         .number = call->state,
                                         .planned_ns = planned + owner_->unix_offset_ns_,
                                         .producer = number_});
    owner_->headers_.append(kStampName).append(": ").append(HexOf(stamp)).append("\r\n");
  }
  call->progress = message.stream ? kForAnswer : kForPong;
  wants_ping_ = wants_ping_ || !message.stream;
  AppendPublish(subject, message.stream ? Inbox(call->step) : "", owner_->headers_, payload,
                &owner_->out());
}

void NatsLine::Flush() {
  if (wants_ping_ && !calls().Empty()) {
    owner_->out() += kPing;
    calls().Last()->AddSent(kPing.size());
    pings_.push_back(sent_);
  }
  wants_ping_ = false;
  Write();
}

// Its answer may still come, and is known by its number.
bool NatsLine::Abandon(Call* call) {
  ForgetMessage(call);
  if (call->progress == kForBatch) Unsubscribe(call);
  return true;
}

// ---- receiving ----

void NatsLine::Malformed() { owner_->Lost(this, "this is not NATS"); }

std::size_t NatsLine::OnBytes(std::string_view in, bool) {
  const Ticks now = Clock::Now();
  std::size_t used = 0;
  while (used < in.size() && !lost()) {
    Event event;
    const Front front = ReadEvent(in.substr(used), &event);
    if (front == Front::kMalformed) {
      Malformed();
      break;
    }
    if (front == Front::kIncomplete) break;
    used += event.size;
    const bool plain = stage_ == Stage::kInfo;
    Take(event, now);
    // What came before TLS and behind the INFO could be anybody's.
    if (plain && owner_->has_tls_ && used < in.size()) Malformed();
  }
  if (lost()) {
    owner_->out().clear();
  } else if (!owner_->out().empty()) {
    Write();  // acknowledgements, and what has to be answered at once
  }
  return used;
}

void NatsLine::Take(const Event& event, Ticks now) {
  if (stage_ == Stage::kInfo && event.type != EventType::kInfo && event.type != EventType::kError)
    return Malformed();
  switch (event.type) {
    case EventType::kInfo:
      return TakeInfo(event.text);
    case EventType::kMessage:
      return TakeMessage(event, now);
    case EventType::kPing:
      owner_->out() += kPong;
      return;
    case EventType::kPong:
      return TakePong(now);
    case EventType::kOk:
      return;
    case EventType::kError:
      return TakeError(event.text, now);
  }
}

void NatsLine::TakePong(Ticks now) {
  if (stage_ == Stage::kHello) {
    stage_ = Stage::kOpen;
    return owner_->Connected(this);
  }
  if (pings_.empty()) return Malformed();
  const std::uint32_t last = pings_.front();
  pings_.pop_front();
  for (Call* call = calls().First(); call != nullptr && IsUpTo(call->step, last);) {
    Call* const next = LineCalls::Next(call);
    if (call->progress == kForPong) {
      if (call->step == last) call->AddReceived(kPong.size());
      Answered(call, 0, false, now);
    }
    call = next;
  }
}

// Of a message that may not be sent it says so and goes on; behind all else it closes.
void NatsLine::TakeError(std::string_view text, Ticks now) {
  std::string_view subject;
  const std::string name = ErrorClass(text, &subject);
  owner_->last_message_ = name;
  if (stage_ == Stage::kOpen && name.starts_with("permissions violation for publish")) {
    // With an inbox that it may not name, or for an acknowledgement, it says another subject.
    if (Call* const call = FindSent(subject))
      return Answered(call, owner_->errors().Code(name), false, now);
  }
  if (const Subscription* const to = owner_->role_.subscription) to->feed->KeepFault(name);
  if (stage_ != Stage::kOpen) return owner_->Lost(this, name);
  last_error_ = name;
}

// What it said before it closed is why.
void NatsLine::OnEnd(std::string_view why) {
  const Subscription* const to = owner_->role_.subscription;
  if (to != nullptr && stage_ == Stage::kOpen && last_error_.empty())
    to->feed->KeepFault(std::string(why) + ", which it also does to one that does not keep up");
  owner_->Lost(this, last_error_.empty() ? why : std::string_view(last_error_));
}

Call* NatsLine::FindSent(std::string_view subject) const {
  std::string& sent = owner_->subject_;
  for (Call* call = calls().First(); call != nullptr; call = LineCalls::Next(call)) {
    if (owner_->role_.asks) {
      if (call->op.key == subject) return call;
      continue;
    }
    sent.clear();
    const Message& message = owner_->messages_[call->op.statement];
    if (message.pulled != nullptr) sent = message.pulled->subject();
    message.subject.AppendTo(call->op.arguments, &sent);
    if (sent == subject) return call;
  }
  return nullptr;
}

Call* NatsLine::FindCall(std::uint32_t number, std::uint32_t progress) const {
  Call* call = calls().First();
  while (call != nullptr && (call->step != number || call->progress != progress))
    call = LineCalls::Next(call);
  return call;
}

void NatsLine::TakeMessage(const Event& event, Ticks now) {
  if (event.sid == kFeedSid && owner_->role_.subscription != nullptr) return See(event, now);
  if (event.sid == kInboxSid && owner_->has_inbox_) return TakeAnswer(event, now);
  if (event.sid > kPullSids && AnyPull(owner_->messages_)) return TakePulled(event, now);
  Malformed();
}

void NatsLine::TakeAnswer(const Event& event, Ticks now) {
  const std::string_view digits = event.subject.substr(event.subject.rfind('.') + 1);
  std::uint32_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  Call* const call = FindCall(number, kForAnswer);
  if (call == nullptr) return;
  call->AddReceived(event.size);
  if (StatusOf(event.headers) == kNoResponders) {
    owner_->last_message_ = "no stream takes this subject, or JetStream is off";
    return Answered(call, owner_->errors().Code(owner_->last_message_), false, now);
  }
  if (owner_->role_.asks) return owner_->Finish(call, {.value = event.payload}, now);
  const PublishAck ack = ReadPublishAck(event.payload);
  if (!ack.error.empty()) {
    owner_->last_message_ = ack.error;
    return Answered(call, owner_->errors().Code(ack.error), ack.rejected, now);
  }
  if (!ack.duplicate) return Answered(call, 0, false, now);
  ForgetMessage(call);  // nobody gets it
  owner_->Finish(call, {.label = owner_->labels().Code("duplicate"), .items = 0}, now);
}

// What comes for an op that has run out of time is not acknowledged, and delivered again.
void NatsLine::TakePulled(const Event& event, Ticks now) {
  Call* const call = FindCall(static_cast<std::uint32_t>(event.sid - kPullSids), kForBatch);
  if (call == nullptr) return;
  call->AddReceived(event.size);
  PullGroup& from = *owner_->messages_[call->op.statement].pulled;
  const int status = StatusOf(event.headers);
  if (status == kNoMessages || status == kRequestIsOver || (status != 0 && call->items > 0))
    return EndPull(call, now);
  if (status != 0) {
    owner_->last_message_ = status == kNoResponders ? "the consumer is gone, or JetStream is off"
                                                    : StatusTextOf(event.headers);
    Unsubscribe(call);
    return Answered(call, owner_->errors().Code(owner_->last_message_), false, now);
  }
  const auto delivery = ReadDelivery(event.reply);
  from.Count(event.subject.size() + event.headers.size() + event.payload.size(),
             delivery && delivery->delivered > 1, now);
  const std::size_t before = owner_->out().size();
  AppendPublish(event.reply, "", "", "", &owner_->out());
  call->AddSent(owner_->out().size() - before);
  if (++call->items >= from.pull().most) EndPull(call, now);
}

void NatsLine::EndPull(Call* call, Ticks now) {
  Unsubscribe(call);
  owner_->Finish(
      call, {.outcome = call->items > 0 ? Outcome::kOk : Outcome::kNotFound, .items = call->items},
      now);
}

void NatsLine::Answered(Call* call, std::uint16_t error, bool rejected, Ticks now) {
  if (error != 0) {
    ForgetMessage(call);
    return owner_->Finish(
        call, {.outcome = rejected ? Outcome::kRejected : Outcome::kFailed, .error = error}, now);
  }
  if (MessageFeed* const feed = owner_->messages_[call->op.statement].feed)
    feed->ledger().Acknowledge(call->state, now);
  owner_->Finish(call, {}, now);
}

void NatsLine::See(const Event& event, Ticks now) {
  const Subscription& to = *owner_->role_.subscription;
  if (StatusOf(event.headers) != 0) return;  // of the consumer itself
  const auto hex = HeaderOf(event.headers, kStampName);
  to.feed->See(hex ? UnpackStamp(BytesOfHex(*hex)) : std::nullopt, to.ordered ? event.subject : "",
               event.subject.size() + event.headers.size() + event.payload.size(), now);
  if (!to.jetstream || event.reply.empty()) return;
  if (const auto delivery = ReadDelivery(event.reply); delivery && delivery->delivered > 1)
    to.redelivered->fetch_add(1, std::memory_order_relaxed);
  AppendPublish(event.reply, "", "", "", &owner_->out());
}

// ---- the session ----

NatsSession::NatsSession(const SessionPlan& plan, std::uint32_t depth,
                         std::shared_ptr<TlsContext> tls, Setup* setup, const Role& role)
    : ByteSession(plan, depth, tls, true),
      setup_(setup),
      role_(role),
      has_tls_(tls != nullptr),
      messages_(setup->messages[plan.phase]),
      needs_headers_(role.asks || role.subscription != nullptr || AnyStream(messages_) ||
                     AnyPull(messages_)),
      has_inbox_(role.asks || (role.subscription == nullptr && AnyStream(messages_))),
      unix_offset_ns_(UnixNs() - Clock::Now()) {}

std::unique_ptr<Line> NatsSession::NewLine(std::size_t group) {
  return std::make_unique<NatsLine>(this, group, setup_->lines++);
}

bool NatsSession::MakeHeaders(const Message& message, const Op& op) {
  headers_.clear();
  for (const MessageHeader& header : message.headers) {
    headers_.append(header.name).append(": ");
    const std::size_t before = headers_.size();
    header.value.AppendTo(op.arguments, &headers_);
    if (BreaksHeader(std::string_view(headers_).substr(before))) return false;
    headers_ += "\r\n";
  }
  return true;
}

// What only the values of an op can make wrong, and what the server says of itself.
std::uint16_t NatsSession::Refuse(const Op& op) {
  if (role_.asks) return 0;
  const Message& message = messages_[op.statement];
  if (!message.subject.IsConstant()) {
    subject_.clear();
    message.subject.AppendTo(op.arguments, &subject_);
    if (const std::string_view why = WrongSubject(subject_); !why.empty())
      return errors().Code(why);
  }
  if (!MakeHeaders(message, op)) return errors().Code("header with a line break");
  const std::size_t stamp = message.feed != nullptr ? kStampHeader : 0;
  const std::size_t headers = HeaderBytes(headers_.size() + stamp);
  const std::size_t size = message.value ? message.value->SizeWith(op.arguments) : 0;
  if (headers > 0 && !info_.headers) return errors().Code("the server has no headers (before 2.2)");
  if (size + headers <= info_.max_payload) return 0;
  return errors().Code("message larger than the server takes (max_payload)");
}

}  // namespace mbench::nats
