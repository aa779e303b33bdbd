// SPDX-License-Identifier: Apache-2.0
//
// What the number of a check has to be (StatementSet::checks).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace mbench {

// `expect: 54654` or `expect: ">= 1000"`: what a check has to come to.
struct Expectation {
  enum class Kind { kEqual, kBelow, kAtMost, kAbove, kAtLeast };
  Kind kind = Kind::kEqual;
  double value = 0;

  bool Holds(double measured) const;
  std::string Text() const;  // "= 54,654"
};
// Fails with kUsage.
Result<Expectation> ParseExpectation(std::string_view text);

// "54,654", "0.25".
std::string NumberText(double number);
inline std::string CountText(std::uint64_t count) { return NumberText(static_cast<double>(count)); }

}  // namespace mbench
