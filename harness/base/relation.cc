// SPDX-License-Identifier: Apache-2.0
#include "harness/base/relation.h"

#include <array>

namespace mbench {
namespace {

struct Sign {
  std::string_view text;
  Relation relation;
};

// The longer ones first.
constexpr std::array<Sign, 6> kSigns = {{{"<=", Relation::kAtMost},
                                         {">=", Relation::kAtLeast},
                                         {"==", Relation::kEqual},
                                         {"<", Relation::kBelow},
                                         {">", Relation::kAbove},
                                         {"=", Relation::kEqual}}};

}  // namespace

std::string_view SignOf(Relation relation) {
  constexpr std::array<std::string_view, 5> kNames = {"<", "<=", ">", ">=", "="};
  return kNames[static_cast<std::size_t>(relation)];
}

bool Holds(Relation relation, double measured, double limit) {
  switch (relation) {
    case Relation::kEqual:
      return measured == limit;
    case Relation::kBelow:
      return measured < limit;
    case Relation::kAtMost:
      return measured <= limit;
    case Relation::kAbove:
      return measured > limit;
    case Relation::kAtLeast:
      return measured >= limit;
  }
  return false;
}

LeadingRelation SplitRelation(std::string_view text) {
  for (const Sign& sign : kSigns)
    if (text.starts_with(sign.text)) return {sign.relation, sign.text.size()};
  return {};
}

}  // namespace mbench
