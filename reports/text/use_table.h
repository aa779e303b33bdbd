// SPDX-License-Identifier: Apache-2.0
//
// What limits, on a terminal.
#pragma once

#include <string>

#include "reports/model/use_comparison.h"
#include "reports/text/columns.h"

namespace mbench {

// "LIMIT     First to saturate is ..."; no end of a line. REQUIRES: there are columns.
std::string UseLimit(const UseComparison& use, const TextStyle& style);
// Resources by utilisation, saturation and errors, loads beside each other; an empty line before
// them. "" when there are none.
std::string RenderUse(const UseComparison& use, const TextStyle& style);

}  // namespace mbench
