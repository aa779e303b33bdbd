// SPDX-License-Identifier: Apache-2.0
//
// A row of runs for a terminal: the range of every metric, and every change of its level.
#pragma once

#include <string>

#include "reports/model/history_model.h"
#include "reports/text/run_table.h"

namespace mbench {

std::string RenderHistoryTable(const HistoryModel& model, const TextStyle& style);

}  // namespace mbench
