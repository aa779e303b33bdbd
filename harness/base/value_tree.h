// SPDX-License-Identifier: Apache-2.0
//
// What a person wrote, as a tree in which every value knows its place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/place.h"

namespace mbench {

struct ValueNode {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  std::string text;     // kScalar: the value, after ${VAR} was replaced
  std::string written;  // kScalar: as it stands in the file
  bool plain = true;    // kScalar: not quoted, so that 5 may mean a number
  bool failed = false;  // kScalar: a variable in it has no value; that was reported
  Place place;
  std::string key;  // its name, when it is a value in a map
  Place key_place;
  std::vector<ValueNode> children;

  // Where a message about the value as a whole points to: its name when it has one.
  const Place& Head() const { return key.empty() ? place : key_place; }
  ValueNode* Child(std::string_view name);
  const ValueNode* Child(std::string_view name) const;

  bool IsMap() const { return kind == Kind::kMap; }
  bool IsList() const { return kind == Kind::kList; }
  bool IsScalar() const { return kind == Kind::kScalar; }
};

// "a list", "a map", "text", "nothing".
std::string_view Describe(ValueNode::Kind kind);

// As JSON in one line: maps keep their order, and scalars that are not quoted are numbers, true,
// false or null where they look so.
std::string JsonText(const ValueNode& node);

// The text of a scalar as it is, of anything else as JSON.
std::string TextOf(const ValueNode& node);

}  // namespace mbench
