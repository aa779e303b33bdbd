// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/statement_words.h"

#include "harness/base/units.h"

namespace mbench::mongodb {

// A scalar whose word is text stays text, whatever it looks like.
Json ValueOf(const WordSpec& word, const ValueNode& node) {
  const bool is_text = word.type == WordType::kText || word.type == WordType::kTextOrMap;
  if (!node.IsScalar()) return JsonOf(node);
  if (is_text || !TextTemplate::Names(node.text).empty()) return node.text;
  if (word.type == WordType::kCount) return ParseCount(node.text).value_or(0);
  return Json::parse(node.text, nullptr, false);
}

Json JsonOf(const ValueNode& node) { return Json::parse(JsonText(node), nullptr, false); }

Members ReadMembers(const StatementReader& reader) {
  Members members;
  for (const ValueNode& said : reader.Statement().body.children) {
    if (reader.Head() == nullptr || said.key == reader.Head()->name) continue;
    const ValueNode* const value = reader.Find(said.key);
    if (value != nullptr) members.emplace(said.key, ValueOf(*reader.FindSpec(said.key), *value));
  }
  return members;
}

}  // namespace mbench::mongodb
