// SPDX-License-Identifier: Apache-2.0
//
// A row of runs as one JSON object, for `--json`; its fields are listed in reports/README.md.
#pragma once

#include <string>

#include "reports/model/history_model.h"

namespace mbench {

std::string RenderHistoryJson(const HistoryModel& model);

}  // namespace mbench
