// SPDX-License-Identifier: Apache-2.0
//
// Pages (reports/html) of stored results.
#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/cmd/exit_code.h"
#include "harness/cmd/output_file.h"
#include "reports/model/comparison_model.h"

namespace mbench {

// The first result alone, or as the baseline of the others. Fails when one cannot be read.
Result<std::string> MakePage(const std::vector<std::string>& results);
// Two sides that were compared already.
Result<std::string> MakePage(const std::vector<std::string>& a, const std::vector<std::string>& b,
                             const ComparisonModel& comparison);

// Whether it is the folder of a search (mbench find), or its find.json.
bool IsSearch(const std::string& path);

// The comparison on stdout, and its page in `html` when that was asked for. The exit code is that
// of the verdict, or of a page that could not be written.
ExitCode ShowComparison(const ComparisonModel& model, bool json, OutputFile* html);

}  // namespace mbench
