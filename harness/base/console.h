// SPDX-License-Identifier: Apache-2.0
//
// What people read while the program works.
#pragma once

#include <cstddef>
#include <string_view>

namespace mbench {

// A line on stderr. That nobody reads it any more (`2>&1 | head -1`) is no reason to end a run.
void WriteToStderr(std::string_view line);

// How wide what is written there may be: the columns of the terminal, at least 60; 0: it is none,
// so as wide as it gets.
std::size_t ColumnsOf(int fd);

}  // namespace mbench
