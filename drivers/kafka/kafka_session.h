// SPDX-License-Identifier: Apache-2.0
//
// The producer of one worker. Its threads send and receive; what has become of messages (delivery
// reports) waits in its queue, which signals the descriptor that the session waits on.
//
//     Submit -> Start -> rd_kafka_produce -> librdkafka's queue -> (linger) -> a batch to a broker
//     Poll   -> Pump  <- delivery reports <------------------------------------- its answer
//
// A message is started when librdkafka has taken it, and finished when its report is read. While
// librdkafka's queue is full nothing is taken: the message is offered again, and its time goes on.
//
// An op that asks for messages goes to the members of its group (kafka_polls.h); a run that has no
// other has no producer.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "drivers/common/callback_session.h"
#include "drivers/kafka/kafka_client.h"
#include "drivers/kafka/kafka_polls.h"
#include "drivers/kafka/kafka_statement.h"
#include "drivers/kafka/kafka_statistics.h"
#include "drivers/statement_set.h"

namespace mbench::kafka {

// What all sessions of a run share; stays as it is while they are there.
struct Setup {
  ByPhase<std::vector<Message>> messages;
  Statistics statistics;
};

class KafkaSession final : public CallbackSession {
 public:
  // Fails with kUsage when the properties do not go together. `setup` outlives it.
  static Result<std::unique_ptr<KafkaSession>> Start(const SessionPlan& plan, Properties properties,
                                                     Setup* setup, std::uint32_t number);
  ~KafkaSession() override;

  std::string LastMessage() const override { return last_fault_; }

 private:
  // A message that librdkafka has; handed to it as a pointer.
  struct Sent {
    CallbackToken token{0, 0};
    Feed* feed = nullptr;
    std::uint64_t number = 0;  // in the feed
    std::uint32_t bytes = 0;
  };

  KafkaSession(const SessionPlan& plan, Setup* setup, std::uint32_t number);
  Status MakeProducer(Properties properties);
  bool Start(const Op& op, CallbackToken token) override;
  void Pump(Ticks until) override;

  void Render(const Message& message, const Op& op);
  rd_kafka_resp_err_t Produce(std::size_t index, const Message& message, const Op& op, Sent* sent);
  rd_kafka_resp_err_t ProduceWithHeaders(std::size_t index, const Message& message, const Op& op,
                                         std::int32_t partition, Sent* sent);
  bool Serve();
  void Delivered(const rd_kafka_message_t& message);
  void End(Sent* sent, rd_kafka_resp_err_t error);
  Sent* TakeSent();

  const std::vector<Message>& messages_;
  Statistics* const statistics_;
  const std::uint32_t number_;
  const std::int64_t unix_offset_ns_;  // of ticks
  std::deque<Sent> sent_;
  std::vector<Sent*> free_;
  std::string key_, value_, header_;
  std::string last_fault_;
  ClientPtr client_;
  QueuePtr queue_;
  std::vector<TopicPtr> topics_;  // by statement; nullptr: it sends nothing
};

}  // namespace mbench::kafka
