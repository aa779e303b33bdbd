// SPDX-License-Identifier: Apache-2.0
//
// A comparison as one JSON object, for `--json`; its fields are listed in reports/README.md.
#pragma once

#include <string>

#include "reports/model/comparison_model.h"

namespace mbench {

std::string RenderComparisonJson(const ComparisonModel& model);

}  // namespace mbench
