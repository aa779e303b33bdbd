// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/redis_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mbench {
namespace {

constexpr std::string_view kTransaction = "write transaction: [{redis: ...}, {redis: ...}]";
constexpr std::string_view kLogin = "give the options user and password";
constexpr std::string_view kNoReply =
    "what it is answered with are no replies, so nothing can be measured";
constexpr std::string_view kEndsConnection = "it ends the connection";

struct Unfit {
  std::string_view command, why;
};
constexpr auto kUnfit = std::to_array<Unfit>({
    {"MULTI", kTransaction},
    {"EXEC", kTransaction},
    {"DISCARD", kTransaction},
    {"SELECT", "give the database in the url"},
    {"AUTH", kLogin},
    {"HELLO", "give the option protocol"},
    {"QUIT", kEndsConnection},
    {"RESET", kEndsConnection},
    {"SUBSCRIBE", kNoReply},
    {"PSUBSCRIBE", kNoReply},
    {"SSUBSCRIBE", kNoReply},
    {"UNSUBSCRIBE", kNoReply},
    {"PUNSUBSCRIBE", kNoReply},
    {"SUNSUBSCRIBE", kNoReply},
    {"MONITOR", kNoReply},
    {"SYNC", kNoReply},
    {"PSYNC", kNoReply},
    {"CLIENT REPLY", kNoReply},
});

std::string UpperCase(const TextTemplate& word) {
  std::string upper = word.Pieces()[0].text;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
  return upper;
}

// Numbers that stand nowhere else, so that a key is recognized by its text; the argument `one` is
// 1, for it may say how many keys there are.
std::vector<std::string> Render(const RedisCommand& command, std::size_t arguments,
                                std::size_t one) {
  std::vector<std::string> values(arguments);
  for (std::size_t i = 0; i < arguments; ++i)
    values[i] = i == one ? "1" : fmt::format("{}", 7'001'003 + i);
  const std::vector<std::string_view> views(values.begin(), values.end());
  std::vector<std::string> words(command.size());
  for (std::size_t i = 0; i < command.size(); ++i) command[i].AppendTo(views, &words[i]);
  return words;
}

// Arguments that are all of a word.
std::vector<std::size_t> WholeWords(const RedisCommand& command) {
  std::vector<std::size_t> arguments;
  for (const TextTemplate& word : command) {
    const auto& first = word.Pieces()[0];
    if (first.text.empty() && !word.IsConstant()) arguments.push_back(first.argument);
  }
  return arguments;
}

}  // namespace

std::string WhyNoStatement(const RedisCommand& command) {
  if (command.empty() || !command[0].IsConstant()) return "";
  std::string name = UpperCase(command[0]);
  if (name == "CLIENT" && command.size() > 1) name += " " + UpperCase(command[1]);
  const auto found = std::ranges::find(kUnfit, name, &Unfit::command);
  if (found == kUnfit.end()) return "";
  return fmt::format("{} cannot be a statement: {}", name, found->why);
}

RedisKeyWord FindKeyWord(const RedisCommand& command, std::size_t arguments,
                         const AskForKeys& ask) {
  std::vector<std::size_t> tries = {TextTemplate::kNoArgument};
  for (const std::size_t argument : WholeWords(command)) tries.push_back(argument);
  for (const std::size_t one : tries) {
    const std::vector<std::string> words = Render(command, arguments, one);
    const Result<std::vector<std::string>> keys = ask(words);
    if (!keys) continue;
    if (keys->empty()) return {.known = true};
    const auto word = std::find(words.begin() + 1, words.end(), keys->front());
    if (word == words.end()) continue;
    return {.known = true, .word = static_cast<std::size_t>(word - words.begin())};
  }
  return {};
}

}  // namespace mbench
