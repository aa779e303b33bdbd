// SPDX-License-Identifier: Apache-2.0
//
// All commands: what `mbench` alone lists, what the parser knows, and what completions are made of.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cmd/commands.h"

namespace mbench {

struct Command {
  const char* name;
  const char* about;
  const char* example;
  Action (*add)(CLI::App*);
};

std::span<const Command> AllCommands();
std::vector<std::string_view> CommandNames();

// All of them with an example each, for a terminal of `width` columns.
std::string ListCommands(std::size_t width);

}  // namespace mbench
