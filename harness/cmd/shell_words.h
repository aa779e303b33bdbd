// SPDX-License-Identifier: Apache-2.0
//
// Words as a shell takes them whole. Thread: any.
#pragma once

#include <string>
#include <vector>

namespace mbench {

// In quotes where it needs them.
std::string ShellWord(const std::string& word);
// A command with its arguments.
std::string ShellLine(const std::vector<std::string>& words);

}  // namespace mbench
