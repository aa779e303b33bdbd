// SPDX-License-Identifier: Apache-2.0
//
// One run as one JSON object, for `--json`: what the table says, in numbers with units in their
// names.
#pragma once

#include <string>

#include "harness/result/run_result.h"

namespace mbench {

std::string RenderRunJson(const RunResult& result);

}  // namespace mbench
