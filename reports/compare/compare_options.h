// SPDX-License-Identifier: Apache-2.0
//
// How runs of a workload are to be compared, from what their results kept of its `compare` section.
#pragma once

#include <string>

#include "reports/compare/verdict.h"

namespace mbench {

// Primary metrics and margins of a stored plan (RunIdentity::plan_json); the defaults where it has
// none. Fails with kInvalid on text that is no such plan.
Result<CompareOptions> OptionsFromPlan(const std::string& plan_json);

// rate, p50 and p99 of all ops together.
std::vector<MetricName> DefaultPrimary();
// The metrics that decide: those of the options, else the default ones, and in any case the errors
// of all ops. A system that gives up sooner is faster in every other number.
std::vector<MetricName> PrimaryOf(const CompareOptions& options);
// Those that decide, and those that a margin names: samples have to have them.
std::vector<MetricName> AskedFor(const CompareOptions& options);
// From the options, else the default of its kind. A part of A's value; of errors a difference.
double MarginOf(const MetricName& metric, const CompareOptions& options);

}  // namespace mbench
