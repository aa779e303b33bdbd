// SPDX-License-Identifier: Apache-2.0
//
// What the number of a check has to be (StatementSet::checks).
#pragma once

#include <string>
#include <string_view>

#include "harness/base/relation.h"
#include "harness/base/result.h"

namespace mbench {

// `expect: 54654` or `expect: ">= 1000"`: what a check has to come to.
struct Expectation {
  Relation relation = Relation::kEqual;
  double value = 0;

  bool Holds(double measured) const { return mbench::Holds(relation, measured, value); }
  std::string Text() const;  // "= 54,654"
};
// Fails with kUsage.
Result<Expectation> ParseExpectation(std::string_view text);

}  // namespace mbench
