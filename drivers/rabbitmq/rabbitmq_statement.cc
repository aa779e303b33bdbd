// SPDX-License-Identifier: Apache-2.0
#include "drivers/rabbitmq/rabbitmq_statement.h"

#include <fmt/format.h>

#include "drivers/rabbitmq/amqp_frames.h"
#include "drivers/rabbitmq/rabbitmq_queues.h"
#include "harness/base/text.h"

namespace mbench::amqp {
namespace {

void ReadTarget(StatementReader* reader, Message* message) {
  const ValueNode* const key = reader->Find("produce");
  const ValueNode* const exchange = reader->Find("exchange");
  if (exchange != nullptr) {
    if (const std::string_view why = WrongName(exchange->text); !why.empty())
      reader->Complain(*exchange, fmt::format("the exchange's {}", why));
    message->exchange = exchange->text;
  }
  if (key == nullptr) return;
  message->key = reader->Parse(key->text, *key);
  if (exchange == nullptr && message->key.IsConstant()) {
    if (const std::string_view why = WrongQueueName(key->text); !why.empty())
      reader->Complain(*key, fmt::format("the queue's {}", why));
  } else if (key->text.size() > kLongestName) {
    reader->Complain(*key, "the routing key is longer than 255 bytes");
  }
}

void ReadConsume(StatementReader* reader, Message* message) {
  const ValueNode* const said = reader->Find("consume");
  if (said == nullptr) return;
  const WordMap words(kConsumeWords, said);
  const ValueNode* const queue = words.Find("queue");
  const ValueNode* const bind = words.Find("bind");
  const ValueNode* const key = reader->Find("produce");
  if (queue == nullptr) return;  // which was told
  Consume consume{.queue = queue->text,
                  .members = static_cast<std::uint32_t>(words.Count("members")),
                  .prefetch = static_cast<std::uint16_t>(words.Count("prefetch")),
                  .ack_every = static_cast<std::uint32_t>(words.Count("ack_every"))};
  if (const std::string_view why = WrongQueueName(queue->text); !why.empty())
    reader->Complain(*queue, fmt::format("the queue's {}", why));
  if (bind != nullptr && message->exchange.empty())
    reader->Complain(*bind,
                     "the default exchange sends to queues by their names, and none can be "
                     "bound to it; say exchange, or leave out bind");
  if (bind != nullptr && bind->text.size() > kLongestName)
    reader->Complain(*bind, "the binding key is longer than 255 bytes");
  if (consume.prefetch != 0 && consume.ack_every > consume.prefetch)
    consume.ack_every = consume.prefetch;
  if (message->type == "stream" && (consume.prefetch == 0 || consume.ack_every == 0))
    reader->Complain(*said,
                     "consumers of a stream need a prefetch, and acknowledge; say more than "
                     "0 of prefetch and ack_every");
  message->bind = bind != nullptr ? bind->text : BindingOf(key != nullptr ? key->text : "");
  message->consume = std::move(consume);
}

}  // namespace

std::string BindingOf(std::string_view key) {
  std::string binding;
  for (const std::string_view word : Split(key, '.')) {
    if (word.data() != key.data()) binding += '.';
    binding += TextTemplate::Names(word).empty() ? word : std::string_view("*");
  }
  return binding;
}

std::vector<std::string> Message::Queues() const {
  std::vector<std::string> queues;
  if (exchange.empty() && key.IsConstant()) key.AppendTo({}, &queues.emplace_back());
  if (consume) queues.push_back(consume->queue);
  return queues;
}

Message ReadMessage(const StatementSpec& spec, Complaints* complaints) {
  StatementReader reader({"rabbitmq", kWords}, spec, complaints);
  Message message{.statement = spec.name};
  ReadTarget(&reader, &message);
  if (const ValueNode* const value = reader.Find("value"))
    message.value = reader.Parse(TextOf(*value), *value);
  message.persistent = reader.Flag("persistent");
  message.type = reader.Text("type");
  ReadConsume(&reader, &message);
  return message;
}

void CheckMessage(const StatementSpec& spec, Complaints* complaints) {
  (void)ReadMessage(spec, complaints);
}

}  // namespace mbench::amqp
