// SPDX-License-Identifier: Apache-2.0
#include "drivers/nats/nats_statement.h"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/common/http_text.h"
#include "drivers/nats/nats_protocol.h"
#include "harness/base/text.h"

namespace mbench::nats {
namespace {

constexpr char kDrawn = '\x01';

// With kDrawn for what is drawn.
std::string Outline(const TextTemplate& subject) {
  std::string outline;
  for (const TextTemplate::Piece& piece : subject.Pieces()) {
    outline += piece.text;
    if (piece.argument != TextTemplate::kNoArgument) outline += kDrawn;
  }
  return outline;
}

void ReadSubject(StatementReader* reader, Message* message) {
  const ValueNode* const subject = reader->Find("produce");
  if (subject == nullptr) return;
  message->subject = reader->Parse(subject->text, *subject);
  message->subjects = FilterOf(message->subject);
  std::string like = Outline(message->subject);
  std::ranges::replace(like, kDrawn, 'x');
  if (const std::string_view why = WrongSubject(like); !why.empty())
    reader->Complain(*subject, fmt::format("the {}", why));
}

void ReadHeaders(StatementReader* reader, Message* message) {
  const ValueNode* const headers = reader->Find("headers");
  if (headers == nullptr) return;
  for (const ValueNode& header : headers->children) {
    if (header.key == kStampName) {
      reader->complaints()->Add(
          header.key_place,
          fmt::format("the header '{}' is the driver's own business; give it another name",
                      kStampName));
    } else if (header.key.empty() || header.key.find_first_of(": \t\r\n") != std::string::npos) {
      reader->complaints()->Add(
          header.key_place,
          fmt::format("{} is no name of a header; it may not have blanks and colons",
                      Quote(header.key)));
    } else if (!header.IsScalar() || BreaksHeader(header.text)) {
      reader->Complain(header,
                       fmt::format("the header {} is no text of one line", Quote(header.key)));
    } else {
      message->headers.push_back({header.key, reader->Parse(header.text, header)});
    }
  }
}

void CheckName(const ValueNode& node, std::string_view what, StatementReader* reader) {
  if (const std::string_view why = WrongName(node.text); !why.empty())
    reader->Complain(node, fmt::format("{} is no name of a {}; {}", Quote(node.text), what, why));
}

void ReadStream(StatementReader* reader, Message* message) {
  const ValueNode* const said = reader->Find("stream");
  if (said == nullptr) return;
  if (said->IsScalar()) {
    CheckName(*said, "stream", reader);
    message->stream = {.name = said->text};
    return;
  }
  const WordMap words(kStreamWords, said);
  if (const ValueNode* const name = words.Find("name")) CheckName(*name, "stream", reader);
  message->stream = {.name = words.Text("name"),
                     .storage = words.Text("storage"),
                     .replicas = static_cast<std::uint32_t>(words.Count("replicas")),
                     .max_age = words.Duration("max_age")};
}

void ReadConsume(StatementReader* reader, Message* message) {
  const ValueNode* const said = reader->Find("consume");
  if (said == nullptr) return;
  const WordMap words(kConsumeWords, said);
  const ValueNode* const filter = words.Find("filter");
  const ValueNode* const group = words.Find("group");
  Consume consume{.filter = filter != nullptr ? filter->text : message->subjects,
                  .group = words.Text("group"),
                  .members = static_cast<std::uint32_t>(words.Count("members")),
                  .ack_wait = words.Duration("ack_wait"),
                  .stream = message->stream ? message->stream->name : ""};
  if (filter != nullptr) {
    if (const std::string_view why = WrongFilter(consume.filter); !why.empty())
      reader->Complain(*filter, fmt::format("the {}", why));
  }
  if (group != nullptr) CheckName(*group, "group", reader);
  if (const ValueNode* const wait = words.Find("ack_wait"); wait != nullptr && !message->stream)
    reader->Complain(*wait, "core NATS has no acknowledgements of who receives; say a stream");
  if (consume.members > 1 && consume.group.empty())
    reader->Complain(*said, fmt::format("{} members without a group would each get every message; "
                                        "name a group, whose members share them",
                                        consume.members));
  message->consume = std::move(consume);
}

// Consume alone.
void ReadPull(StatementReader* reader, Message* message) {
  message->pull.emplace();  // whatever is wrong with it
  const ValueNode* const said = reader->Find("consume");
  if (said == nullptr) return;
  const WordMap words(kPullWords, said);
  for (const char* const word : {"stream", "group"})
    if (const ValueNode* const name = words.Find(word)) CheckName(*name, word, reader);
  const ValueNode* const filter = words.Find("filter");
  if (filter != nullptr) {
    if (const std::string_view why = WrongFilter(filter->text); !why.empty())
      reader->Complain(*filter, fmt::format("the {}", why));
  }
  message->pull = {.stream = words.Text("stream"),
                   .group = words.Text("group"),
                   .filter = filter != nullptr ? filter->text : "",
                   .from_beginning = words.Text("from") == "beginning",
                   .until_end = words.Text("until") == "end",
                   .most = static_cast<std::uint32_t>(words.Count("most")),
                   .wait = words.Duration("wait"),
                   .ack_wait = words.Duration("ack_wait")};
}

}  // namespace

std::string FilterOf(const TextTemplate& subject) {
  const std::string outline = Outline(subject);
  std::string filter;
  for (const std::string_view token : Split(outline, '.')) {
    if (token.data() != outline.data()) filter += '.';
    filter += token.find(kDrawn) == std::string_view::npos ? token : std::string_view("*");
  }
  return filter;
}

Message ReadMessage(const StatementSpec& spec, Complaints* complaints) {
  StatementReader reader({"nats", kWords}, spec, complaints);
  Message message{.statement = spec.name};
  if (reader.Head() != nullptr && reader.Head()->name == "consume") {
    ReadPull(&reader, &message);
    return message;
  }
  ReadSubject(&reader, &message);
  if (const ValueNode* const value = reader.Find("value"))
    message.value = reader.Parse(TextOf(*value), *value);
  ReadHeaders(&reader, &message);
  ReadStream(&reader, &message);
  ReadConsume(&reader, &message);
  return message;
}

void CheckMessage(const StatementSpec& spec, Complaints* complaints) {
  (void)ReadMessage(spec, complaints);
}

namespace {

// Statements that name the same stream say the same of it.
void CheckStreams(const RunWants& wants, Complaints* complaints) {
  std::map<std::string, Message> streams;
  for (const StatementSpec* const statement : wants.statements) {
    ComplaintList told;  // when the statement was checked
    const Message message = ReadMessage(*statement, &told);
    if (!message.stream) continue;
    const auto [stream, is_new] = streams.emplace(message.stream->name, message);
    if (is_new || stream->second.stream == message.stream) continue;
    complaints->Add(statement->Find("stream")->Head(),
                    fmt::format("stream {} is that of {}, with other words; say the same in both",
                                Quote(message.stream->name), stream->second.statement));
  }
}

// A group that reads alone is that of one statement.
void CheckPulls(const RunWants& wants, Complaints* complaints) {
  std::map<std::string, std::string> groups;  // -> a statement
  const auto read = [](const StatementSpec& statement) {
    ComplaintList told;  // when the statement was checked
    return ReadMessage(statement, &told);
  };
  for (const StatementSpec* const statement : wants.statements)
    if (const Message message = read(*statement); message.consume)
      groups.emplace(message.consume->group, message.statement);
  for (const StatementSpec* const statement : wants.statements) {
    const Message message = read(*statement);
    if (!message.pull || message.pull->group.empty()) continue;
    const auto [group, is_new] = groups.emplace(message.pull->group, message.statement);
    if (!is_new)
      complaints->Add(statement->Find("consume")->Head(),
                      fmt::format("group {} is that of {}; give it another name",
                                  Quote(message.pull->group), group->second));
  }
}

}  // namespace

void CheckRun(const OptionValues&, const RunWants& wants, Complaints* complaints) {
  CheckGroups(wants, ReadMessage, complaints);
  CheckStreams(wants, complaints);
  CheckPulls(wants, complaints);
}

}  // namespace mbench::nats
