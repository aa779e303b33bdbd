// SPDX-License-Identifier: Apache-2.0
//
// `--set load.over=10s`: one value of the parsed tree is replaced or added, before it is read. A
// path that means nothing is found then, as an unknown key.
#pragma once

#include <vector>

#include "harness/config/workload_reader.h"
#include "harness/config/yaml_tree.h"

namespace mbench {

void ApplyOverrides(const std::vector<Override>& overrides, ValueNode* root, Mistakes* mistakes);

}  // namespace mbench
