// SPDX-License-Identifier: Apache-2.0
//
// A statement of a workload file as this driver understands it: a message to a topic.
//
//   temperature:
//     produce: "plant/{machine}/temperature"
//     value: '{"celsius": {celsius}}'
//     qos: 1
//     consume: {filter: "plant/+/temperature", group: alarms, members: 2}
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "drivers/common/message_feed.h"
#include "drivers/common/message_words.h"
#include "drivers/statement_reader.h"

namespace mbench::mqtt {

// Who has to receive the messages.
struct Consume {
  std::string filter;
  std::string group;  // "": none, so that each member gets all
  std::uint32_t members = 1;
  std::uint8_t qos = 0;
  bool operator==(const Consume&) const = default;
};

struct Message {
  std::string statement;  // its name
  TextTemplate topic;
  std::optional<TextTemplate> value;
  std::uint8_t qos = 1;
  bool retain = false;
  std::optional<Consume> consume;
  MessageFeed* feed = nullptr;  // of consume; the driver's business
};

inline constexpr auto kConsumeWords = std::to_array<WordSpec>({
    {.name = "filter",
     .type = WordType::kText,
     .help =
         "topics that are received; not said: that of produce, with + for levels that are drawn",
     .example = "plant/#"},
    {.name = "group",
     .type = WordType::kText,
     .help = "of a shared subscription, whose members get each message once; not said: none",
     .example = "alarms"},
    MembersWord("clients in the group, each with a thread of its own"),
    {.name = "qos",
     .type = WordType::kChoice,
     .help = "of the subscription; not said: that of the message",
     .example = "1",
     .choices = "0|1|2"},
});

inline constexpr auto kWords = std::to_array<WordSpec>({
    {.name = "produce",
     .type = WordType::kTemplate,
     .help = "a topic to send a message to",
     .example = "\"plant/{machine}/temperature\"",
     .is_head = true,
     .where = kInStatement},
    {.name = "value",
     .type = WordType::kAny,
     .help = "of the message; not said: it has none, which takes a retained one away",
     .example = "'{\"celsius\": {celsius}}'",
     .where = kInStatement},
    {.name = "qos",
     .type = WordType::kChoice,
     .help = "0: sent and forgotten, 1: arrives once or more, 2: arrives once",
     .example = "2",
     .fallback = "1",
     .choices = "0|1|2",
     .where = kInStatement},
    {.name = "retain",
     .type = WordType::kFlag,
     .help = "the broker keeps it for who subscribes later",
     .example = "true",
     .fallback = "false",
     .where = kInStatement},
    {.name = "consume",
     .type = WordType::kMap,
     .help = "clients of this run that the messages have to come to",
     .example = "{filter: plant/#, group: alarms, members: 2}",
     .where = kInStatement,
     .words = kConsumeWords},
});

Message ReadMessage(const StatementSpec& spec, Complaints* complaints);
void CheckMessage(const StatementSpec& spec, Complaints* complaints);

// "plant/{machine}/temperature" -> "plant/+/temperature".
std::string FilterOf(std::string_view topic);

}  // namespace mbench::mqtt
