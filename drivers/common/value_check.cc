// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/value_check.h"

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {

ValueCheck ReadValueCheck(StatementReader* reader, const Expectation* fallback) {
  const ValueNode* const said = reader->Find("expect");
  ValueCheck check{.name = reader->Statement().name, .compared = reader->Says("equal_to")};
  if (said != nullptr && check.compared) {
    reader->Complain(*said, "expect does not go with equal_to; expected one of them");
  } else if (said != nullptr) {
    const Result<Expectation> expect = ParseExpectation(said->text);
    if (expect)
      check.expect = *expect;
    else
      reader->Complain(*said, expect.error().message);
  } else if (!check.compared && fallback == nullptr) {
    reader->Complain(reader->Head()->name,
                     "there is nothing to hold it against; write what it has to be, such as "
                     "expect: \">= 1000\", or the system that has to say the same, equal_to: NAME");
  } else if (!check.compared) {
    check.expect = *fallback;
  }
  return check;
}

CheckResult JudgeValue(const ValueCheck& check, const std::string& answer) {
  CheckResult result{.what = check.name};
  if (check.compared) {
    result.measured = answer.empty() ? "nothing" : answer;
    result.ok = true;
    return result;
  }
  const Result<double> number = ParseNumber(answer);
  result.target = check.expect.Text();
  result.measured = number ? NumberText(*number) : answer.empty() ? "nothing" : Quote(answer);
  result.ok = number && check.expect.Holds(*number);
  return result;
}

}  // namespace mbench
