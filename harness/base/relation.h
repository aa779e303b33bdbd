// SPDX-License-Identifier: Apache-2.0
//
// What a measured number has to be to a given one: `< 10`, `>= 5`, `= 54654`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mbench {

enum class Relation : std::uint8_t { kBelow, kAtMost, kAbove, kAtLeast, kEqual };

std::string_view SignOf(Relation relation);  // "<="
bool Holds(Relation relation, double measured, double limit);
inline bool WantsLess(Relation relation) {
  return relation == Relation::kBelow || relation == Relation::kAtMost;
}

// The sign at the front of a text, and how long it is; 0: there is none, which is kEqual.
struct LeadingRelation {
  Relation relation = Relation::kEqual;
  std::size_t length = 0;
};
LeadingRelation SplitRelation(std::string_view text);

}  // namespace mbench
