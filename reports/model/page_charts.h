// SPDX-License-Identifier: Apache-2.0
//
// The charts of a page. `a` is null when there is no baseline; it is drawn beside `b` then. A chart
// for which nothing was measured is Empty().
#pragma once

#include <string>
#include <vector>

#include "reports/model/page_side.h"

namespace mbench {

inline constexpr double kLatencyChartHeight = 320;
ChartAxis LatencyAxis(const std::string& title);

// Over time (time_charts.cc).
Chart MakeLatencyChart(const PageSide& b, const PageSide* a);
// By op, each percentile a line of the legend; nothing of a single op.
Chart MakeOpLatencyChart(const PageSide& b);
Chart MakeRateChart(const PageSide& b, const PageSide* a);
Chart MakeClientsChart(const PageSide& b, const PageSide* a);
Chart MakeErrorChart(const PageSide& b);
Chart MakeBytesChart(const PageSide& b, const PageSide* a);
Chart MakeItemsChart(const PageSide& b, const PageSide* a);
// The axis of these, and stages, the drain and events of the run that is shown, on it.
ChartAxis TimeAxis();
void AddTimes(const RunResult& run, Chart* chart);

Chart MakePercentileChart(const PageSide& b, const PageSide* a);
PageHeat MakeHeat(const PageSide& side, bool baseline);
// Latency and answered ops against the level of the load; the knee is marked in the first.
std::vector<Chart> MakeLoadLevelCharts(const PageSide& b, const PageSide* a);
Chart MakeShiftChart(const ComparisonModel& comparison);

}  // namespace mbench
