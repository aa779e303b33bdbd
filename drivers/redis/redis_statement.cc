// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/redis_statement.h"

#include <nlohmann/json.hpp>

#include "drivers/redis/resp.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kExample = "redis: \"GET user:{key}\"";

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

// What a list in the file came to: scalars only.
Result<std::vector<std::string>> WordsOfList(const Json& list) {
  std::vector<std::string> words;
  for (const Json& item : list) {
    if (item.is_structured()) {
      return BadConfig("{} is no word of a command; expected text or a number", item.dump());
    }
    words.push_back(item.is_string() ? item.get<std::string>() : item.dump());
  }
  return words;
}

Result<std::vector<std::string>> WordsOf(const std::string& text) {
  if (text.starts_with('[')) {
    const Json list = Json::parse(text, nullptr, false);
    if (list.is_array()) return WordsOfList(list);
  }
  return SplitCommand(text);
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

Result<RedisStatement::Command> RedisStatement::MakeCommand(const StatementSpec& spec,
                                                            std::span<const std::string> arguments,
                                                            const std::string& name) {
  for (const auto& [key, text] : spec.body) {
    if (key != "redis") {
      return BadConfig("statement {}: driver redis does not know the key {}; expected {}",
                       Quote(name), Quote(key), kExample);
    }
  }
  if (!spec.body.contains("redis")) {
    return BadConfig("statement {} has no command; expected {}", Quote(name), kExample);
  }
  const auto words = WordsOf(spec.body.at("redis"));
  if (!words) return BadConfig("statement {}: {}", Quote(name), words.error().message);
  if (words->empty() || words->front().empty()) {
    return BadConfig("statement {} has an empty command; expected {}", Quote(name), kExample);
  }
  Command command;
  for (const std::string& word : *words) {
    Result<TextTemplate> parsed = TextTemplate::Parse(word, arguments);
    if (!parsed) return BadConfig("statement {}: {}", Quote(name), parsed.error().message);
    command.push_back(std::move(*parsed));
  }
  return command;
}

Result<RedisStatement> RedisStatement::Make(const StatementSpec& spec) {
  RedisStatement statement;
  statement.is_transaction_ = !spec.steps.empty();
  statement.labels_hits_ = spec.label == "hit";
  if (!spec.label.empty() && spec.label != "hit") {
    return BadConfig("statement {}: label {} is not known to redis; expected hit", Quote(spec.name),
                     Quote(spec.label));
  }
  if (statement.is_transaction_ && !spec.body.empty()) {
    return BadConfig("statement {}: a transaction of redis has no key {}; its steps do",
                     Quote(spec.name), Quote(spec.body.begin()->first));
  }
  const std::vector<StatementSpec> one = {spec};
  for (const StatementSpec& step : statement.is_transaction_ ? spec.steps : one) {
    Result<Command> command = MakeCommand(step, spec.arguments, spec.name);
    if (!command) return Failed(command);
    statement.commands_.push_back(std::move(*command));
  }
  if (statement.is_transaction_) {
    statement.replies_ = static_cast<std::uint32_t>(statement.commands_.size() + 2);
  }
  return statement;
}

void RedisStatement::AppendTo(std::span<const std::string_view> arguments, std::string* out) const {
  if (is_transaction_) out->append("*1\r\n$5\r\nMULTI\r\n");
  for (const Command& command : commands_) {
    AppendRespCount(command.size(), out);
    for (const TextTemplate& text : command) {
      AppendRespSize(text.SizeWith(arguments), out);
      text.AppendTo(arguments, out);
      out->append("\r\n", 2);
    }
  }
  if (is_transaction_) out->append("*1\r\n$4\r\nEXEC\r\n");
}

std::string RedisStatement::Key(std::span<const std::string_view> arguments) const {
  std::string key;
  if (commands_[0].size() > 1) commands_[0][1].AppendTo(arguments, &key);
  return key;
}

}  // namespace mbench
