// SPDX-License-Identifier: Apache-2.0
//
// A chart as plain data, before it is SVG or something that a browser draws: lines over one or more
// grids, areas between two lines, bands and marks.
//
// A value that is not a number (NaN) is a gap. On a logarithmic axis a value that is not positive
// is one too.
#pragma once

#include <string>
#include <vector>

#include "reports/model/number.h"

namespace mbench {

enum class ChartScale {
  kLinear,
  kLog,
  kTail,  // x is 1/(1-p), logarithmic: every step to the right is ten times rarer
};

struct ChartAxis {
  std::string title;           // "response time"
  Unit unit = Unit::kCount;    // kSeconds: time from the start, shown as h:mm:ss
  std::string unit_name = {};  // of a count: "clients"
  ChartScale scale = ChartScale::kLinear;
  bool from_zero = false;
};

// Lines of one chart differ in colour and in dashes, so that either of them is enough.
struct ChartLine {
  std::string name;
  int color = 0;  // of the palette, 0..7
  int dash = 0;   // 0: none; 1..4
  bool baseline = false;
  bool bold = false;
  bool points = false;  // a mark at every value
  bool line = true;     // joined
  bool hidden = false;  // until somebody chooses it in the legend
  std::size_t grid = 0;
  std::vector<double> y;
};

// Between two lines over the same grid.
struct ChartArea {
  std::string name;
  int color = 0;
  bool baseline = false;
  std::size_t grid = 0;
  std::vector<double> low, high;
};

struct ChartBand {
  double from = 0;
  double to = 0;
  std::string label;
  bool outage = false;  // else a stage of the load
};

// x: a line from bottom to top with a label. With y: a ring at that place.
struct ChartMark {
  double x = 0;
  double y = 0;
  bool is_point = false;
  std::string label;
};

struct Chart {
  std::string id;     // letters and '-'; also its anchor
  std::string title;  // "Latency over time"
  std::string about;  // one sentence: what is to be seen, and how it was made
  ChartAxis x, y;
  std::vector<std::vector<double>> grids;  // ascending
  std::vector<ChartLine> lines;
  std::vector<ChartArea> areas = {};
  std::vector<ChartBand> bands = {};
  std::vector<ChartMark> marks = {};
  double height = 260;       // of the drawing
  bool shares_time = false;  // cursor and zoom go together with the other charts over time

  bool Empty() const;  // nothing to draw: no line has a value
};

// Samples by time and size.
struct HeatMap {
  std::vector<double> begin_s, end_s;      // of columns
  std::vector<double> edges_ns;            // of rows, ascending, one more than there are rows
  std::vector<std::vector<double>> per_s;  // [column][row]: samples per second
  bool Empty() const { return per_s.empty() || edges_ns.size() < 2; }
};

}  // namespace mbench
