// SPDX-License-Identifier: Apache-2.0
//
// ${VAR} and ${VAR:-default} in the values of a workload file.
//
// Replaced in the parsed tree, never in the text, so that a value from the environment cannot bring
// YAML with it. `$${` stands for a plain `${`. As in a shell, the default also takes the place of
// an empty variable.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/config/yaml_tree.h"

namespace mbench {

using Environment = std::function<std::optional<std::string>(const std::string&)>;

struct Expansion {
  std::string text;
  std::string mistake;               // what cannot be replaced; "" when all was
  std::vector<std::string> secrets;  // values of variables whose names look secret
};
Expansion ExpandVariables(std::string_view written, const Environment& environment);

// Every value below `node`. Secrets are added to `secrets` and hidden from `mistakes`.
void ExpandTree(const Environment& environment, ValueNode* node, std::vector<std::string>* secrets,
                Mistakes* mistakes);

// Whether a value is one variable and nothing else, without a default: how a secret has to be
// given.
bool IsBareVariable(std::string_view written);

}  // namespace mbench
