// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/statement_words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "harness/base/text.h"

namespace mbench::mongodb {

const std::vector<Word>& Words() {
  constexpr Key kFilter{"filter", Shape::kMap};
  constexpr Key kQuery{"filter", Shape::kMap, "query"};
  constexpr Key kHint{"hint", Shape::kMapOrText};
  constexpr Key kCollation{"collation", Shape::kMap};
  constexpr Key kMaxTime{"maxTimeMS", Shape::kNumber};
  constexpr Key kLet{"let", Shape::kMap};
  constexpr Key kArrayFilters{"arrayFilters", Shape::kList};
  constexpr Key kUpsert{"upsert", Shape::kFlag};
  constexpr Key kComment{"comment", Shape::kText};
  constexpr Key kDisk{"allowDiskUse", Shape::kFlag};
  constexpr Key kBatchSize{"batchSize", Shape::kNumber};
  constexpr Key kWatch{"watch", Shape::kFlagOrMap};
  static const std::vector<Word> kWords = {
      {"find",
       {kFilter,
        {"sort", Shape::kMap},
        {"projection", Shape::kMap},
        {"limit", Shape::kNumber},
        {"skip", Shape::kNumber},
        {"min", Shape::kMap},
        {"max", Shape::kMap},
        kHint,
        kCollation,
        kLet,
        kDisk,
        kBatchSize,
        kMaxTime,
        kComment}},
      {"aggregate",
       {{"pipeline", Shape::kList},
        kHint,
        kCollation,
        kLet,
        kDisk,
        kBatchSize,
        kMaxTime,
        kComment}},
      {"count",
       {kQuery,
        {"limit", Shape::kNumber},
        {"skip", Shape::kNumber},
        kHint,
        kCollation,
        kMaxTime,
        kComment}},
      {"distinct", {{"key", Shape::kText}, kQuery, kCollation, kMaxTime, kComment}},
      {"findAndModify",
       {kQuery,
        {"sort", Shape::kMap},
        {"set", Shape::kMap, "update"},
        {"pipeline", Shape::kList, "update"},
        {"remove", Shape::kFlag},
        {"new", Shape::kFlag},
        {"projection", Shape::kMap, "fields"},
        kUpsert,
        kArrayFilters,
        kHint,
        kCollation,
        kLet,
        kMaxTime,
        kComment,
        kWatch}},
      {"insert",
       {{"document", Shape::kMap},
        {"documents", Shape::kList},
        {"ordered", Shape::kFlag},
        {"batch", Shape::kNumber},
        kWatch}},
      {"update",
       {kFilter,
        {"set", Shape::kMap},
        {"pipeline", Shape::kList},
        {"many", Shape::kFlag},
        kUpsert,
        kArrayFilters,
        kHint,
        kCollation,
        kWatch}},
      {"replace", {kFilter, {"document", Shape::kMap}, kUpsert, kHint, kCollation, kWatch}},
      {"delete", {kFilter, {"many", Shape::kFlag}, kHint, kCollation}},
      {"bulkWrite",
       {{"operations", Shape::kList},
        {"ordered", Shape::kFlag},
        {"batch", Shape::kNumber},
        kWatch}},
      {"index",
       {{"key", Shape::kMap},
        {"name", Shape::kText},
        {"unique", Shape::kFlag},
        {"sparse", Shape::kFlag},
        {"partialFilterExpression", Shape::kMap},
        {"expireAfterSeconds", Shape::kNumber},
        {"weights", Shape::kMap},
        {"wildcardProjection", Shape::kMap},
        kCollation}},
      {"command", {{"database", Shape::kText}}},
  };
  return kWords;
}

namespace {

std::vector<std::string_view> NamesOf(const std::vector<Key>& keys) {
  std::vector<std::string_view> names;
  for (const Key& key : keys) names.push_back(key.name);
  return names;
}

std::string_view Describe(Shape shape) {
  constexpr std::array<std::string_view, 7> kNames = {
      "a map",  "a list",          "a whole number",      "true or false",
      "a text", "a map or a text", "true, false or a map"};
  return kNames[static_cast<std::size_t>(shape)];
}

// The value as it was before it became text; nothing when it has not that shape.
std::optional<Json> Shaped(const std::string& text, Shape shape) {
  if (shape == Shape::kText) return Json(text);
  // A number or a flag may come from a generator.
  if ((shape == Shape::kNumber || shape == Shape::kFlag) && !TextTemplate::Names(text).empty())
    return Json(text);
  Json json = Json::parse(text, nullptr, false);
  const bool fits = (shape == Shape::kMap && json.is_object()) ||
                    (shape == Shape::kList && json.is_array()) ||
                    (shape == Shape::kNumber && json.is_number_integer()) ||
                    (shape == Shape::kFlag && json.is_boolean()) ||
                    (shape == Shape::kMapOrText && json.is_object()) ||
                    (shape == Shape::kFlagOrMap && (json.is_boolean() || json.is_object()));
  if (fits) return json;
  if (shape == Shape::kMapOrText) return Json(text);
  return std::nullopt;
}

}  // namespace

const Word* FindWord(const StatementSpec& spec) {
  const auto found = std::ranges::find_if(
      Words(), [&spec](const Word& word) { return spec.body.contains(std::string(word.name)); });
  return found == Words().end() ? nullptr : &*found;
}

tl::unexpected<Error> NoWord() {
  std::vector<std::string_view> names;
  for (const Word& word : Words()) names.push_back(word.name);
  return BadConfig("it says nothing that MongoDB knows; expected one of {}",
                   fmt::join(names, ", "));
}

Status CheckKey(std::string_view name, const Word& word) {
  if (std::ranges::find(word.keys, name, &Key::name) != word.keys.end()) return {};
  const std::string_view meant = ClosestMatch(name, NamesOf(word.keys));
  return BadConfig("{} does not go with {}{}", Quote(name), word.name,
                   meant.empty() ? "" : fmt::format("; did you mean {}?", Quote(meant)));
}

Result<Members> ReadMembers(const StatementSpec& spec, const Word& word) {
  Members members;
  for (const auto& [name, text] : spec.body) {
    if (name == word.name) continue;
    if (Status known = CheckKey(name, word); !known) return Failed(known);
    const auto key = std::ranges::find(word.keys, name, &Key::name);
    std::optional<Json> value = Shaped(text, key->shape);
    if (!value) {
      return BadConfig("{} is not right: {}; expected {}", name, Quote(text), Describe(key->shape));
    }
    members.emplace(name, *std::move(value));
  }
  return members;
}

}  // namespace mbench::mongodb
