// SPDX-License-Identifier: Apache-2.0
//
// One run for a comment on a pull request or the summary of a CI job: GitHub-flavoured Markdown.
#pragma once

#include <string>

#include "reports/model/run_model.h"

namespace mbench {

std::string RenderRunMarkdown(const RunModel& model);

}  // namespace mbench
