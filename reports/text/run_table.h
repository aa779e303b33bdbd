// SPDX-License-Identifier: Apache-2.0
//
// One run for a terminal: the table of ops, the identity, validity, SLOs, and the folder.
#pragma once

#include <string>

#include "harness/result/run_result.h"

namespace mbench {

struct TextStyle {
  bool color = false;
};

std::string RenderRunTable(const RunResult& result, const TextStyle& style);

}  // namespace mbench
