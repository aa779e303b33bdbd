// SPDX-License-Identifier: Apache-2.0
#include "harness/base/value_tree.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace mbench {
namespace {

using Json = nlohmann::ordered_json;

// Unquoted numbers, true, false and null are such in JSON too.
Json ScalarToJson(const ValueNode& node) {
  if (!node.plain) return node.text;
  const Json parsed = Json::parse(node.text, nullptr, false);
  return parsed.is_number() || parsed.is_boolean() || parsed.is_null() ? parsed : Json(node.text);
}

Json ToJson(const ValueNode& node) {
  switch (node.kind) {
    case ValueNode::Kind::kNull:
      return nullptr;
    case ValueNode::Kind::kScalar:
      return ScalarToJson(node);
    case ValueNode::Kind::kList: {
      Json list = Json::array();
      for (const ValueNode& child : node.children) list.push_back(ToJson(child));
      return list;
    }
    case ValueNode::Kind::kMap: {
      Json map = Json::object();
      for (const ValueNode& child : node.children) map[child.key] = ToJson(child);
      return map;
    }
  }
  return nullptr;
}

}  // namespace

ValueNode* ValueNode::Child(std::string_view name) {
  const auto found = std::ranges::find(children, name, &ValueNode::key);
  return found == children.end() ? nullptr : &*found;
}
const ValueNode* ValueNode::Child(std::string_view name) const {
  const auto found = std::ranges::find(children, name, &ValueNode::key);
  return found == children.end() ? nullptr : &*found;
}

std::string_view Describe(ValueNode::Kind kind) {
  switch (kind) {
    case ValueNode::Kind::kNull:
      return "nothing";
    case ValueNode::Kind::kScalar:
      return "text";
    case ValueNode::Kind::kList:
      return "a list";
    case ValueNode::Kind::kMap:
      return "a map";
  }
  return "";
}

std::string JsonText(const ValueNode& node) {
  return ToJson(node).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string TextOf(const ValueNode& node) { return node.IsScalar() ? node.text : JsonText(node); }

}  // namespace mbench
