// SPDX-License-Identifier: Apache-2.0
//
// A statement of a workload file as this driver understands it: a message to a queue or an
// exchange.
//
//   order:
//     produce: "order.{country}"
//     exchange: shop
//     value: '{"id": {sequence}}'
//     consume: {queue: billing, bind: "order.*", prefetch: 200, members: 2}
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/common/message_feed.h"
#include "drivers/common/message_words.h"
#include "drivers/statement_reader.h"

namespace mbench::amqp {

// Who has to receive the messages.
struct Consume {
  std::string queue;
  std::uint32_t members = 1;
  std::uint16_t prefetch = 0;
  std::uint32_t ack_every = 0;  // 0: nothing is acknowledged
  bool operator==(const Consume&) const = default;
};

struct Message {
  std::string statement;  // its name
  TextTemplate key;       // the queue, or the routing key
  std::string exchange;   // "": the default one, which sends to the queue of that name
  TextTemplate value;
  bool persistent = true;
  std::string type;  // of its Queues; "": whatever they are
  std::optional<Consume> consume;
  std::string bind;             // the queue of `consume` to the exchange, by this key
  MessageFeed* feed = nullptr;  // of consume; the driver's business

  // Those that it names; one whose name is drawn is not among them.
  std::vector<std::string> Queues() const;
};

inline constexpr auto kConsumeWords = std::to_array<WordSpec>({
    {.name = "queue",
     .type = WordType::kText,
     .help = "where they are taken from; it is made when it is not there",
     .example = "billing",
     .required = true},
    {.name = "bind",
     .type = WordType::kText,
     .help = "by which routing keys the exchange sends to the queue; not said: that of produce, "
             "with * for words that are drawn",
     .example = "\"order.#\""},
    MembersWord("consumers of the queue, each with a connection and a thread of its own"),
    {.name = "prefetch",
     .type = WordType::kCount,
     .help = "messages that a consumer may have and not have acknowledged; 0: any number",
     .example = "50",
     .fallback = "200",
     .min = 0,
     .max = 65'535,
     .range = "0 to 65535"},
    {.name = "ack_every",
     .type = WordType::kCount,
     .help = "messages that are acknowledged together at most, when so many are in hand; 0: none "
             "is, and the server takes them for received when it has sent them",
     .example = "1",
     .fallback = "50",
     .min = 0,
     .max = 65'535,
     .range = "0 to 65535"},
});

inline constexpr auto kWords = std::to_array<WordSpec>({
    {.name = "produce",
     .type = WordType::kTemplate,
     .help = "a queue to send a message to, or with exchange a routing key",
     .example = "orders",
     .is_head = true,
     .where = kInStatement},
    {.name = "exchange",
     .type = WordType::kText,
     .help = "that the message is sent to; made as one of type topic when it is not there; not "
             "said: the default one, which sends to queues by their names",
     .example = "shop",
     .where = kInStatement},
    {.name = "value",
     .type = WordType::kAny,
     .help = "of the message; not said: it is empty",
     .example = "'{\"id\": {sequence}}'",
     .where = kInStatement},
    {.name = "persistent",
     .type = WordType::kFlag,
     .help = "whether the message outlives the server, in queues that do",
     .example = "false",
     .fallback = "true",
     .where = kInStatement},
    {.name = "type",
     .type = WordType::kChoice,
     .help = "of the queues that are named here: they are made so, and refused when they are there "
             "and are others; not said: used as they are, or made as classic ones",
     .example = "quorum",
     .choices = "classic|quorum|stream",
     .where = kInStatement},
    {.name = "consume",
     .type = WordType::kMap,
     .help = "consumers of this run that the messages have to come to",
     .example = "{queue: orders, prefetch: 50, members: 2}",
     .where = kInStatement,
     .words = kConsumeWords},
});

Message ReadMessage(const StatementSpec& spec, Complaints* complaints);
void CheckMessage(const StatementSpec& spec, Complaints* complaints);

// "order.{country}.{city}-{id}" -> "order.*.*".
std::string BindingOf(std::string_view key);

}  // namespace mbench::amqp
