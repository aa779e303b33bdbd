// SPDX-License-Identifier: Apache-2.0
//
// YAML as a tree in which every value knows its place.
//
// Built from the events of yaml-cpp and not from its nodes: those hide duplicate keys, share
// aliased branches, and have no limits.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/config/mistakes.h"

namespace mbench {

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  std::string text;     // kScalar: the value, after ${VAR} was replaced
  std::string written;  // kScalar: as it stands in the file
  bool plain = true;    // kScalar: not quoted, so that 5 may mean a number
  bool failed = false;  // kScalar: a variable in it has no value; that was reported
  Place place;
  std::string key;  // its name, when it is a value in a map
  Place key_place;
  std::vector<YamlNode> children;

  // Where a message about the value as a whole points to: its name when it has one.
  const Place& Head() const { return key.empty() ? place : key_place; }
  YamlNode* Child(std::string_view name);
  const YamlNode* Child(std::string_view name) const;
};

// "a list", "a map", "text", "nothing".
std::string_view Describe(YamlNode::Kind kind);

inline constexpr std::size_t kDeepestYaml = 32;
// Values in one file, aliases counted as what they stand for.
inline constexpr std::size_t kMostYamlValues = 20'000;

// The one document in `text`, which is source number `source` of `mistakes`. What is not YAML or is
// beyond the limits becomes a mistake there; then the tree is empty.
YamlNode ParseYaml(const std::string& text, std::uint32_t source, Mistakes* mistakes);

}  // namespace mbench
