// SPDX-License-Identifier: Apache-2.0
//
// What the environment of the process says. Thread: any, as long as nobody sets a variable.
#pragma once

#include <optional>
#include <string>

namespace mbench {

// A variable; nullopt: not set.
std::optional<std::string> ProcessEnvironment(const std::string& name);

// A terminal that understands escape codes: TERM is set, and is not "dumb".
bool IsTerminal(int fd);

// NO_COLOR is not set, or empty (https://no-color.org).
bool WantsColor();

}  // namespace mbench
