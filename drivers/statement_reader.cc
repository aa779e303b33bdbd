// SPDX-License-Identifier: Apache-2.0
#include "drivers/statement_reader.h"

#include <algorithm>
#include <charconv>

#include "harness/base/check.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

class Ignored final : public Complaints {
 public:
  void Add(const Place&, std::string) override { ++count_; }
  std::size_t Count() const override { return count_; }

 private:
  std::size_t count_ = 0;
};

// But for what stands in a map, which is read word by word.
bool IsRight(WordSpec word, const ValueNode& node) {
  Ignored complaints;
  word.words = {};
  CheckValue(word, node, &complaints);
  return complaints.Count() == 0 && !node.failed && node.kind != ValueNode::Kind::kNull;
}

std::int64_t CountOf(const WordSpec& word, std::string_view text) {
  if (text.empty()) return 0;
  if (word.type == WordType::kCount) return ParseCount(text).value_or(0);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

StatementReader::StatementReader(const DriverWords& table, const StatementSpec& statement,
                                 std::span<const std::string> arguments, bool is_step,
                                 Complaints* complaints)
    : table_(table),
      statement_(statement),
      arguments_(arguments),
      where_(WordPlaceOf(statement, is_step)),
      head_(FindHead(table.words, statement, is_step)),
      complaints_(complaints),
      count_before_(complaints->Count()) {
  CheckWords(table.driver, table.words, statement, is_step, complaints);
}

const WordSpec& StatementReader::Spec(std::string_view word) const {
  const WordSpec* const spec = FindWord(table_.words, word, where_, head_);
  if (spec != nullptr) return *spec;
  const auto elsewhere = std::ranges::find(table_.words, word, &WordSpec::name);
  MB_CHECK(elsewhere != table_.words.end(), "no word '{}'", word);
  return *elsewhere;
}

const ValueNode* StatementReader::Find(std::string_view word) const {
  const WordSpec* const spec = FindWord(table_.words, word, where_, head_);
  const ValueNode* const said = statement_.Find(word);
  return spec != nullptr && said != nullptr && IsRight(*spec, *said) ? said : nullptr;
}

std::string StatementReader::Text(std::string_view word) const {
  const WordSpec& spec = Spec(word);
  const ValueNode* const said = Find(word);
  const std::string text = said == nullptr ? std::string(spec.fallback) : said->text;
  return spec.type == WordType::kChoice ? ChoiceText(spec, text) : text;
}

TextTemplate StatementReader::Template(std::string_view word) {
  const ValueNode* const said = Find(word);
  return said == nullptr ? TextTemplate::Constant(std::string(Spec(word).fallback))
                         : Parse(TextOf(*said), *said);
}

TextTemplate StatementReader::Parse(std::string_view text, const ValueNode& node) {
  Result<TextTemplate> parsed = TextTemplate::Parse(text, arguments_);
  if (parsed) return *std::move(parsed);
  Complain(node, parsed.error().message);
  return {};
}

std::int64_t StatementReader::Count(std::string_view word) const {
  return CountOf(Spec(word), Text(word));
}

Ticks StatementReader::Duration(std::string_view word) const {
  const std::string text = Text(word);
  return text.empty() ? 0 : ParseDuration(text).value_or(0);
}

bool StatementReader::Flag(std::string_view word) const { return Text(word) == "true"; }

void StatementReader::Complain(std::string_view word, std::string message) {
  const ValueNode* const said = statement_.Find(word);
  complaints_->Add(said == nullptr ? statement_.place : said->place, std::move(message));
}

const ValueNode* WordMap::Find(std::string_view word) const {
  const auto spec = std::ranges::find(words_, word, &WordSpec::name);
  const ValueNode* const said = map_ == nullptr ? nullptr : map_->Child(word);
  return spec != words_.end() && said != nullptr && IsRight(*spec, *said) ? said : nullptr;
}

const WordSpec& WordMap::Spec(std::string_view word) const {
  const auto spec = std::ranges::find(words_, word, &WordSpec::name);
  MB_CHECK(spec != words_.end(), "no word '{}'", word);
  return *spec;
}

std::string WordMap::Text(std::string_view word) const {
  const WordSpec& spec = Spec(word);
  const ValueNode* const said = Find(word);
  const std::string text = said == nullptr ? std::string(spec.fallback) : said->text;
  return spec.type == WordType::kChoice ? ChoiceText(spec, text) : text;
}

std::int64_t WordMap::Count(std::string_view word) const { return CountOf(Spec(word), Text(word)); }

Ticks WordMap::Duration(std::string_view word) const {
  const std::string text = Text(word);
  return text.empty() ? 0 : ParseDuration(text).value_or(0);
}

std::string ChoiceText(const WordSpec& word, std::string_view said) {
  const auto spelling = [](std::string_view text) {
    std::string spelt(text);
    std::ranges::replace(spelt, '_', ' ');
    return spelt;
  };
  for (const std::string_view choice : Split(word.choices, '|'))
    if (spelling(choice) == spelling(said)) return std::string(choice);
  return std::string(said);
}

}  // namespace mbench
