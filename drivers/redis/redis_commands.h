// SPDX-License-Identifier: Apache-2.0
//
// What has to be known of single commands of Redis: which cannot be a statement, and which word of
// one is its key.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/text_template.h"

namespace mbench {

using RedisCommand = std::vector<TextTemplate>;  // its words

// Why a command cannot be a statement, and what to write instead; "": it can. Such a command has no
// reply of its own, or the ops behind it on its connection would be others than what is written.
std::string WhyNoStatement(const RedisCommand& command);

// Asks a server for the keys in the words of a command (COMMAND GETKEYS); fails when it does not
// tell.
using AskForKeys =
    std::function<Result<std::vector<std::string>>(const std::vector<std::string>& words)>;

struct RedisKeyWord {
  bool known = false;                    // the server said
  std::optional<std::size_t> word = {};  // nothing: the command has no key
};

// Which word of a command is its first key. `arguments`: how many its statement has.
RedisKeyWord FindKeyWord(const RedisCommand& command, std::size_t arguments, const AskForKeys& ask);

}  // namespace mbench
