// SPDX-License-Identifier: Apache-2.0
//
// What people read while the program works.
#pragma once

#include <string_view>

namespace mbench {

// A line on stderr. That nobody reads it any more (`2>&1 | head -1`) is no reason to end a run.
void WriteToStderr(std::string_view line);

}  // namespace mbench
