// SPDX-License-Identifier: Apache-2.0
//
// A check of data that asks for one value (StatementSet::checks), whatever it is asked in: the
// value has to be a number that was written down, or what another system says.
#pragma once

#include <string>

#include "drivers/check_result.h"
#include "drivers/common/expectation.h"
#include "drivers/statement_reader.h"

namespace mbench {

// `of`: the heads they go with.
constexpr WordSpec ExpectWord(std::string_view of = {}) {
  return {.name = "expect",
          .help = "what the number has to be",
          .example = "\">= 1000\"",
          .of = of,
          .where = kInCheck};
}
constexpr WordSpec EqualToWord(std::string_view of = {}) {
  return {.name = "equal_to",
          .help = "another system of the file, which has to give the same answer",
          .example = "replica",
          .of = of,
          .where = kInCheck};
}

struct ValueCheck {
  std::string name;
  bool compared = false;  // with another system, by whoever asks both: the answer is all
  Expectation expect = {};
};

// From the words above. `fallback`: what is expected when neither is said; nullptr: that is wrong.
ValueCheck ReadValueCheck(StatementReader* reader, const Expectation* fallback = nullptr);

// `answer`: "": there was none, or it was NULL.
CheckResult JudgeValue(const ValueCheck& check, const std::string& answer);

}  // namespace mbench
