// SPDX-License-Identifier: Apache-2.0
#include "drivers/mqtt/mqtt_session.h"

#include <fmt/format.h>

#include <algorithm>

namespace mbench::mqtt {
namespace {

constexpr std::uint8_t kFailures = 0x80;  // reasons from here on
constexpr std::uint8_t kQuotaExceeded = 0x97, kServerBusy = 0x89, kRateTooHigh = 0x96;
constexpr std::uint16_t kSubscribeId = 1;
constexpr std::size_t kLargestAnswer = 65'536;  // bytes; texts of version 5 may be in it

// A call keeps the number of its packet in `step`, of its message in the feed in `state`, and how
// far it is in `progress`.
enum Progress : std::uint32_t { kWaits, kHalfWay, kSentAlone };

std::uint16_t IdOf(const Call* call) { return static_cast<std::uint16_t>(call->step); }

bool IsRejection(std::uint8_t reason) {
  return reason == kQuotaExceeded || reason == kServerBusy || reason == kRateTooHigh;
}

}  // namespace

MqttLine::MqttLine(MqttSession* session, std::size_t group, std::uint32_t number)
    : ByteLine(session, group), owner_(session), number_(number) {}

// ---- connecting ----

void MqttLine::OnOpen() {
  stage_ = Stage::kConnect;
  const Setup& setup = *owner_->setup_;
  Login login = setup.login;
  login.client_id += setup.own_ids ? fmt::format("-{:x}-{}", setup.run >> 32, number_)
                                   : fmt::format("-{}", number_);
  AppendConnect(login, setup.version, &owner_->out());
  Write();
}

void MqttLine::TakeHello(const Packet& packet) {
  const bool connects = stage_ == Stage::kConnect;
  Ack ack;
  if (packet.type != (connects ? PacketType::kConnack : PacketType::kSuback) ||
      !ReadAck(packet, owner_->setup_->version, &ack))
    return Malformed();
  if (ack.reason >= kFailures) return owner_->Lost(this, ReasonName(ack.reason));
  if (connects && !ack.had_session) half_received_.clear();  // its numbers begin anew
  const Subscription* const subscription = owner_->subscription_;
  if (!connects || subscription == nullptr) {
    stage_ = Stage::kOpen;
    return owner_->Connected(this);
  }
  stage_ = Stage::kSubscribe;
  AppendSubscribe(kSubscribeId, subscription->filter, subscription->qos, owner_->setup_->version,
                  &owner_->out());
  Write();
}

void MqttLine::Disconnect() {
  for (const Call* call = calls().First(); call != nullptr; call = LineCalls::Next(call)) {
    const Message& message = owner_->messages_[call->op.statement];
    if (message.feed != nullptr && call->state != 0) message.feed->ledger().Abandon(call->state);
  }
  alone_ = 0;
  ByteLine::Disconnect();
}

// ---- sending ----

// Numbers of packets begin anew when they are used up; so many are never in flight, but for one
// that is still waited for since then.
std::uint16_t MqttLine::NextId() {
  do {
    last_id_ = static_cast<std::uint16_t>(last_id_ % UINT16_MAX + 1);
  } while (IdOf(calls().First()) == last_id_);
  return last_id_;
}

void MqttLine::Send(Call* call) {
  const Message& message = owner_->messages_[call->op.statement];
  std::string& topic = owner_->topic_;
  std::string& payload = owner_->payload_;
  topic.clear();
  payload.clear();
  message.topic.AppendTo(call->op.arguments, &topic);
  if (message.value) message.value->AppendTo(call->op.arguments, &payload);
  std::string stamp;
  if (message.feed != nullptr) {
    const Ticks planned = call->op.planned != 0 ? call->op.planned : Clock::Now();
    call->state = message.feed->ledger().Begin(call->op.statement, planned);
    stamp = PackStamp({.run = message.feed->run(),
                       .number = call->state,
                       .planned_ns = planned + owner_->unix_offset_ns_,
                       .producer = number_});
  }
  const Version version = owner_->setup_->version;
  if (version == Version::k311) payload += stamp;  // it has no properties
  const Publish publish{.topic = topic,
                        .payload = payload,
                        .correlation = version == Version::k5 ? stamp : std::string_view(),
                        .id = message.qos > 0 ? NextId() : std::uint16_t{0},
                        .qos = message.qos,
                        .retain = message.retain};
  call->step = publish.id;
  call->progress = message.qos == 0 ? kSentAlone : kWaits;
  alone_ += message.qos == 0 ? 1 : 0;
  const std::size_t before = owner_->out().size();
  AppendPublish(publish, version, &owner_->out());
  call->AddSent(owner_->out().size() - before);
}

void MqttLine::Flush() {
  Write();
  FinishSent();
}

// Those that nobody answers have ended when the socket has all of them. One that is broken has
// taken nothing, which the line is told of a little later.
void MqttLine::FinishSent() {
  if (alone_ == 0 || lost() || UnsentBytes() != 0 || !transport().Error().empty()) return;
  alone_ = 0;
  const Ticks now = Clock::Now();
  for (Call* call = calls().First(); call != nullptr;) {
    Call* const next = LineCalls::Next(call);
    if (call->progress == kSentAlone) Answered(call, 0, now);
    call = next;
  }
}

// Its answer may still come, and is known by its number.
bool MqttLine::Abandon(Call* call) {
  const Message& message = owner_->messages_[call->op.statement];
  if (message.feed != nullptr) message.feed->ledger().Abandon(call->state);
  return call->progress != kSentAlone;
}

// ---- receiving ----

void MqttLine::OnReady(std::uint32_t events) {
  ByteLine::OnReady(events);
  if (stage_ == Stage::kOpen && !lost()) FinishSent();
}

// Whether a broker may send what begins so: for the rest of other things one would wait in vain.
bool MqttLine::IsPlausible(const Packet& packet) const {
  if (packet.size == 0) return true;  // nobody knows yet
  if (stage_ == Stage::kConnect) {
    return packet.size <= kLargestAnswer &&
           (packet.type == PacketType::kConnack || packet.type == PacketType::kDisconnect);
  }
  switch (packet.type) {
    case PacketType::kPublish:
      // One that receives nothing has subscribed to nothing; its session may have, in another run.
      return owner_->subscription_ != nullptr || !owner_->setup_->login.clean;
    case PacketType::kPubrel:
      return packet.flags == 2 && packet.size <= kLargestAnswer;
    case PacketType::kPuback:
    case PacketType::kPubrec:
    case PacketType::kPubcomp:
    case PacketType::kSuback:
    case PacketType::kPingresp:
    case PacketType::kDisconnect:
      return packet.flags == 0 && packet.size <= kLargestAnswer;
    default:
      return false;
  }
}

void MqttLine::Malformed() { owner_->Lost(this, "this is not MQTT"); }

std::size_t MqttLine::OnBytes(std::string_view in, bool) {
  std::size_t used = 0;
  while (used < in.size() && !lost()) {
    Packet packet;
    const Front front = ReadPacket(in.substr(used), &packet);
    if (front == Front::kMalformed || !IsPlausible(packet)) {
      Malformed();
      break;
    }
    if (front == Front::kIncomplete) break;
    used += packet.size;
    Take(packet);
  }
  if (lost()) {
    owner_->out().clear();
  } else if (!owner_->out().empty()) {
    Write();  // what has to be answered at once
  }
  return used;
}

void MqttLine::Take(const Packet& packet) {
  if (packet.type == PacketType::kDisconnect) {
    Ack why;
    ReadAck(packet, owner_->setup_->version, &why);
    return owner_->Lost(this, ReasonName(why.reason));
  }
  // A broker may send what it has for a subscription before it confirms it.
  if (packet.type == PacketType::kPublish && stage_ != Stage::kConnect) return TakePublish(packet);
  // And say that what it had sent in an earlier connection is whole.
  if (packet.type == PacketType::kPubrel && stage_ != Stage::kConnect) return TakeAnswer(packet);
  if (stage_ != Stage::kOpen) return TakeHello(packet);
  switch (packet.type) {
    case PacketType::kPuback:
    case PacketType::kPubrec:
    case PacketType::kPubrel:
    case PacketType::kPubcomp:
      return TakeAnswer(packet);
    case PacketType::kPingresp:
    case PacketType::kSuback:
      return;
    default:
      return Malformed();
  }
}

Call* MqttLine::Find(std::uint16_t id) const {
  Call* call = calls().First();
  while (call != nullptr && (call->progress == kSentAlone || IdOf(call) != id))
    call = LineCalls::Next(call);
  return call;
}

void MqttLine::TakeAnswer(const Packet& packet) {
  Ack ack;
  if (!ReadAck(packet, owner_->setup_->version, &ack)) return Malformed();
  if (packet.type == PacketType::kPubrel) {
    half_received_.erase(ack.id);
    return AppendAck(PacketType::kPubcomp, ack.id, &owner_->out());
  }
  Call* const call = Find(ack.id);
  if (call != nullptr) call->AddReceived(packet.size);
  const bool half_way = packet.type == PacketType::kPubrec && ack.reason < kFailures;
  if (half_way) {
    // Also for one that has run out of time, or the broker would keep its number.
    const std::size_t before = owner_->out().size();
    AppendAck(PacketType::kPubrel, ack.id, &owner_->out());
    if (call == nullptr) return;
    call->AddSent(owner_->out().size() - before);
    call->progress = kHalfWay;
  } else if (call != nullptr) {
    Answered(call, ack.reason, Clock::Now());
  }
}

void MqttLine::Answered(Call* call, std::uint8_t reason, Ticks now) {
  const Message& message = owner_->messages_[call->op.statement];
  const bool done = reason < kFailures;
  if (message.feed != nullptr) {
    if (done) {
      message.feed->ledger().Acknowledge(call->state, now);
    } else {
      message.feed->ledger().Abandon(call->state);
    }
  }
  Answer answer;
  if (!done) {
    owner_->last_message_ = ReasonName(reason);
    answer = {.outcome = IsRejection(reason) ? Outcome::kRejected : Outcome::kFailed,
              .error = owner_->errors().Code(owner_->last_message_)};
  }
  owner_->Finish(call, answer, now);
}

void MqttLine::TakePublish(const Packet& packet) {
  Publish publish;
  if (!ReadPublish(packet, owner_->setup_->version, &publish)) return Malformed();
  const Ticks now = Clock::Now();
  if (publish.qos == 1) AppendAck(PacketType::kPuback, publish.id, &owner_->out());
  if (publish.qos == 2) {
    AppendAck(PacketType::kPubrec, publish.id, &owner_->out());
    if (!half_received_.insert(publish.id).second) return;  // the broker sends it again
  }
  See(publish, now);
}

void MqttLine::See(const Publish& publish, Ticks now) {
  if (owner_->subscription_ == nullptr) return;
  std::string_view stamp = publish.correlation;
  if (owner_->setup_->version == Version::k311)
    stamp = publish.payload.substr(publish.payload.size() -
                                   std::min(publish.payload.size(), kStampSize));
  const std::string_view order = owner_->subscription_->shared ? "" : publish.topic;
  // A retained one comes again with each subscription, whoever has had it.
  owner_->subscription_->feed->See(publish.retain ? std::nullopt : UnpackStamp(stamp), order,
                                   publish.topic.size() + publish.payload.size(), now);
}

// ---- the session ----

MqttSession::MqttSession(const SessionPlan& plan, std::uint32_t depth,
                         std::shared_ptr<TlsContext> tls, Setup* setup,
                         const Subscription* subscription)
    : ByteSession(plan, depth, std::move(tls)),
      setup_(setup),
      subscription_(subscription),
      messages_(setup->messages[plan.phase]),
      unix_offset_ns_(UnixNs() - Clock::Now()) {}

std::unique_ptr<Line> MqttSession::NewLine(std::size_t group) {
  return std::make_unique<MqttLine>(this, group, setup_->clients++);
}

// What only the values of an op can make wrong.
std::uint16_t MqttSession::Refuse(const Op& op) {
  const Message& message = messages_[op.statement];
  if (!message.topic.IsConstant()) {
    topic_.clear();
    message.topic.AppendTo(op.arguments, &topic_);
    if (const std::string_view why = WrongTopic(topic_); !why.empty()) return errors().Code(why);
  }
  const std::size_t size = message.value ? message.value->SizeWith(op.arguments) : 0;
  if (size + 2 * 65'535 <= kLargest) return 0;
  return errors().Code("message larger than 256 MiB");
}

}  // namespace mbench::mqtt
