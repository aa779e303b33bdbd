// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/followed.h"

#include <charconv>

#include "harness/base/check.h"
#include "harness/base/text_hash.h"

namespace mbench {
namespace {

// Above this all numbers are hashes.
constexpr std::uint64_t kHashed = std::uint64_t{1} << 62;

// A number as it is usually written: without a sign, and without zeros in front.
std::optional<std::uint64_t> PlainNumber(std::string_view text) {
  if (text.empty() || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number >= kHashed)
    return std::nullopt;
  return number;
}

std::uint64_t HashedNumber(std::string_view text) { return kHashed | HashText(text) >> 2; }

// "12" of "12.00"; a column of decimals shows whole numbers so.
std::string_view WholePart(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos || point + 1 == text.size()) return text;
  const bool whole = text.find_first_not_of('0', point + 1) == std::string_view::npos;
  return whole ? text.substr(0, point) : text;
}

TextTemplate ParseWord(const StatementSpec& statement, std::string_view word,
                       std::string_view part) {
  const ValueNode* const node = statement.Find(word)->Child(part);
  MB_CHECK(node != nullptr, "no {} in {}", part, word);
  Result<TextTemplate> parsed = TextTemplate::Parse(node->text, statement.arguments);
  MB_CHECK(parsed.has_value(), "a placeholder of {} is no argument", word);
  return *std::move(parsed);
}

}  // namespace

std::vector<FollowedStatement> FollowedStatements(const MixPlan& mix) {
  std::vector<FollowedStatement> all;
  for (const StatementSpec& statement : mix.statements) {
    FollowedStatement& followed = all.emplace_back();
    if (statement.Find("writes") != nullptr)
      followed.write = {ParseWord(statement, "writes", "key"),
                        ParseWord(statement, "writes", "version")};
    if (statement.Find("reads") != nullptr) followed.read = ParseWord(statement, "reads", "key");
  }
  return all;
}

std::uint64_t KeyNumber(std::string_view text) {
  const std::optional<std::uint64_t> plain = PlainNumber(text);
  return plain ? *plain : HashedNumber(text);
}

std::uint64_t VersionNumber(std::string_view text) {
  const std::optional<std::uint64_t> plain = PlainNumber(WholePart(text));
  return plain ? *plain : HashedNumber(text);
}

void KeyTexts::Keep(std::uint64_t number, std::string_view text) {
  if (number < kHashed || texts_.size() >= kMost) return;
  texts_.try_emplace(number, text);
}

void KeyTexts::Add(const KeyTexts& other) {
  for (const auto& [number, text] : other.texts_) Keep(number, text);
}

std::optional<std::string> KeyTexts::Find(std::uint64_t number) const {
  if (number < kHashed) return std::to_string(number);
  const auto found = texts_.find(number);
  if (found == texts_.end()) return std::nullopt;
  return found->second;
}

}  // namespace mbench
