// SPDX-License-Identifier: Apache-2.0
//
// statements:
//   get_product: {weight: 90, http: "GET /products/{key}", expect: {status: 200}}
//
// What a statement says is the driver's business: its keys are handed on, lists and maps as JSON.
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/config/limits.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kExample = "{weight: 1, sql: \"SELECT 1\"}";

// Unquoted numbers, true, false and null are such in JSON too.
Json ScalarToJson(const YamlNode& node) {
  if (!node.plain) return node.text;
  const Json parsed = Json::parse(node.text, nullptr, false);
  return parsed.is_number() || parsed.is_boolean() || parsed.is_null() ? parsed : Json(node.text);
}

Json ToJson(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return nullptr;
    case YamlNode::Kind::kScalar:
      return ScalarToJson(node);
    case YamlNode::Kind::kList: {
      Json list = Json::array();
      for (const YamlNode& child : node.children) list.push_back(ToJson(child));
      return list;
    }
    case YamlNode::Kind::kMap: {
      Json map = Json::object();
      for (const YamlNode& child : node.children) map[child.key] = ToJson(child);
      return map;
    }
  }
  return nullptr;
}

std::string BodyText(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::kScalar) return node.text;
  return ToJson(node).dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool IsStatementName(std::string_view name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

void CheckName(const YamlNode& node, const ReadState& state) {
  if (!IsStatementName(node.key)) {
    state.mistakes->Add(
        node.key_place,
        fmt::format("{} is no name of a statement; expected at most 64 letters, digits, - and _",
                    Quote(node.key)));
  }
  for (std::size_t i = 0; i < kVerbs; ++i) {
    if (node.key != Name(static_cast<Verb>(i))) continue;
    state.mistakes->Add(node.key_place,
                        fmt::format("a statement cannot be called {}, which is a verb of the mix",
                                    Quote(node.key)));
  }
}

StatementPlan ReadStatement(const YamlNode& node, const ReadState& state) {
  StatementPlan statement;
  statement.name = node.key;
  CheckName(node, state);
  MapReader map(node, fmt::format("statement {}", Quote(node.key)), kExample, state.mistakes);
  map.Need("weight", "weight: 1");
  map.Number("weight", {0, limits::kWeight, "0 or more, such as 90"}, &statement.weight);
  map.Text("label", &statement.label);
  for (const YamlNode& child : node.children) {
    if (child.key == "weight" || child.key == "label") continue;
    map.Find(child.key);
    statement.body.emplace(child.key, BodyText(child));
  }
  map.Finish();
  if (node.kind == YamlNode::Kind::kMap && statement.body.empty()) {
    state.mistakes->Add(
        node.Head(),
        fmt::format("statement {} says nothing to the system; expected something like {}",
                    Quote(node.key), kExample));
  }
  return statement;
}

}  // namespace

void ReadStatements(const YamlNode& node, const ReadState& state) {
  MapReader map(node, "statements", fmt::format("{{get: {}}}", kExample), state.mistakes);
  double sum = 0;
  const std::size_t mistakes_before = state.mistakes->Count();
  for (const YamlNode& child : node.children) {
    map.Find(child.key);
    state.plan->mix.statements.push_back(ReadStatement(child, state));
    sum += state.plan->mix.statements.back().weight;
  }
  map.Finish();
  if (node.kind != YamlNode::Kind::kMap || state.mistakes->Count() != mistakes_before) return;
  if (sum == 0) state.mistakes->Add(node.Head(), "no statement has a weight above 0");
}

}  // namespace mbench
