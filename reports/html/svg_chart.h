// SPDX-License-Identifier: Apache-2.0
//
// Charts as SVG: what shows without JavaScript, and what prints. Colours are classes of page.css,
// so that they follow light, dark and print.
#pragma once

#include <string>

#include "reports/model/chart.h"

namespace mbench {

std::string RenderSvg(const Chart& chart);
// The label is for those who do not see it.
std::string RenderSvg(const HeatMap& heat, const std::string& label);
// A line without axes, about as high as a row of a table; gaps where nothing is known.
std::string RenderSpark(const std::vector<double>& values, const std::string& label);

// A short piece of the line as it is drawn, for a legend.
std::string RenderSwatch(const ChartLine& line);
std::string RenderSwatch(const ChartArea& area);

}  // namespace mbench
