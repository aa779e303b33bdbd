// SPDX-License-Identifier: Apache-2.0
#include "reports/model/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "harness/base/text.h"
#include "reports/model/page_charts.h"

namespace mbench {
namespace {

constexpr std::size_t kMostLines = 7;  // of the palette

// The name of a figure ends with its unit.
struct FigureUnit {
  std::string_view suffix;
  std::string_view id;
  std::string_view title;
  Unit unit;
  double scale = 1;
  std::string_view per = {};  // what Text() of the unit leaves unsaid
};
constexpr std::array<FigureUnit, 7> kFigureUnits = {
    {{"_fraction", "part", "part of all", Unit::kFraction},
     {"_bytes_per_s", "traffic", "bytes per second", Unit::kBytes, 1, " per second"},
     {"_per_s", "rate", "per second", Unit::kPerSecond},
     {"_bytes", "bytes", "bytes", Unit::kBytes},
     {"_cores", "cpu", "cores", Unit::kCores},
     {"_s", "time", "time", Unit::kNanoseconds, 1e9},
     {"", "count", "count", Unit::kCount}}};

// Of a source, for people.
struct SourceText {
  std::string_view id;
  std::string_view title;
  std::string_view about;
};
constexpr std::array<SourceText, kFigureSources> kSourceTexts = {
    {{"system", "The system", "As it counts itself, asked once a second"},
     {"host", "The host of mbench",
      "All that runs there, not mbench alone, looked at once a second"}}};

const SourceText& TextOf(FigureSource source) {
  return kSourceTexts[static_cast<std::size_t>(source)];
}

const FigureLines& LinesOf(const PageSide& side, FigureSource source) {
  return side.shown->timeline.figures[static_cast<std::size_t>(source)];
}

struct Figure {
  std::string name;
  const FigureUnit* unit;
  std::vector<double> y;  // in that unit
};

// "cache_used_bytes" -> "cache used", bytes
Figure MakeFigure(const std::string& written, const std::vector<double>& line) {
  const auto* const unit = std::ranges::find_if(
      kFigureUnits, [&](const FigureUnit& each) { return written.ends_with(each.suffix); });
  Figure figure{written.substr(0, written.size() - unit->suffix.size()), unit, line};
  std::ranges::replace(figure.name, '_', ' ');
  for (double& value : figure.y) value *= unit->scale;
  return figure;
}

bool IsAlwaysZero(const std::vector<double>& line) {
  return std::ranges::none_of(line,
                              [](double value) { return std::isfinite(value) && value != 0; });
}

// Mean and maximum of the seconds in which it was said.
void AddSummary(const Figure& figure, PageRow* row) {
  double sum = 0, count = 0, most = 0;
  for (const double value : figure.y) {
    if (!std::isfinite(value)) continue;
    most = count == 0 ? value : std::max(most, value);
    sum += value;
    ++count;
  }
  const Unit unit = figure.unit->unit;
  row->cells.push_back(
      {Text({.value = count > 0 ? sum / count : 0, .unit = unit, .known = count > 0})});
  row->cells.push_back({Text({.value = most, .unit = unit, .known = count > 0})});
}

// REQUIRES: figures are of one unit, and there are some.
Chart FigureChart(std::span<const Figure> figures, std::size_t number, const PageSide& b,
                  const SourceText& source) {
  const FigureUnit& unit = *figures.front().unit;
  Chart chart{.id = fmt::format("{}-{}-chart-{}", source.id, unit.id, number + 1),
              .title = fmt::format("{}: {}", source.title, unit.title),
              .about = fmt::format("{}; means of each point's time.", source.about),
              .x = TimeAxis(),
              .y = {.title = std::string(unit.title), .unit = unit.unit, .from_zero = true},
              .height = 200};
  chart.grids.push_back(b.shown->timeline.load_at_s);
  int color = 0;
  for (const Figure& figure : figures) {
    chart.lines.push_back(
        {.name = figure.name, .color = color, .dash = color % 5, .grid = 0, .y = figure.y});
    ++color;
  }
  AddTimes(b.shown->result, &chart);
  return chart;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> MeanFigures(const Timeline& timeline,
                                                             FigureSource source) {
  std::vector<std::pair<std::string, std::string>> means;
  for (const auto& [name, line] : timeline.figures[static_cast<std::size_t>(source)]) {
    const Figure figure = MakeFigure(name, line);
    if (IsAlwaysZero(line)) continue;
    PageRow row;
    AddSummary(figure, &row);
    means.emplace_back(fmt::format("{}{}", figure.name, figure.unit->per), row.cells[0].text);
  }
  return means;
}

std::vector<Chart> MakeFigureCharts(const PageSide& b, FigureSource source) {
  std::array<std::vector<Figure>, kFigureUnits.size()> by_unit;
  std::vector<std::string> zeros;
  for (const auto& [name, line] : LinesOf(b, source)) {
    Figure figure = MakeFigure(name, line);
    if (IsAlwaysZero(line))
      zeros.push_back(figure.name);
    else
      by_unit[static_cast<std::size_t>(figure.unit - kFigureUnits.data())].push_back(
          std::move(figure));
  }
  std::vector<Chart> charts;
  for (const std::vector<Figure>& figures : by_unit) {
    const std::span<const Figure> all = figures;
    for (std::size_t first = 0; first < all.size(); first += kMostLines)
      charts.push_back(FigureChart(all.subspan(first, std::min(kMostLines, all.size() - first)),
                                   first / kMostLines, b, TextOf(source)));
  }
  if (!charts.empty() && !zeros.empty())
    charts.back().about += fmt::format(" Always 0: {}.", Join(zeros, ", "));
  return charts;
}

PageTable MakeFigureTable(const PageSide& b, const PageSide* a, FigureSource source) {
  PageTable table{.id = fmt::format("{}-table", TextOf(source).id),
                  .caption = "Means and maxima over the run"};
  table.unlike = true;
  table.columns = {{"figure"}, {"mean", true}, {"max", true}};
  if (a != nullptr) {
    table.columns.push_back({"baseline mean", true, true});
    table.columns.push_back({"baseline max", true, true});
  }
  for (const auto& [name, line] : LinesOf(b, source)) {
    const Figure figure = MakeFigure(name, line);
    if (IsAlwaysZero(line) && a == nullptr) continue;
    PageRow row{{{fmt::format("{}{}", figure.name, figure.unit->per)}}};
    AddSummary(figure, &row);
    if (a != nullptr) {
      const auto other = LinesOf(*a, source).find(name);
      const bool said = other != LinesOf(*a, source).end();
      AddSummary(MakeFigure(name, said ? other->second : std::vector<double>()), &row);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace mbench
