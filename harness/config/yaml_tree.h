// SPDX-License-Identifier: Apache-2.0
//
// YAML -> ValueNode.
//
// Built from the events of yaml-cpp and not from its nodes: those hide duplicate keys, share
// aliased branches, and have no limits.
#pragma once

#include <cstddef>
#include <string>

#include "harness/base/value_tree.h"
#include "harness/config/mistakes.h"

namespace mbench {

inline constexpr std::size_t kDeepestYaml = 32;
// Values in one file, aliases counted as what they stand for.
inline constexpr std::size_t kMostYamlValues = 20'000;

// The one document in `text`, which is source number `source` of `mistakes`. What is not YAML or is
// beyond the limits becomes a mistake there; then the tree is empty.
ValueNode ParseYaml(const std::string& text, std::uint32_t source, Mistakes* mistakes);

}  // namespace mbench
