// SPDX-License-Identifier: Apache-2.0
//
// Connections to a NATS server, of one worker.
//
//     <- INFO [TLS]   CONNECT SUB.. PING -> <- PONG          the hello
//
//     core        PUB PUB PUB PING ->  <- PONG               ends with the PONG behind it
//     JetStream   PUB with an inbox ->  <- MSG to the inbox  ends with that answer
//     pull        SUB PUB ->  <- MSG .. MSG  UNSUB ->        ends with the last of what there is
//
// A server says nothing of a message that it has taken, but answers a PING when all before it is
// done: so the messages that leave together have one behind them, and none waits for another's
// round trip. What has gone wrong with one comes before the PONG.
//
// Messages and inboxes are numbered, so a late answer is told from the one that is waited for: a
// message that runs out of time does not end its connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/byte_line.h"
#include "drivers/common/message_feed.h"
#include "drivers/nats/nats_protocol.h"
#include "drivers/nats/nats_statement.h"
#include "drivers/statement_set.h"

namespace mbench::nats {

// What all connections of a run share; stays as it is while they are there.
struct Setup {
  Login login;
  std::uint64_t run = 0;
  ByPhase<std::vector<Message>> messages;
  std::atomic<std::uint32_t> lines{0};  // made so far
};

// What a connection receives.
struct Subscription {
  std::string subject;
  std::string queue;       // "": none
  bool ordered = false;    // nobody shares it, so that what comes has an order
  bool jetstream = false;  // has to be acknowledged
  MessageFeed* feed = nullptr;
  std::atomic<std::uint64_t>* redelivered = nullptr;
};

// What a session is for.
struct Role {
  const Subscription* subscription = nullptr;  // it receives
  bool asks = false;  // ops are requests: Op::key is the subject, Op::value the payload
};

class NatsLine final : public ByteLine {
 public:
  NatsLine(class NatsSession* session, std::size_t group, std::uint32_t number);

 private:
  enum class Stage : std::uint8_t { kInfo, kTls, kHello, kOpen };

  void OnOpen() override;
  std::size_t OnBytes(std::string_view in, bool at_end) override;
  void OnEnd(std::string_view why) override;
  void Send(Call* call) override;
  void Flush() override;
  bool Abandon(Call* call) override;
  void Disconnect() override;

  void Take(const Event& event, Ticks now);
  void TakeInfo(std::string_view json);
  void SayHello();
  void TakePong(Ticks now);
  void TakeError(std::string_view text, Ticks now);
  void TakeMessage(const Event& event, Ticks now);
  void TakeAnswer(const Event& event, Ticks now);
  void See(const Event& event, Ticks now);
  void SendMessage(Call* call, const Message& message);
  void SendRequest(Call* call);
  void SendPull(Call* call, const PullGroup& from);
  void TakePulled(const Event& event, Ticks now);
  void EndPull(Call* call, Ticks now);
  void Unsubscribe(const Call* call);
  std::string_view Inbox(std::uint32_t number) const;  // until the next one
  // That waits for `progress`; nullptr: it has run out of time.
  Call* FindCall(std::uint32_t number, std::uint32_t progress) const;
  Call* FindSent(std::string_view subject) const;
  // `error`: 0: the server has the message.
  void Answered(Call* call, std::uint16_t error, bool rejected, Ticks now);
  void ForgetMessage(const Call* call);
  void Malformed();

  NatsSession* const owner_;
  const std::uint32_t number_;
  const std::string inbox_;  // what the subjects of its answers begin with
  Stage stage_ = Stage::kInfo;
  std::uint32_t sent_ = 0;           // messages and requests; numbers of calls
  bool wants_ping_ = false;          // some of them have no PING behind them yet
  std::deque<std::uint32_t> pings_;  // for each that was not answered: the last message before it
  std::string last_error_;           // that a server said before it closed
};

class NatsSession final : public ByteSession {
 public:
  // `setup` outlives it.
  NatsSession(const SessionPlan& plan, std::uint32_t depth, std::shared_ptr<TlsContext> tls,
              Setup* setup, const Role& role);

  const ServerInfo& info() const { return info_; }  // as said last
  std::string LastMessage() const override { return last_message_; }

 private:
  friend class NatsLine;
  std::unique_ptr<Line> NewLine(std::size_t group) override;
  std::uint16_t Refuse(const Op& op) override;
  // Of the message of `op`, without a stamp. False: a value breaks it.
  bool MakeHeaders(const Message& message, const Op& op);

  Setup* const setup_;
  const Role role_;
  const bool has_tls_;
  const std::vector<Message>& messages_;
  const bool needs_headers_;
  const bool has_inbox_;               // some answers are messages
  const std::int64_t unix_offset_ns_;  // of ticks
  ServerInfo info_;
  std::string subject_, reply_, headers_, payload_;  // of the message at hand
  std::string last_message_;
};

}  // namespace mbench::nats
