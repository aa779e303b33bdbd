// SPDX-License-Identifier: Apache-2.0
//
// The verdict in one sentence with its numbers, as every report ends with it:
//
//   p99(read) is 12 % slower (11 to 14 %), 1.00ms -> 1.12ms; your margin is 10 %
#pragma once

#include <string>

#include "reports/model/comparison_model.h"

namespace mbench {

// "p99(read) is 12 % slower (11 to 14 %), 1.00ms -> 1.12ms"
std::string ChangeSentence(const ComparedMetric& metric);

// Of the metric that decides. REQUIRES: `model` has metrics and a verdict that rests on them.
std::string VerdictSentence(const ComparisonModel& model);

}  // namespace mbench
