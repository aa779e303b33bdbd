// SPDX-License-Identifier: Apache-2.0
//
// Statements of memcached, as they stand in a workload file:
//
//   {get: "user:{id}"}                                 {delete: "user:{id}"}
//   {set: "user:{id}", value: "{body}", ttl: 60s}      {cas: "user:{id}", value: "{body}"}
//   {incr: "hits:{page}", by: 2}                       {touch: "user:{id}", ttl: 1h}
#pragma once

#include <span>
#include <string>
#include <vector>

#include "drivers/statement.h"
#include "harness/base/clock.h"
#include "harness/base/result.h"
#include "harness/base/text_template.h"

namespace mbench::memcached {

struct Statement {
  enum class Kind { kGet, kSet, kDelete, kCas, kIncr, kTouch };
  Kind kind = Kind::kGet;
  TextTemplate key;
  TextTemplate value;   // set, cas
  TextTemplate number;  // set, cas, touch: time to live in seconds; incr: how much
};

// `ttl` is what set and cas use that say nothing of it: seconds, "" for ever. Fails with kUsage,
// naming the statement.
Result<std::vector<Statement>> ReadStatements(std::span<const StatementSpec> specs,
                                              const std::string& ttl);

// Whole seconds as memcached wants them. It would take more than 30 days for a date.
Result<std::string> TtlText(Ticks ttl);

}  // namespace mbench::memcached
