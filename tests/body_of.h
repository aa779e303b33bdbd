// SPDX-License-Identifier: Apache-2.0
//
// The words of a statement for tests that have no workload file.
#pragma once

#include <map>
#include <string>

#include "drivers/statement.h"

namespace mbench {

// Word -> value as a file has it; lists and maps as JSON.
ValueNode BodyOf(const std::map<std::string, std::string>& words);

// Sets one word of a statement.
void Say(StatementSpec* statement, const std::string& word, const std::string& value);

}  // namespace mbench
