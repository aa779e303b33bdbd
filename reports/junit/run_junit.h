// SPDX-License-Identifier: Apache-2.0
//
// One run as JUnit XML: a test case for the run itself (invalid: error), one per objective (broken:
// failure; nothing to judge it by: skipped) and one per check of the data.
#pragma once

#include <string>

#include "reports/model/run_model.h"

namespace mbench {

// `timestamp`: UTC, "2026-01-31T12:34:56".
std::string RenderRunJunit(const RunModel& model, const std::string& timestamp);

}  // namespace mbench
