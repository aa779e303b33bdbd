// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/redis_statement.h"

#include <algorithm>
#include <utility>

#include "drivers/redis/resp.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

// One quoted or bare part of a word. `rest` begins with it, and loses it.
Status ReadPart(std::string_view* rest, std::string* word) {
  const char quote = rest->front();
  if (quote != '"' && quote != '\'') {
    const std::size_t end = std::min(rest->find_first_of(" \t\n\"'"), rest->size());
    word->append(rest->substr(0, end));
    rest->remove_prefix(end);
    return {};
  }
  for (std::size_t i = 1; i < rest->size(); ++i) {
    const char c = (*rest)[i];
    if (c == quote) {
      rest->remove_prefix(i + 1);
      return {};
    }
    if (quote == '"' && c == '\\' && i + 1 < rest->size()) {
      const char escaped = (*rest)[++i];
      word->push_back(escaped == 'n'   ? '\n'
                      : escaped == 'r' ? '\r'
                      : escaped == 't' ? '\t'
                                       : escaped);
    } else {
      word->push_back(c);
    }
  }
  return BadConfig("the quote {} is not closed", quote);
}

std::vector<std::string> WordsOfList(const ValueNode& list, StatementReader* reader) {
  std::vector<std::string> words;
  for (const ValueNode& item : list.children) {
    if (item.IsScalar()) {
      words.push_back(item.text);
    } else {
      reader->Complain(item, fmt::format("a word of a command must be text or a number; this is {}",
                                         Describe(item.kind)));
    }
  }
  return words;
}

// Of a text, or of a list.
std::vector<std::string> WordsOf(const ValueNode& said, StatementReader* reader) {
  if (said.IsList()) return WordsOfList(said, reader);
  const auto words = SplitCommand(said.text);
  if (words) return *words;
  reader->Complain(said, words.error().message);
  return {};
}

}  // namespace

Result<std::vector<std::string>> SplitCommand(std::string_view text) {
  std::vector<std::string> words;
  for (text = Trim(text); !text.empty(); text = Trim(text)) {
    std::string& word = words.emplace_back();
    while (!text.empty() && text[0] != ' ' && text[0] != '\t' && text[0] != '\n') {
      if (Status read = ReadPart(&text, &word); !read) return Failed(read);
    }
  }
  return words;
}

RedisCommand RedisStatement::ReadCommand(StatementReader* reader) {
  const ValueNode* const said = reader->Find("redis");
  if (said == nullptr) return {};
  const bool right = reader->Right();
  const std::vector<std::string> words = WordsOf(*said, reader);
  if (right && reader->Right() && (words.empty() || words.front().empty()))
    reader->Complain(*said, "the command is empty; expected something like \"GET user:{key}\"");
  RedisCommand command;
  for (const std::string& word : words) command.push_back(reader->Parse(word, *said));
  if (const std::string why = WhyNoStatement(command); !why.empty()) reader->Complain(*said, why);
  return command;
}

void RedisStatement::Add(RedisCommand command) {
  request_.Add(command);
  if (commands_.empty() && command.size() > 1) key_ = command[1];
  commands_.push_back(std::move(command));
}

RedisStatement RedisStatement::Read(const StatementSpec& spec, Complaints* complaints) {
  const DriverWords table{"redis", kRedisWords};
  RedisStatement statement;
  StatementReader reader(table, spec, complaints);
  statement.is_transaction_ = !spec.steps.empty();
  statement.labels_hits_ = reader.Text("label") == "hit";
  statement.reads_ = reader.Says("reads");
  if (!statement.is_transaction_) {
    statement.Add(ReadCommand(&reader));
    return statement;
  }
  const RedisCommand multi = {TextTemplate::Constant("MULTI")};
  const RedisCommand exec = {TextTemplate::Constant("EXEC")};
  statement.request_.Add(multi);
  for (const StatementSpec& step : spec.steps) {
    StatementReader step_reader(table, step, spec, complaints);
    statement.Add(ReadCommand(&step_reader));
  }
  statement.request_.Add(exec);
  statement.replies_ = static_cast<std::uint32_t>(spec.steps.size() + 2);
  return statement;
}

// The first key of any of its commands: in a transaction all of them are in one slot.
void RedisStatement::FindKey(std::size_t arguments, const AskForKeys& ask) {
  for (const RedisCommand& command : commands_) {
    const RedisKeyWord found = FindKeyWord(command, arguments, ask);
    if (!found.known) return;
    key_ = found.word ? command[*found.word] : TextTemplate();
    if (found.word) return;
  }
}

std::string RedisStatement::Key(std::span<const std::string_view> arguments) const {
  std::string key;
  key_.AppendTo(arguments, &key);
  return key;
}

}  // namespace mbench
