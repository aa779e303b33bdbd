// SPDX-License-Identifier: Apache-2.0
//
// -p recordcount=1000 -p redis.url=redis://127.0.0.1: properties of YCSB on the command line.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/base/result.h"

namespace mbench {

// What stood behind each -p, as name and value; the value may hold anything, also '='. Fails on the
// first word that is no property.
Result<std::vector<std::pair<std::string, std::string>>> ParsePropertyArguments(
    const std::vector<std::string>& words);

}  // namespace mbench
