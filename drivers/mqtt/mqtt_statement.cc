// SPDX-License-Identifier: Apache-2.0
#include "drivers/mqtt/mqtt_statement.h"

#include <fmt/format.h>

#include "drivers/mqtt/mqtt_packets.h"
#include "harness/base/text.h"

namespace mbench::mqtt {
namespace {

std::uint8_t QosOf(std::string_view text, std::uint8_t fallback) {
  return text.size() == 1 ? static_cast<std::uint8_t>(text[0] - '0') : fallback;
}

void ReadTopic(StatementReader* reader, Message* message) {
  const ValueNode* const topic = reader->Find("produce");
  if (topic == nullptr) return;
  message->topic = reader->Parse(topic->text, *topic);
  if (const std::string_view why = WrongTopic(topic->text); !why.empty())
    reader->Complain(*topic, fmt::format("the {}", why));
}

void ReadConsume(StatementReader* reader, Message* message) {
  const ValueNode* const said = reader->Find("consume");
  if (said == nullptr) return;
  const WordMap words(kConsumeWords, said);
  const ValueNode* const filter = words.Find("filter");
  const ValueNode* const group = words.Find("group");
  const ValueNode* const topic = reader->Find("produce");
  Consume consume{.filter = filter != nullptr ? filter->text : FilterOf(topic ? topic->text : "x"),
                  .group = words.Text("group"),
                  .members = static_cast<std::uint32_t>(words.Count("members")),
                  .qos = QosOf(words.Text("qos"), message->qos)};
  if (const std::string_view why = WrongFilter(consume.filter); filter != nullptr && !why.empty())
    reader->Complain(*filter, std::string(why));
  if (group != nullptr && consume.group.find_first_of("/+#") != std::string::npos)
    reader->Complain(*group, fmt::format("{} is no name of a group; it may not have /, + and #",
                                         Quote(consume.group)));
  if (consume.members > 1 && consume.group.empty())
    reader->Complain(*said, fmt::format("{} members without a group would each get every message; "
                                        "name a group, whose members share them",
                                        consume.members));
  message->consume = std::move(consume);
}

}  // namespace

std::string FilterOf(std::string_view topic) {
  std::string filter;
  for (const std::string_view level : Split(topic, '/')) {
    if (!filter.empty() || level.data() != topic.data()) filter += '/';
    filter += TextTemplate::Names(level).empty() ? level : std::string_view("+");
  }
  return filter;
}

Message ReadMessage(const StatementSpec& spec, Complaints* complaints) {
  StatementReader reader({"mqtt", kWords}, spec, complaints);
  Message message{.statement = spec.name};
  ReadTopic(&reader, &message);
  if (const ValueNode* const value = reader.Find("value"))
    message.value = reader.Parse(TextOf(*value), *value);
  message.qos = QosOf(reader.Text("qos"), 1);
  message.retain = reader.Flag("retain");
  ReadConsume(&reader, &message);
  return message;
}

void CheckMessage(const StatementSpec& spec, Complaints* complaints) {
  (void)ReadMessage(spec, complaints);
}

}  // namespace mbench::mqtt
