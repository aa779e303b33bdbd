// SPDX-License-Identifier: Apache-2.0
//
// A statement of a workload file as this driver understands it: a message to a topic, or a look at
// one for messages.
//
//   order:
//     produce: orders
//     key: "c-{customer}"
//     value: '{"id": {sequence}, "total": {amount}}'
//     headers: {trace: "{uuid}"}
//     consume: {group: billing, members: 3}
//   read:
//     consume: {topic: orders, group: audit, from: beginning, until: end}
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "drivers/common/message_words.h"
#include "drivers/kafka/kafka_feed.h"
#include "drivers/statement_reader.h"
#include "harness/base/clock.h"

namespace mbench::kafka {

class GroupPolls;

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
  // The driver's business. Of consume beside produce:
  Feed* feed = nullptr;
  // and of consume alone:
  GroupPolls* polls = nullptr;

  bool Sends() const { return !consume || !consume->alone; }
};

inline constexpr WordSpec kGroupWord = {.name = "group",
                                        .type = WordType::kText,
                                        .help = "name of the consumer group",
                                        .example = "billing",
                                        .required = true};
inline constexpr WordSpec kMembersWord =
    MembersWord("consumers in it, each with a thread and connections of its own");
constexpr WordSpec FromWord(std::string_view fallback) {
  return {.name = "from",
          .type = WordType::kChoice,
          .help =
              "where it begins: with what is sent from now on, with all that is there, or where "
              "it was when it ended",
          .example = "beginning",
          .fallback = fallback,
          .choices = "end|beginning|committed"};
}

// Beside produce.
inline constexpr auto kConsumeWords =
    std::to_array<WordSpec>({kGroupWord, kMembersWord, FromWord("end")});

// Alone.
inline constexpr auto kReadWords = std::to_array<WordSpec>({
    {.name = "topic",
     .type = WordType::kText,
     .help = "the topic that is read",
     .example = "orders",
     .required = true},
    kGroupWord,
    kMembersWord,
    FromWord("beginning"),
    kUntilWord,
    MostWord(1'000'000, "1 to 1M"),
    WaitWord(kMillisecond, "1ms to 1h"),
});

inline constexpr auto kWords = std::to_array<WordSpec>({
    {.name = "produce",
     .type = WordType::kText,
     .help = "a topic to send a message to",
     .example = "orders",
     .is_head = true,
     .where = kInStatement},
    {.name = "consume",
     .type = WordType::kMap,
     .help = "messages to take out of a topic, as a member of a group",
     .example = "{topic: orders, group: audit, from: beginning}",
     .is_head = true,
     .of = "consume",
     .where = kInStatement,
     .words = kReadWords},
    {.name = "key",
     .type = WordType::kTemplate,
     .help = "of the message; not said: it has none",
     .example = "\"c-{customer}\"",
     .of = "produce",
     .where = kInStatement},
    {.name = "value",
     .type = WordType::kAny,
     .help = "of the message; not said: it has none (a tombstone)",
     .example = "'{\"id\": {sequence}}'",
     .of = "produce",
     .where = kInStatement},
    {.name = "headers",
     .type = WordType::kMap,
     .help = "names and texts",
     .example = "{trace: \"{uuid}\"}",
     .of = "produce",
     .where = kInStatement},
    {.name = "partition",
     .type = WordType::kInteger,
     .help = "where it goes; not said: the partitioner chooses",
     .example = "3",
     .min = 0,
     .max = 1'000'000,
     .range = "0 to 1M",
     .of = "produce",
     .generated = true,
     .where = kInStatement},
    {.name = "consume",
     .type = WordType::kMap,
     .help = "a group of consumers of this run that the messages have to come to",
     .example = "{group: billing, members: 3}",
     .of = "produce",
     .where = kInStatement,
     .words = kConsumeWords},
});

Message ReadMessage(const StatementSpec& spec, Complaints* complaints);
void CheckMessage(const StatementSpec& spec, Complaints* complaints);

}  // namespace mbench::kafka
