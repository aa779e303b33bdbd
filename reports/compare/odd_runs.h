// SPDX-License-Identifier: Apache-2.0
//
// What was different about a run that is far from the others: what the host and the system were
// doing, beside what they did in the other runs of its side.
#pragma once

#include <cstddef>

#include "reports/compare/sessions.h"
#include "reports/compare/verdict.h"

namespace mbench {

// Of runs[index], for the metric in which it is odd; `side` and `run` are left to the caller.
OddRun DescribeOddRun(const MetricName& metric, const RunPointers& runs, std::size_t index);

// "A results/a-3: p99 is 1.52 times the median of its side; steal 12% instead of 0.1%"
std::string Describe(const OddRun& odd);

}  // namespace mbench
