// SPDX-License-Identifier: Apache-2.0
//
// One run for a terminal: the table of ops, the identity, validity, SLOs, and the folder.
#pragma once

#include <string>

#include "harness/result/run_result.h"
#include "reports/model/run_findings.h"
#include "reports/text/columns.h"

namespace mbench {

std::string RenderRunTable(const RunResult& result, const TextStyle& style,
                           const RunFindings& found = {});

}  // namespace mbench
