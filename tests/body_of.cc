// SPDX-License-Identifier: Apache-2.0
#include "tests/body_of.h"

#include <nlohmann/json.hpp>

namespace mbench {
namespace {

using Json = nlohmann::ordered_json;

ValueNode NodeOf(const Json& json) {
  ValueNode node;
  if (json.is_structured()) {
    node.kind = json.is_array() ? ValueNode::Kind::kList : ValueNode::Kind::kMap;
    for (const auto& [key, value] : json.items()) {
      node.children.push_back(NodeOf(value));
      if (json.is_object()) node.children.back().key = key;
    }
  } else if (!json.is_null()) {
    node.kind = ValueNode::Kind::kScalar;
    node.plain = !json.is_string();
    node.text = node.written = json.is_string() ? json.get<std::string>() : json.dump();
  }
  return node;
}

ValueNode NodeOf(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_structured()) return NodeOf(json);
  return {.kind = ValueNode::Kind::kScalar, .text = text, .written = text};
}

}  // namespace

ValueNode BodyOf(const std::map<std::string, std::string>& words) {
  ValueNode body{.kind = ValueNode::Kind::kMap};
  for (const auto& [word, value] : words) {
    body.children.push_back(NodeOf(value));
    body.children.back().key = word;
  }
  return body;
}

void Say(StatementSpec* statement, const std::string& word, const std::string& value) {
  std::erase_if(statement->body.children, [&](const ValueNode& said) { return said.key == word; });
  statement->body.children.push_back(NodeOf(value));
  statement->body.children.back().key = word;
}

}  // namespace mbench
