// SPDX-License-Identifier: Apache-2.0
//
// What the commands that compare (diff, gate, calibrate, history) have in common: runs in, a
// comparison out.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/cmd/exit_code.h"
#include "harness/plan/run_plan.h"
#include "reports/compare/run_sample.h"
#include "reports/compare/verdict.h"
#include "reports/model/comparison_model.h"

namespace mbench {

// 0: better, same, not worse. 1: worse, or the offered load is too much for B. 3: changed,
// inconclusive, suggestive.
// 4: invalid, incomparable.
ExitCode ExitCodeOf(Verdict verdict);

// From the `compare` section of a plan, and from what a result kept of it.
CompareOptions OptionsOfPlan(const RunPlan& plan);
Result<CompareOptions> OptionsOfResult(const std::string& path);

// What must be the same, of a run of this plan that did not take place yet; of driver and plan
// only.
RunIdentity IdentityOf(const RunPlan& plan);

// Result folders as samples, with the percentiles that the primary metrics ask for. Fails on the
// first one that cannot be read.
Result<std::vector<RunSample>> LoadRuns(std::span<const std::string> paths,
                                        const CompareOptions& options);

// Fails with kUsage when a result is given twice, also as a copy of its folder.
Status CheckDistinct(std::span<const RunSample> runs);

// What stored runs of two sides are called. REQUIRES: none is empty.
ComparisonSubject SubjectOf(std::span<const RunSample> a, std::span<const RunSample> b,
                            const std::vector<std::string>& folders_a,
                            const std::vector<std::string>& folders_b);
// What differs on purpose is found and noted in `subject`.
ComparisonModel CompareSides(std::span<const RunSample> a, std::span<const RunSample> b,
                             const CompareOptions& options, ComparisonSubject subject);

// On stdout, as a table or as one object.
void PrintComparison(const ComparisonModel& model, bool json);

}  // namespace mbench
