// SPDX-License-Identifier: Apache-2.0
//
// A comparison for a terminal or a pull request: what was compared, the table of metrics, why each
// primary one got its verdict, where the distributions differ, and what was left out.
#pragma once

#include <string>

#include "reports/model/comparison_model.h"
#include "reports/text/run_table.h"

namespace mbench {

std::string RenderComparisonTable(const ComparisonModel& model, const TextStyle& style);

}  // namespace mbench
