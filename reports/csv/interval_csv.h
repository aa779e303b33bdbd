// SPDX-License-Identifier: Apache-2.0
//
// A run as rows of comma-separated values (RFC 4180, lines end with \n): one per second and op, and
// one called "all". The columns are described in reports/README.md; their names carry units.
#pragma once

#include <string>

#include "harness/result/run_result.h"

namespace mbench {

std::string IntervalCsvHeader();

// The rows of one interval of the run; none of the warm-up, which is not measured.
std::string IntervalCsvRows(const RunResult& run, const Interval& interval);

}  // namespace mbench
