// SPDX-License-Identifier: Apache-2.0
//
// The tables of a page. `a` is null when there is no baseline.
#pragma once

#include "reports/model/page_side.h"

namespace mbench {

// What a reader checks before believing the rest.
PageTable MakeTrustTable(const PageSide& b, const PageSide* a);
// Every run of both sides.
PageTable MakeRunsTable(const PageSource& source);
PageTable MakeOpTable(const PageSide& b, const PageSide* a, const ComparisonModel* comparison);
// Errors by class, and how long ops took that ended in one (error_tables.cc); without rows when
// there were none.
PageTable MakeErrorTable(const PageSide& b, const PageSide* a);
PageTable MakeFailedTable(const PageSide& b);
// Items and bytes by op.
PageTable MakeMovedTable(const PageSide& b, const PageSide* a);
// Objectives, when the run has any.
PageTable MakeSloTable(const RunModel& run);
PageTable MakeCheckTable(const RunModel& run);
// What its events did to a run, and what its commands said.
PageTable MakeOutageTable(const RunModel& run);
PageTable MakeEventTable(const RunModel& run);
PageTable MakeLevelTable(const PageSide& b);
PageTable MakeMetricTable(const ComparisonModel& comparison);
// The same without a verdict: what the runs came to, greyed.
PageTable MakeFigureMetricTable(const ComparisonModel& comparison);
PageTable MakeDifferenceTable(const std::string& id, const std::string& caption,
                              const std::vector<PlanDifference>& differences);
// How the system was set up, and what of it the run has changed; without rows when it said nothing.
PageTable MakeFactsTable(const PageSide& b);
PageTable MakeEnvironmentTable(const PageSide& b, const PageSide* a);

}  // namespace mbench
