// SPDX-License-Identifier: Apache-2.0
//
// Commands of the user's, done by the shell.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace mbench {

struct ShellTask {
  std::string command;
  // NAME=VALUE; null: that of this process.
  const std::vector<std::string>* environment = nullptr;
  // What it says on stdout and stderr is read, and so many of its last bytes are kept. 0: it goes
  // to our stderr, because our stdout carries results only.
  std::size_t keep = 0;
  // Asked every 10 ms, if there is one: when it says true, the command and all that it has started
  // and that still runs under it are killed.
  std::function<bool()> give_up;
};

struct ShellEnd {
  // What a shell would say: the exit code, or 128 + the signal; 127 when it could not be started.
  int exit_code = 127;
  bool killed = false;
  std::string output;              // its end
  std::uint64_t output_bytes = 0;  // all of it
};

// Runs a command to its end. It reads nothing. What it leaves running in the background when it
// ends by itself goes on, but what that says then is no longer read. Thread: any.
ShellEnd RunShell(const ShellTask& task);

// The exit code of a command whose output goes to our stderr.
inline int RunShell(const std::string& command, std::function<bool()> give_up) {
  return RunShell({.command = command, .give_up = std::move(give_up)}).exit_code;
}

}  // namespace mbench
