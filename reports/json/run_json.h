// SPDX-License-Identifier: Apache-2.0
//
// One run as one JSON object, for `--json`: run.json as run.schema.json beside this file describes
// it, with the folder where it is and what is found in it, and without the series and the
// digests of what is stored there.
#pragma once

#include <string>

#include "harness/result/run_result.h"
#include "reports/model/run_findings.h"

namespace mbench {

std::string RenderRunJson(const RunResult& result, const RunFindings& found = {});

}  // namespace mbench
