// SPDX-License-Identifier: Apache-2.0
//
// Commands of the user's, done by the shell.
#pragma once

#include <functional>
#include <string>

namespace mbench {

// Runs `command` to its end; what it says on stdout goes to stderr, because our stdout carries
// results only. `give_up` is asked every 10 ms: when it says true, the command and all that it has
// started are killed. Returns what a shell would say: the exit code, or 128 + the signal; 127 when
// it could not be started. Thread: any.
int RunShell(const std::string& command, const std::function<bool()>& give_up);

}  // namespace mbench
