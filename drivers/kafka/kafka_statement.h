// SPDX-License-Identifier: Apache-2.0
//
// A statement of a workload file as this driver understands it: a message to a topic.
//
//   order:
//     produce: orders
//     key: "c-{customer}"
//     value: '{"id": {sequence}, "total": {amount}}'
//     headers: {trace: "{uuid}"}
//     consume: {group: billing, members: 3}
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "drivers/kafka/kafka_feed.h"
#include "drivers/statement_reader.h"

namespace mbench::kafka {

struct MessageHeader {
  std::string name;
  TextTemplate value;
};

struct Message {
  std::string statement;  // its name
  std::string topic;
  std::optional<TextTemplate> key, value;  // not said: null
  std::vector<MessageHeader> headers;
  std::optional<TextTemplate> partition;  // not said: the partitioner chooses
  std::optional<Consume> consume;
  Feed* feed = nullptr;  // of consume; the driver's business
};

inline constexpr auto kConsumeWords = std::to_array<WordSpec>({
    {.name = "group",
     .type = WordType::kText,
     .help = "name of the consumer group",
     .example = "billing",
     .required = true},
    {.name = "members",
     .type = WordType::kCount,
     .help = "consumers in it, each with a thread and connections of its own",
     .example = "3",
     .fallback = "1",
     .min = 1,
     .max = 1000,
     .range = "1 to 1000"},
    {.name = "from",
     .type = WordType::kChoice,
     .help = "where it begins: with what is sent from now on, with all that is there, or where it "
             "was when it ended",
     .example = "beginning",
     .fallback = "end",
     .choices = "end|beginning|committed"},
});

inline constexpr auto kWords = std::to_array<WordSpec>({
    {.name = "produce",
     .type = WordType::kText,
     .help = "a topic to send a message to",
     .example = "orders",
     .is_head = true,
     .where = kInStatement},
    {.name = "key",
     .type = WordType::kTemplate,
     .help = "of the message; not said: it has none",
     .example = "\"c-{customer}\"",
     .where = kInStatement},
    {.name = "value",
     .type = WordType::kAny,
     .help = "of the message; not said: it has none (a tombstone)",
     .example = "'{\"id\": {sequence}}'",
     .where = kInStatement},
    {.name = "headers",
     .type = WordType::kMap,
     .help = "names and texts",
     .example = "{trace: \"{uuid}\"}",
     .where = kInStatement},
    {.name = "partition",
     .type = WordType::kInteger,
     .help = "where it goes; not said: the partitioner chooses",
     .example = "3",
     .min = 0,
     .max = 1'000'000,
     .range = "0 to 1M",
     .generated = true,
     .where = kInStatement},
    {.name = "consume",
     .type = WordType::kMap,
     .help = "a group of consumers of this run that the messages have to come to",
     .example = "{group: billing, members: 3}",
     .where = kInStatement,
     .words = kConsumeWords},
});

Message ReadMessage(const StatementSpec& spec, Complaints* complaints);
void CheckMessage(const StatementSpec& spec, Complaints* complaints);

}  // namespace mbench::kafka
