// SPDX-License-Identifier: Apache-2.0
#include "drivers/kafka/kafka_statement.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"

namespace mbench::kafka {
namespace {

constexpr std::size_t kLongestTopic = 249;  // as Kafka has it

bool IsTopicCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::string WhyNoTopic(std::string_view name) {
  if (name.empty()) return "the name of the topic is empty";
  if (!TextTemplate::Names(name).empty()) return "the topic cannot come from a generator";
  if (name.size() > kLongestTopic || name == "." || name == ".." ||
      !std::ranges::all_of(name, IsTopicCharacter)) {
    return fmt::format(
        "{} is no name of a topic; it may have letters, digits, '.', '_' and '-', {} at most",
        Quote(name), kLongestTopic);
  }
  return "";
}

void ReadTopic(const ValueNode* topic, StatementReader* reader, Message* message) {
  if (topic == nullptr) return;
  message->topic = topic->text;
  if (const std::string why = WhyNoTopic(topic->text); !why.empty()) reader->Complain(*topic, why);
}

void ReadHeaders(StatementReader* reader, Message* message) {
  const ValueNode* const headers = reader->Find("headers");
  if (headers == nullptr) return;
  for (const ValueNode& header : headers->children) {
    if (header.key == kStampName) {
      reader->complaints()->Add(header.key_place,
                                fmt::format("the header '{}' is the driver's own business; give it "
                                            "another name",
                                            kStampName));
    } else if (!header.IsScalar()) {
      reader->Complain(header, fmt::format("the header {} is no text", Quote(header.key)));
    } else {
      message->headers.push_back({header.key, reader->Parse(header.text, header)});
    }
  }
}

void ReadConsume(StatementReader* reader, Message* message) {
  const ValueNode* const said = reader->Find("consume");
  if (said == nullptr) return;
  const WordMap words(kConsumeWords, said);
  const ValueNode* const group = words.Find("group");
  if (group == nullptr) return;
  if (group->text.empty()) reader->Complain(*group, "the name of the group is empty");
  message->consume = {.group = group->text,
                      .members = static_cast<int>(words.Count("members")),
                      .from = words.Text("from")};
}

// Consume alone.
void ReadRead(StatementReader* reader, Message* message) {
  message->consume = {.alone = true};  // whatever is wrong with it
  const ValueNode* const said = reader->Find("consume");
  if (said == nullptr) return;
  const WordMap words(kReadWords, said);
  ReadTopic(words.Find("topic"), reader, message);
  if (const ValueNode* const group = words.Find("group"); group != nullptr && group->text.empty())
    reader->Complain(*group, "the name of the group is empty");
  message->consume = {.group = words.Text("group"),
                      .members = static_cast<int>(words.Count("members")),
                      .from = words.Text("from"),
                      .alone = true,
                      .until_end = words.Text("until") == "end",
                      .most = static_cast<int>(words.Count("most")),
                      .wait = words.Duration("wait")};
  if (message->consume->until_end && message->consume->from == "end")
    reader->Complain(*words.Find("until"),
                     "from: end until: end is nothing; say from: beginning, or from: committed");
}

}  // namespace

Message ReadMessage(const StatementSpec& spec, Complaints* complaints) {
  StatementReader reader({"kafka", kWords}, spec, complaints);
  Message message{.statement = spec.name};
  if (reader.Head() != nullptr && reader.Head()->name == "consume") {
    ReadRead(&reader, &message);
    return message;
  }
  ReadTopic(reader.Find("produce"), &reader, &message);
  if (reader.Says("key")) message.key = reader.Template("key");
  if (const ValueNode* const value = reader.Find("value"))
    message.value = reader.Parse(TextOf(*value), *value);
  if (reader.Says("partition")) message.partition = reader.Template("partition");
  ReadHeaders(&reader, &message);
  ReadConsume(&reader, &message);
  return message;
}

void CheckMessage(const StatementSpec& spec, Complaints* complaints) {
  (void)ReadMessage(spec, complaints);
}

}  // namespace mbench::kafka
