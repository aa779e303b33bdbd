// SPDX-License-Identifier: Apache-2.0
//
// Connections to RabbitMQ of one worker, one consumer, or one who asks.
//
//     a worker     messages of statements; each ends with the confirm of the server
//     a consumer   takes messages out of a queue and lets its feed see them; has no ops
//     who asks     op.value is a method as a frame, and its answer comes back as the value
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "drivers/common/byte_line.h"
#include "drivers/common/message_feed.h"
#include "drivers/rabbitmq/amqp_frames.h"
#include "drivers/rabbitmq/rabbitmq_statement.h"
#include "drivers/statement_set.h"

namespace mbench::amqp {

// When the server took nothing from connections that send, for being short of memory or disk.
// Thread: any.
class Alarms {
 public:
  void Begin(std::string_view reason);
  void End(Ticks since);

  struct Account {
    std::uint64_t now = 0, times = 0;  // connections
    Ticks longest = 0;                 // of those that are over
    std::string reason;                // of the last one
  };
  Account Look() const;

 private:
  mutable std::mutex mutex_;
  Account account_;
};

// What all connections of a run share; stays as it is while they are there.
struct Setup {
  Login login;
  std::uint64_t run = 0;
  ByPhase<std::vector<Message>> messages;
  std::atomic<std::uint32_t> lines{0};  // made so far
  Alarms alarms;
};

// Of a queue, by one connection.
struct Subscription {
  std::string queue;
  std::uint16_t prefetch = 0;
  std::uint32_t ack_every = 0;
  bool shared = false;  // with other consumers, so that nothing comes in an order
  MessageFeed* feed = nullptr;
  std::atomic<std::uint64_t>* redelivered = nullptr;
};

class AmqpSession final : public ByteSession {
 public:
  enum class Role : std::uint8_t { kSend, kReceive, kAsk };

  // `setup`, and `subscription` of one that receives, outlive it.
  AmqpSession(const SessionPlan& plan, std::uint32_t depth, std::shared_ptr<TlsContext> tls,
              Setup* setup, Role role, const Subscription* subscription = nullptr);
  // Says good-bye on every connection, and waits half a second at most for the servers to do so.
  ~AmqpSession() override;

  std::string LastMessage() const override { return last_message_; }
  // What the server calls itself: "RabbitMQ 3.10.8".
  const std::string& ServerName() const { return server_; }

 private:
  friend class AmqpLine;
  std::unique_ptr<Line> NewLine(std::size_t group) override;
  std::uint16_t Refuse(const Op& op) override;

  Setup* const setup_;
  const Role role_;
  const Subscription* const subscription_;
  const std::vector<Message>& messages_;
  const std::int64_t unix_offset_ns_;  // of ticks
  std::vector<class AmqpLine*> lines_;
  std::string key_, payload_;  // of the message at hand
  std::string last_message_, server_;
};

}  // namespace mbench::amqp
