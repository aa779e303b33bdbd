// SPDX-License-Identifier: Apache-2.0
#include "drivers/rabbitmq/amqp_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"

namespace mbench::amqp {
namespace {

// A call keeps the number of its message on the channel in `step`, that in the feed in `state`, and
// whether it came back in `error`.
constexpr std::string_view kNack =
    "refused by the queue (full, with x-overflow: reject-publish, or without a leader)";

// Of two numbers that count messages of a channel, near to each other.
bool IsBehind(std::uint32_t tag, std::uint32_t other) {
  return static_cast<std::int32_t>(tag - other) > 0;
}

std::string TextOf(const Closing& closing) {
  std::string text = Quote(closing.text, 240);
  return fmt::format("{} {}", closing.code, std::string_view(text).substr(1, text.size() - 2));
}

}  // namespace

// ---- connecting ----

void AmqpLine::OnOpen() {
  expected_ = Method::kStart;
  frame_ = kLargestFrame;
  last_tag_ = 0;
  content_ = Content::kNone;
  unacknowledged_ = 0;
  opened_ = up_ = closed_ = false;
  goodbye_.clear();
  owner_->out() += kProtocolHeader;
  Write();
}

void AmqpLine::TakeStart(std::string_view arguments) {
  Hello hello;
  if (!ReadStart(arguments, &hello)) return Malformed();
  if (!hello.takes_plain)
    return owner_->Lost(this, "the server takes no user with a password (PLAIN)");
  std::string name = Quote(fmt::format("{} {}", hello.product, hello.version));
  owner_->server_ = name.substr(1, name.size() - 2);
  AppendStartOk(owner_->setup_->login, &owner_->out());
  expected_ = Method::kTune;
}

void AmqpLine::TakeTune(std::string_view arguments) {
  Tuning tuning;
  if (!ReadTune(arguments, &tuning)) return Malformed();
  const auto most = static_cast<std::uint32_t>(kLargestFrame);
  tuning.frame = tuning.frame == 0 ? most : std::min(tuning.frame, most);
  frame_ = tuning.frame;
  AppendTuneOk(tuning, &owner_->out());
  AppendOpen(owner_->setup_->login.vhost, &owner_->out());
  expected_ = Method::kOpenOk;
}

// The answer to what was said last, and what is said next.
void AmqpLine::Greet(Method method, std::string_view arguments) {
  using Role = AmqpSession::Role;
  if (method == Method::kSecure)
    return owner_->Lost(this, "the server asks for more than user and password");
  if (method != expected_) return Malformed();
  std::string* const out = &owner_->out();
  const Subscription* const of = owner_->subscription_;
  switch (method) {
    case Method::kStart:
      return TakeStart(arguments);
    case Method::kTune:
      return TakeTune(arguments);
    case Method::kOpenOk:
      opened_ = true;
      AppendPlain(Method::kChannelOpen, kChannel, out);
      expected_ = Method::kChannelOpenOk;
      return;
    case Method::kChannelOpenOk:
      if (owner_->role_ == Role::kAsk) return Up();
      if (owner_->role_ == Role::kSend) {
        AppendPlain(Method::kConfirmSelect, kChannel, out);
        expected_ = Method::kConfirmSelectOk;
      } else {
        AppendQos(of->prefetch, out);
        expected_ = Method::kQosOk;
      }
      return;
    case Method::kQosOk:
      AppendConsume(of->queue, of->ack_every == 0, out);
      expected_ = Method::kConsumeOk;
      return;
    default:
      return Up();  // confirm.select-ok, basic.consume-ok
  }
}

void AmqpLine::Up() {
  up_ = true;
  owner_->Connected(this);
}

void AmqpLine::Disconnect() {
  for (const Call* call = calls().First(); call != nullptr; call = LineCalls::Next(call)) {
    if (owner_->role_ != AmqpSession::Role::kSend) break;
    const Message& message = owner_->messages_[call->op.statement];
    if (message.feed != nullptr && call->state != 0) message.feed->ledger().Abandon(call->state);
  }
  Unblock();
  SayGoodbye();
  opened_ = up_ = false;
  ByteLine::Disconnect();
}

// Behind half a frame it would be no frame.
bool AmqpLine::SayGoodbye() {
  if (!opened_ || closed_ || UnsentBytes() != 0 || !transport().Error().empty()) return false;
  if (transport().state() != Transport::State::kOpen) return false;
  std::string bytes;
  AppendClose(&bytes);
  const ssize_t sent = transport().Write(bytes.data(), bytes.size());
  closed_ = true;
  return sent == static_cast<ssize_t>(bytes.size());
}

bool AmqpLine::IsAnswered() {
  std::string answer;
  AppendPlain(Method::kCloseOk, 0, &answer);
  char buffer[16 * 1024];
  ssize_t count = 0;
  while ((count = transport().Read(buffer, sizeof buffer)) > 0) {
    goodbye_.append(buffer, static_cast<std::size_t>(count));
    if (goodbye_.size() > answer.size()) goodbye_.erase(0, goodbye_.size() - answer.size());
  }
  return count != Transport::kWouldBlock || goodbye_ == answer;
}

// ---- sending ----

void AmqpLine::Send(Call* call) {
  std::string& out = owner_->out();
  const std::size_t before = out.size();
  if (owner_->role_ == AmqpSession::Role::kAsk) {
    out += call->op.value;
    return call->AddSent(call->op.value.size());
  }
  const Message& message = owner_->messages_[call->op.statement];
  std::string& key = owner_->key_;
  std::string& payload = owner_->payload_;
  key.clear();
  payload.clear();
  message.key.AppendTo(call->op.arguments, &key);
  message.value.AppendTo(call->op.arguments, &payload);
  std::string stamp;
  if (message.feed != nullptr) {
    const Ticks planned = call->op.planned != 0 ? call->op.planned : Clock::Now();
    call->state = message.feed->ledger().Begin(call->op.statement, planned);
    stamp = PackStamp({.run = message.feed->run(),
                       .number = call->state,
                       .planned_ns = planned + owner_->unix_offset_ns_,
                       .producer = number_});
  }
  call->step = ++last_tag_;
  AppendPublish({.exchange = message.exchange,
                 .routing_key = key,
                 .payload = payload,
                 .message_id = fmt::format("{:08x}", last_tag_),
                 .stamp = stamp,
                 .persistent = message.persistent},
                frame_, &out);
  call->AddSent(out.size() - before);
}

// Its confirm may still come, and is known by its number.
bool AmqpLine::Abandon(Call* call) {
  if (owner_->role_ == AmqpSession::Role::kAsk) return false;
  const Message& message = owner_->messages_[call->op.statement];
  if (message.feed != nullptr) message.feed->ledger().Abandon(call->state);
  return true;
}

// ---- receiving ----

std::size_t AmqpLine::OnBytes(std::string_view in, bool) {
  now_ = Clock::Now();
  std::size_t used = 0;
  while (used < in.size() && !lost()) {
    Frame frame;
    const Front front = ReadFrame(in.substr(used), frame_, &frame);
    if (front == Front::kIncomplete) break;
    if (front != Front::kWhole) {
      const bool is_garbage = !opened_ && front != Front::kOtherVersion;
      owner_->Lost(this, is_garbage ? "this is not AMQP" : NameOf(front));
      break;
    }
    used += frame.size;
    Take(frame);
  }
  if (!lost()) AckSeen();
  if (!owner_->out().empty()) Write();  // what has to be answered at once
  return used;
}

void AmqpLine::Take(const Frame& frame) {
  switch (frame.type) {
    case FrameType::kHeartbeat:
      return AppendHeartbeat(&owner_->out());
    case FrameType::kHead:
      return TakeHead(frame.payload);
    case FrameType::kBody:
      return TakeBody(frame.payload);
    case FrameType::kMethod:
      return TakeMethod(frame);
  }
}

void AmqpLine::TakeMethod(const Frame& frame) {
  Method method{};
  std::string_view arguments;
  if (!ReadMethod(frame.payload, &method, &arguments)) return Malformed();
  if (method == Method::kClose) return TakeClose(arguments, Method::kCloseOk, 0);
  if (frame.channel == 0 && opened_) return TakeConnectionMethod(method, arguments);
  if (content_ != Content::kNone) return Malformed();  // nothing may come in between
  if (method == Method::kChannelClose)
    return TakeClose(arguments, Method::kChannelCloseOk, kChannel);
  if (!up_) return Greet(method, arguments);
  switch (method) {
    case Method::kAck:
    case Method::kNack:
      return TakeConfirm(arguments, method == Method::kAck, frame.size);
    case Method::kDeliver:
      return TakeDeliver(arguments);
    case Method::kReturn:
      return TakeReturn(arguments);
    case Method::kChannelFlow:
      return AppendFlowOk(!arguments.empty() && arguments[0] != 0, &owner_->out());
    case Method::kCancel:
      return Fail("the queue was deleted, or moved, under its consumers");
    default:
      return TakeAnswer(frame);
  }
}

void AmqpLine::TakeConnectionMethod(Method method, std::string_view arguments) {
  if (method == Method::kBlocked) {
    if (blocked_since_ == 0) {
      blocked_since_ = now_;
      owner_->setup_->alarms.Begin(Reader(arguments).Short());
    }
  } else if (method == Method::kUnblocked) {
    Unblock();
  } else if (method != Method::kCloseOk) {
    Malformed();
  }
}

void AmqpLine::Unblock() {
  if (blocked_since_ != 0) owner_->setup_->alarms.End(blocked_since_);
  blocked_since_ = 0;
}

void AmqpLine::TakeClose(std::string_view arguments, Method reply, std::uint16_t channel) {
  Closing closing;
  if (!ReadClose(arguments, &closing)) return Malformed();
  AppendPlain(reply, channel, &owner_->out());
  closed_ = reply == Method::kCloseOk;
  Fail(TextOf(closing));
}

// What the server says; of a consumer nobody else tells it.
void AmqpLine::Fail(const std::string& why) {
  owner_->last_message_ = why;
  if (owner_->subscription_ != nullptr) owner_->subscription_->feed->KeepFault(why);
  owner_->Lost(this, why);
}

void AmqpLine::TakeAnswer(const Frame& frame) {
  Call* const call = calls().First();
  if (owner_->role_ != AmqpSession::Role::kAsk || call == nullptr) return Malformed();
  call->AddReceived(frame.size);
  owner_->Finish(call, {.value = frame.payload}, now_);
}

// ---- confirms ----

Call* AmqpLine::Find(std::uint32_t tag) const {
  Call* call = calls().First();
  while (call != nullptr && call->step != tag) call = LineCalls::Next(call);
  return call;
}

void AmqpLine::TakeConfirm(std::string_view arguments, bool taken, std::size_t bytes) {
  Confirm confirm;
  if (owner_->role_ != AmqpSession::Role::kSend || !ReadConfirm(arguments, &confirm))
    return Malformed();
  const auto tag = static_cast<std::uint32_t>(confirm.tag);
  if (!confirm.multiple) {
    Call* const call = Find(tag);
    if (call == nullptr) return;  // it has run out of time
    call->AddReceived(bytes);
    return Answered(call, taken);
  }
  // Calls stand in the order of their numbers.
  for (Call* call = calls().First(); call != nullptr && !IsBehind(call->step, tag);) {
    Call* const next = LineCalls::Next(call);
    if (call->step == tag) call->AddReceived(bytes);
    Answered(call, taken);
    call = next;
  }
}

void AmqpLine::Answered(Call* call, bool taken) {
  const Message& message = owner_->messages_[call->op.statement];
  const bool came_back = call->error != 0;
  if (message.feed != nullptr) {
    if (taken && !came_back) {
      message.feed->ledger().Acknowledge(call->state, now_);
    } else {
      message.feed->ledger().Abandon(call->state);
    }
  }
  Answer answer;
  if (came_back) {
    answer = {.outcome = Outcome::kFailed, .error = call->error};
  } else if (!taken) {
    answer = {.outcome = Outcome::kRejected, .error = owner_->errors().Code(kNack)};
  }
  owner_->Finish(call, answer, now_);
}

// ---- messages that come ----

void AmqpLine::TakeDeliver(std::string_view arguments) {
  Delivery delivery;
  if (owner_->role_ != AmqpSession::Role::kReceive || !ReadDeliver(arguments, &delivery))
    return Malformed();
  content_ = Content::kDelivered;
  body_ = missing_ = UINT64_MAX;  // until its head has come
  routing_key_ = delivery.routing_key;
  redelivered_ = delivery.redelivered;
  delivery_tag_ = delivery.tag;
}

void AmqpLine::TakeReturn(std::string_view arguments) {
  Closing why;
  if (owner_->role_ != AmqpSession::Role::kSend || !ReadReturn(arguments, &why)) return Malformed();
  content_ = Content::kReturned;
  body_ = missing_ = UINT64_MAX;
  why_ = TextOf(why);
}

void AmqpLine::TakeHead(std::string_view payload) {
  Head head;
  if (content_ == Content::kNone || body_ != UINT64_MAX || !ReadHead(payload, &head) ||
      head.size == UINT64_MAX)
    return Malformed();
  stamp_ = head.stamp;
  message_id_ = head.message_id;
  body_ = missing_ = head.size;
  if (missing_ == 0) FinishContent();
}

void AmqpLine::TakeBody(std::string_view payload) {
  if (content_ == Content::kNone || body_ == UINT64_MAX || payload.size() > missing_)
    return Malformed();
  missing_ -= payload.size();
  if (missing_ == 0) FinishContent();
}

void AmqpLine::FinishContent() {
  const Content what = content_;
  content_ = Content::kNone;
  if (what == Content::kReturned) {
    Call* call = calls().First();
    while (call != nullptr && fmt::format("{:08x}", call->step) != message_id_)
      call = LineCalls::Next(call);
    if (call != nullptr)
      call->error =
          owner_->errors().Code(fmt::format("came back, for no queue is there for it ({})", why_));
    return;
  }
  const Subscription& of = *owner_->subscription_;
  if (redelivered_) of.redelivered->fetch_add(1, std::memory_order_relaxed);
  const bool ordered = !of.shared && !redelivered_;
  of.feed->See(UnpackStamp(stamp_), ordered ? routing_key_ : "", routing_key_.size() + body_, now_);
  seen_tag_ = delivery_tag_;
  if (of.ack_every != 0 && ++unacknowledged_ >= of.ack_every) AckSeen();
}

void AmqpLine::AckSeen() {
  if (unacknowledged_ == 0) return;
  unacknowledged_ = 0;
  AppendAck(seen_tag_, &owner_->out());
}

}  // namespace mbench::amqp
