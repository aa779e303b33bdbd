// SPDX-License-Identifier: Apache-2.0
//
// What the system said of itself during the run, and what was known of the host of mbench, for a
// page: beside latency on the axis of time, and as means of the whole run, where two sides are to
// be compared.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reports/model/page_side.h"

namespace mbench {

// A chart for every unit, and more where there are many lines; none when nothing was said.
std::vector<Chart> MakeFigureCharts(const PageSide& b, FigureSource source);
// `a` is null when there is no baseline.
PageTable MakeFigureTable(const PageSide& b, const PageSide* a, FigureSource source);
// Names for people and means over the run, without those that were always 0.
std::vector<std::pair<std::string, std::string>> MeanFigures(const Timeline& timeline,
                                                             FigureSource source);

}  // namespace mbench
