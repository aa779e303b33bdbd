// SPDX-License-Identifier: Apache-2.0
//
// A comparison as JUnit XML, which CI systems show beside the tests: one test case per primary
// metric (worse: failure; inconclusive or too few runs: skipped), and one for the runs themselves
// (invalid or incomparable: error; B cannot carry the load: failure).
#pragma once

#include <string>

#include "reports/model/comparison_model.h"

namespace mbench {

// `timestamp`: UTC, "2026-01-31T12:34:56".
std::string RenderComparisonJunit(const ComparisonModel& model, const std::string& timestamp);

}  // namespace mbench
