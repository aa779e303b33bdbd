// SPDX-License-Identifier: Apache-2.0
//
// What is asked of the data when a run is over:
//
//   {count: patients, filter: {...}, expect: 54654}
//   {aggregate: orders, pipeline: [...], expect: ">= 0"}     the first number of the first document
//   {fields: patients, types: {name: string, stay.to: [date, missing]}}
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "drivers/check_result.h"
#include "drivers/common/expectation.h"
#include "drivers/mongodb/client.h"
#include "drivers/statement.h"
#include "harness/base/complaints.h"

namespace mbench::mongodb {

// A check, as it is sent.
struct Check {
  std::string name;
  BsonPtr command;
  Expectation expect = {};  // of a number
  // Of `fields`: dotted names, and the types that each may have.
  std::vector<std::pair<std::string, std::vector<std::string>>> fields = {};
};

// What is wrong is added to `complaints`.
Check ReadCheck(const StatementSpec& spec, Complaints* complaints);
// Fails with kUnreachable or kUsage when the server does not answer it.
Result<CheckResult> RunCheck(const Check& check, const std::string& database, Admin* admin);

}  // namespace mbench::mongodb
