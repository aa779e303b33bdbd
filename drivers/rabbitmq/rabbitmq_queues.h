// SPDX-License-Identifier: Apache-2.0
//
// Queues and exchanges that statements name: whether they are there, what they are, whose they are.
//
// A queue that is made here gets a mark: an exchange `mbench.made.QUEUE` that nobody can send to,
// to which it is bound, and which the server removes with it. Any client can see whether it is
// there, which it cannot of the arguments of a queue.
//
// Thread: that of the session. Everything blocks, for a time-out at most.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/rabbitmq/amqp_session.h"

namespace mbench::amqp {

struct QueueFacts {
  std::string type;  // "classic", "quorum", "stream"; "": nobody says
  bool made_now = false;
  bool is_ours = false;  // made now, or by an earlier run
  QueueState state = {};
};

// By one connection for those who ask. REQUIRES: it was started, and its plan wants values.
class Queues {
 public:
  Queues(AmqpSession* session, Ticks timeout) : session_(session), timeout_(timeout) {}

  // Makes it when it is not there. `type`: what it has to be; "": whatever it is, or classic.
  // Fails when it is another, or may not be made, with what to do.
  Result<QueueFacts> Find(const std::string& queue, const std::string& type);
  // Makes one of type topic when it is not there.
  Status FindExchange(const std::string& exchange);
  Status Bind(const std::string& queue, const std::string& exchange, const std::string& key);
  // nullopt: it is not there, or does not answer.
  std::optional<QueueState> Look(const std::string& queue);

 private:
  Result<std::string> Ask(const std::string& frame);
  Result<QueueState> Declare(const std::string& queue, const std::string& type, bool passive);
  Status Make(const std::string& queue, const std::string& type, QueueFacts* facts);
  Status LearnType(const std::string& queue, const std::string& type, QueueFacts* facts);
  bool HasExchange(const std::string& exchange);

  AmqpSession* const session_;
  const Ticks timeout_;
};

// Why a queue cannot be called so, or "" when it can.
std::string_view WrongQueueName(std::string_view name);

// Of what the server answers to a declaration that does not fit: "inequivalent arg 'x-queue-type'
// ... but current is ...". "": it is about something else.
std::string TypeIn(std::string_view refusal);

}  // namespace mbench::amqp
