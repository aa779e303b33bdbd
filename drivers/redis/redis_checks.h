// SPDX-License-Identifier: Apache-2.0
//
// What Redis is asked of its data when a run is over:
//
//   {redis: "LLEN queue", expect: 0}
//   {keys: "price:*", expect: ">= 1000"}         how many keys are called so, in all of a cluster
//   {redis: "GET total", equal_to: other}        the same answer as another system of the file
#pragma once

#include <string>
#include <vector>

#include "drivers/common/value_check.h"
#include "drivers/redis/resp.h"
#include "drivers/statement_reader.h"

namespace mbench {

struct RedisCheck {
  ValueCheck value;
  std::vector<std::string> words;  // of a command; none: `pattern`
  std::string pattern;             // of keys
};

// What is wrong is added to `complaints`.
RedisCheck ReadRedisCheck(const StatementSpec& spec, Complaints* complaints);

// What a reply comes to: a number or a text, of a list how long it is; "": nil.
std::string TextOf(const RespValue& reply);

}  // namespace mbench
