// SPDX-License-Identifier: Apache-2.0
//
// Numbers go as base64 of 32-bit floats: a fifth of the size of JSON numbers, and seven digits are
// more than a chart can show.
#include "harness/result/json_text.h"
#include "reports/html/html_text.h"
#include "reports/html/page.h"

namespace mbench {
namespace {

const char* NameOf(Unit unit) {
  switch (unit) {
    case Unit::kNanoseconds:
      return "ns";
    case Unit::kSeconds:
      return "s";
    case Unit::kPerSecond:
      return "/s";
    case Unit::kBytesPerSecond:
      return "B/s";
    case Unit::kBytes:
      return "B";
    case Unit::kFraction:
      return "fraction";
    case Unit::kRatio:
      return "ratio";
    default:
      return "count";
  }
}

OrderedJson AxisJson(const ChartAxis& axis) {
  OrderedJson json;
  json["title"] = axis.title;
  json["unit"] = NameOf(axis.unit);
  if (!axis.unit_name.empty()) json["unit_name"] = axis.unit_name;
  json["scale"] = axis.scale == ChartScale::kLinear ? "linear"
                  : axis.scale == ChartScale::kLog  ? "log"
                                                    : "tail";
  if (axis.from_zero) json["from_zero"] = true;
  return json;
}

OrderedJson LineJson(const ChartLine& line) {
  OrderedJson json;
  json["name"] = line.name;
  json["color"] = line.color;
  json["dash"] = line.dash;
  if (line.bold) json["bold"] = true;
  if (line.baseline) json["baseline"] = true;
  if (line.points) json["points"] = true;
  if (!line.line) json["apart"] = true;
  if (line.hidden) json["hidden"] = true;
  json["grid"] = line.grid;
  json["y"] = Float32Base64(line.y);
  return json;
}

OrderedJson AreaJson(const ChartArea& area) {
  OrderedJson json;
  json["name"] = area.name;
  json["color"] = area.color;
  if (area.baseline) json["baseline"] = true;
  json["grid"] = area.grid;
  json["low"] = Float32Base64(area.low);
  json["high"] = Float32Base64(area.high);
  return json;
}

OrderedJson MarkJson(const ChartMark& mark) {
  OrderedJson json;
  json["x"] = mark.x;
  if (mark.is_point) json["y"] = mark.y;
  json["label"] = mark.label;
  return json;
}

OrderedJson ChartJson(const Chart& chart) {
  OrderedJson json;
  json["id"] = chart.id;
  json["x"] = AxisJson(chart.x);
  json["y"] = AxisJson(chart.y);
  json["height"] = chart.height;
  if (chart.shares_time) json["shares_time"] = true;
  for (const char* const list : {"grids", "lines", "areas", "bands", "marks"})
    json[list] = OrderedJson::array();
  for (const std::vector<double>& grid : chart.grids) json["grids"].push_back(Float32Base64(grid));
  for (const ChartLine& line : chart.lines) json["lines"].push_back(LineJson(line));
  for (const ChartArea& area : chart.areas) json["areas"].push_back(AreaJson(area));
  for (const ChartBand& band : chart.bands) {
    json["bands"].push_back({{"from", band.from}, {"to", band.to}, {"label", band.label}});
    if (band.outage) json["bands"].back()["outage"] = true;
  }
  for (const ChartMark& mark : chart.marks) json["marks"].push_back(MarkJson(mark));
  return json;
}

OrderedJson HeatJson(const PageHeat& heat) {
  std::vector<double> cells;
  for (const std::vector<double>& column : heat.map.per_s)
    cells.insert(cells.end(), column.begin(), column.end());
  OrderedJson json;
  json["id"] = heat.id;
  json["begin"] = Float32Base64(heat.map.begin_s);
  json["end"] = Float32Base64(heat.map.end_s);
  json["edges"] = Float32Base64(heat.map.edges_ns);
  json["per_s"] = Float32Base64(cells);
  return json;
}

}  // namespace

std::string RenderPageData(const PageModel& page) {
  OrderedJson json;
  json["charts"] = OrderedJson::array();
  json["heats"] = OrderedJson::array();
  for (const PageSection& section : page.sections)
    for (const PageBlock& block : section.blocks) {
      if (const Chart* chart = std::get_if<Chart>(&block))
        json["charts"].push_back(ChartJson(*chart));
      if (const PageHeat* heat = std::get_if<PageHeat>(&block))
        json["heats"].push_back(HeatJson(*heat));
    }
  return DumpJson(json);
}

}  // namespace mbench
