// SPDX-License-Identifier: Apache-2.0
//
// A comparison for a comment on a pull request or the summary of a CI job: GitHub-flavoured
// Markdown. What comes from workload files and folders can neither format nor mention anybody.
#pragma once

#include <string>
#include <string_view>

#include "reports/model/comparison_model.h"

namespace mbench {

std::string RenderComparisonMarkdown(const ComparisonModel& model);

// Any text as the text it is, in one line.
std::string MarkdownText(std::string_view text);

}  // namespace mbench
