// SPDX-License-Identifier: Apache-2.0
//
// One setting of a host or a server, as `mbench doctor` shows it: what it is, what would be right,
// why, and what changes it. Whoever knows the setting fills it in; nobody changes anything.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/base/names.h"

namespace mbench {

// kMind: it is as it may be, and moves numbers all the same. kUnknown: it cannot be known from
// here, as in a container or on another host.
enum class FindingState { kWell, kMind, kChange, kUnknown };
template <>
inline constexpr auto kNamesOf<FindingState> = Names("well", "mind", "change", "unknown");

struct Finding {
  std::string name;  // "swappiness"
  FindingState state = FindingState::kWell;
  std::string is;       // "60"; with kUnknown why nobody knows, or ""
  std::string right;    // "10 or less"
  std::string why;      // a sentence without its end
  std::string command;  // "sysctl -w vm.swappiness=10"; "": there is none
};

// Those of one part of a host, or of a server.
struct FindingGroup {
  std::string name;  // "memory"
  std::vector<Finding> findings;
};

// Whether nothing ought to be changed.
inline bool AllWell(std::span<const FindingGroup> groups) {
  for (const FindingGroup& group : groups)
    for (const Finding& finding : group.findings)
      if (finding.state == FindingState::kChange) return false;
  return true;
}

}  // namespace mbench
