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
#include "harness/plan/run_plan.h"

namespace mbench {

using Environment = std::function<std::optional<std::string>(const std::string&)>;

struct Expansion {
  std::string text;
  std::string mistake;               // what cannot be replaced; "" when all was
  std::vector<std::string> values;   // of variables that the environment has
  std::vector<std::string> secrets;  // those of them whose names look secret
};
Expansion ExpandVariables(std::string_view written, const Environment& environment);

// Every value below `node`. Secrets are hidden from `mistakes`, and what came from the environment
// is added to `plan`, as what must not be shown or stored.
void ExpandTree(const Environment& environment, ValueNode* node, RunPlan* plan, Mistakes* mistakes);

// A value that may be stored because it says nothing but how much: a number with its unit, or a
// word that is too short to tell from others.
bool IsPlainValue(std::string_view value);

// Whether a value is one variable and nothing else, without a default: how a secret has to be
// given.
bool IsBareVariable(std::string_view written);

}  // namespace mbench
