// SPDX-License-Identifier: Apache-2.0
//
// A statement of a workload file as this driver understands it: a message to a subject, or a look
// at a stream for messages (nats_pull.h).
//
//   order:
//     produce: "orders.{region}"
//     value: '{"total": {amount}}'
//     headers: {trace: "{uuid}"}
//     stream: {name: ORDERS, storage: file}                    # JetStream; not said: core NATS
//     consume: {filter: "orders.*", group: billing, members: 2}
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/common/message_feed.h"
#include "drivers/common/message_words.h"
#include "drivers/nats/nats_pull.h"
#include "drivers/statement_reader.h"
#include "harness/base/clock.h"

namespace mbench::nats {

// The header of a message by which it is known again.
inline constexpr std::string_view kStampName = "Mbench-Stamp";

// The stream that keeps the messages; what it says beside its name counts when we make it.
struct Stream {
  std::string name;
  std::string storage = "file";
  std::uint32_t replicas = 1;
  Ticks max_age = kHour;
  bool operator==(const Stream&) const = default;
};

// Who has to receive the messages.
struct Consume {
  std::string filter;
  std::string group;  // "": none, so that it is one who gets all
  std::uint32_t members = 1;
  Ticks ack_wait = 0;
  std::string stream;  // "": of core NATS
  bool operator==(const Consume&) const = default;
};

struct MessageHeader {
  std::string name;
  TextTemplate value;
};

struct Message {
  std::string statement;  // its name
  TextTemplate subject;
  std::string subjects;  // all it may be, with * for what is drawn
  std::optional<TextTemplate> value;
  std::vector<MessageHeader> headers;
  std::optional<Stream> stream;
  std::optional<Consume> consume;
  std::optional<Pull> pull;  // consume alone; then there is nothing of the above
  // The driver's business:
  MessageFeed* feed = nullptr;  // of consume
  PullGroup* pulled = nullptr;  // of pull
};

inline constexpr auto kStreamWords = std::to_array<WordSpec>({
    {.name = "name",
     .type = WordType::kText,
     .help = "of the stream",
     .example = "ORDERS",
     .required = true},
    {.name = "storage",
     .type = WordType::kChoice,
     .help = "where one that we make keeps its messages",
     .example = "memory",
     .fallback = "file",
     .choices = "file|memory"},
    {.name = "replicas",
     .type = WordType::kCount,
     .help = "servers of a cluster that keep one that we make",
     .example = "3",
     .fallback = "1",
     .min = 1,
     .max = 5,
     .range = "1 to 5"},
    {.name = "max_age",
     .type = WordType::kDuration,
     .help = "how long one that we make keeps a message",
     .example = "10m",
     .fallback = "1h",
     .min = kSecond,
     .max = 365 * 24 * kHour,
     .range = "1s to 1 year"},
});

inline constexpr WordSpec kAckWaitWord = {
    .name = "ack_wait",
    .type = WordType::kDuration,
    .help = "of a stream: when what was not acknowledged is delivered again",
    .example = "5s",
    .fallback = "30s",
    .min = 100 * kMillisecond,
    .max = kHour,
    .range = "100ms to 1h"};

// Beside produce.
inline constexpr auto kConsumeWords = std::to_array<WordSpec>({
    {.name = "filter",
     .type = WordType::kText,
     .help = "subjects that are received; not said: that of produce, with * for what is drawn",
     .example = "orders.>"},
    {.name = "group",
     .type = WordType::kText,
     .help =
         "a queue group, with a stream a durable consumer, whose members get each message once; "
         "not said: none",
     .example = "billing"},
    MembersWord("clients in the group, each with a thread of its own"),
    kAckWaitWord,
});

// Alone.
inline constexpr auto kPullWords = std::to_array<WordSpec>({
    {.name = "stream",
     .type = WordType::kText,
     .help = "the stream that is read",
     .example = "ORDERS",
     .required = true},
    {.name = "group",
     .type = WordType::kText,
     .help = "name of its durable consumer, which all connections share",
     .example = "audit",
     .required = true},
    {.name = "filter",
     .type = WordType::kText,
     .help = "subjects that are read; not said: all of the stream",
     .example = "orders.>"},
    {.name = "from",
     .type = WordType::kChoice,
     .help = "where it begins: with all that is there, or with what is sent from now on",
     .example = "beginning",
     .fallback = "beginning",
     .choices = "beginning|end"},
    kUntilWord,
    MostWord(10'000, "1 to 10k"),
    WaitWord(10 * kMillisecond, "10ms to 1h"),
    kAckWaitWord,
});

inline constexpr auto kWords = std::to_array<WordSpec>({
    {.name = "produce",
     .type = WordType::kTemplate,
     .help = "a subject to send a message to",
     .example = "\"orders.{region}\"",
     .is_head = true,
     .where = kInStatement},
    {.name = "consume",
     .type = WordType::kMap,
     .help = "messages to take out of a stream",
     .example = "{stream: ORDERS, group: audit, until: end}",
     .is_head = true,
     .of = "consume",
     .where = kInStatement,
     .words = kPullWords},
    {.name = "value",
     .type = WordType::kAny,
     .help = "of the message; not said: it is empty",
     .example = "'{\"total\": {amount}}'",
     .of = "produce",
     .where = kInStatement},
    {.name = "headers",
     .type = WordType::kMap,
     .help = "names and texts",
     .example = "{trace: \"{uuid}\"}",
     .of = "produce",
     .where = kInStatement},
    {.name = "stream",
     .type = WordType::kTextOrMap,
     .help = "of JetStream, which keeps and acknowledges the message; not said: core NATS",
     .example = "ORDERS",
     .of = "produce",
     .where = kInStatement,
     .words = kStreamWords},
    {.name = "consume",
     .type = WordType::kMap,
     .help = "clients of this run that the messages have to come to",
     .example = "{filter: orders.>, group: billing, members: 2}",
     .of = "produce",
     .where = kInStatement,
     .words = kConsumeWords},
});

Message ReadMessage(const StatementSpec& spec, Complaints* complaints);
void CheckMessage(const StatementSpec& spec, Complaints* complaints);
// What several statements say together.
void CheckRun(const OptionValues&, const RunWants& wants, Complaints* complaints);

// "orders.{region}.new" -> "orders.*.new".
std::string FilterOf(const TextTemplate& subject);

}  // namespace mbench::nats
