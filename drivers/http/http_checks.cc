// SPDX-License-Identifier: Apache-2.0
#include "drivers/http/http_checks.h"

#include <algorithm>
#include <array>

namespace mbench {

HttpCheck ReadHttpCheck(const StatementSpec& spec, const HttpCommon& common,
                        Complaints* complaints) {
  HttpCheck check{.value = {.name = spec.name}};
  StatementReader reader({"http", kHttpWords}, spec, complaints);
  if (reader.Head() == nullptr || !reader.Right()) return check;
  check.value = ReadValueCheck(&reader);
  // The same request as a statement, whose results would be split by that value.
  StatementSpec asked = spec;
  asked.use = StatementUse::kRun;
  constexpr std::array<std::string_view, 2> kOurs = {"expect", "equal_to"};
  std::erase_if(asked.body.children, [&](const ValueNode& word) {
    return std::ranges::find(kOurs, word.key) != kOurs.end();
  });
  for (ValueNode& word : asked.body.children)
    if (word.key == "value") word.key = "label";
  check.request = ReadHttpStatement(asked, common, complaints);
  return check;
}

}  // namespace mbench
