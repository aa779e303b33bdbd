// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/expectation.h"

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {

std::string Expectation::Text() const {
  return fmt::format("{} {}", SignOf(relation), NumberText(value));
}

Result<Expectation> ParseExpectation(std::string_view text) {
  const std::string_view all = Trim(text);
  const auto [relation, length] = SplitRelation(all);
  const Result<double> number = ParseNumber(all.substr(length));
  if (number) return Expectation{.relation = relation, .value = *number};
  return BadConfig("expect is not right: {}; expected a number such as 54654, or \">= 1000\"",
                   Quote(text));
}

}  // namespace mbench
