// SPDX-License-Identifier: Apache-2.0
//
// Findings of `mbench doctor` as one object:
//
//   {"mbench": "0.1.0", "well": false,
//    "groups": [{"name": "memory", "findings": [
//      {"name": "swappiness", "state": "change", "is": "60", "right": "10 or less", "why": "...",
//       "command": "sysctl -w vm.swappiness=1"}]}]}
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/base/finding.h"

namespace mbench {

std::string RenderFindingsJson(std::span<const FindingGroup> groups, std::string_view version);

}  // namespace mbench
