// SPDX-License-Identifier: Apache-2.0
//
// Findings of `mbench doctor` for a terminal: a line for what is well; for the rest what would be
// right, why, and the command that changes it.
#pragma once

#include <span>
#include <string>

#include "harness/base/finding.h"
#include "reports/text/columns.h"

namespace mbench {

std::string RenderFindings(std::span<const FindingGroup> groups, const TextStyle& style);

// "2 to change, 1 to keep in mind, 3 that cannot be known here; nothing was changed"
std::string SumUpFindings(std::span<const FindingGroup> groups);

}  // namespace mbench
