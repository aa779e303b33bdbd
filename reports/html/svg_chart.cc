// SPDX-License-Identifier: Apache-2.0
#include "reports/html/svg_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>

#include "reports/html/axis_ticks.h"
#include "reports/html/html_text.h"

namespace mbench {
namespace {

constexpr double kWidth = 960;
constexpr double kLeft = 62, kRight = 30, kBottom = 40;
constexpr double kTitle = 36;   // the title of the y axis and the names of stages
constexpr double kEvents = 28;  // above them two rows of names of events, where there are any
constexpr double kInner = kWidth - kLeft - kRight;
constexpr std::size_t kXTicks = 9;
constexpr double kLetter = 6.2;  // width of one, about

struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void Add(double value, bool positive) {
    if (!std::isfinite(value) || (positive && value <= 0)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

Extent ExtentOfX(const Chart& chart) {
  Extent extent;
  const bool positive = chart.x.scale != ChartScale::kLinear;
  for (const std::vector<double>& grid : chart.grids)
    for (const double x : grid) extent.Add(x, positive);
  for (const ChartBand& band : chart.bands) {
    extent.Add(band.from, positive);
    extent.Add(band.to, positive);
  }
  return extent;
}

Extent ExtentOfY(const Chart& chart) {
  Extent extent;
  const bool positive = chart.y.scale != ChartScale::kLinear;
  for (const ChartLine& line : chart.lines)
    for (const double y : line.y) extent.Add(y, positive);
  for (const ChartArea& area : chart.areas)
    for (const auto* values : {&area.low, &area.high})
      for (const double y : *values) extent.Add(y, positive);
  return extent;
}

std::string Classes(std::string kind, int color, int dash, bool bold, bool baseline) {
  kind += fmt::format(" c{}", color);
  if (dash != 0) kind += fmt::format(" d{}", dash);
  if (bold) kind += " bold";
  if (baseline) kind += " baseline";
  return kind;
}

class Drawing {
 public:
  explicit Drawing(const Chart& chart)
      : chart_(chart),
        top_(kTitle + (HasEvents() ? kEvents : 0)),
        height_(chart.height + top_ - kTitle),
        x_(chart.x, ExtentOfX(chart).low, ExtentOfX(chart).high),
        y_(chart.y, ExtentOfY(chart).low, ExtentOfY(chart).high) {}

  std::string Render() {
    Put(R"(<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">)", kWidth, height_,
        EscapeHtml(chart_.title + ": " + LegendText()));
    Bands();
    Axes();
    for (const ChartArea& area : chart_.areas) Area(area);
    for (std::size_t i = 0; i < chart_.lines.size(); ++i) Line(chart_.lines[i], i);
    Marks();
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  template <class... Args>
  void Put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }

  double X(double value) const { return kLeft + kInner * x_.At(value); }
  double Y(double value) const { return top_ + Inner() * (1 - y_.At(value)); }
  double Inner() const { return height_ - top_ - kBottom; }

  bool HasEvents() const {
    return std::ranges::any_of(chart_.marks, [](const ChartMark& mark) { return !mark.is_point; });
  }

  std::string LegendText() const {
    std::string text;
    for (const ChartLine& line : chart_.lines)
      if (!line.hidden) text += (text.empty() ? "" : ", ") + line.name;
    return text;
  }

  void Bands() {
    double free_from = 0, down_from = 0;  // labels that would run into each other are left out
    for (std::size_t i = 0; i < chart_.bands.size(); ++i) {
      const ChartBand& band = chart_.bands[i];
      const double from = X(band.from), to = X(band.to);
      const std::string kind = band.outage ? "outage" : fmt::format("b{}", i % 2);
      Put(R"(<rect class="band {}" x="{:.1f}" y="{}" width="{:.1f}" height="{:.0f}"/>)", kind, from,
          top_, std::max(to - from, band.outage ? 1.0 : 0.0), Inner());
      if (band.outage) {  // at the foot, where stages and marks have no labels
        if (from < down_from) continue;
        down_from = from + kLetter * static_cast<double>(band.label.size()) + 6;
        Put(R"(<text class="label" x="{:.1f}" y="{:.0f}">{}</text>)", from + 3, top_ + Inner() - 5,
            EscapeHtml(band.label));
        continue;
      }
      const double length = kLetter * static_cast<double>(band.label.size());
      if (from < free_from || from + length > kWidth) continue;
      if (length > to - from && i + 1 < chart_.bands.size()) continue;
      Put(R"(<text class="label" x="{:.1f}" y="{}">{}</text>)", from + 3, top_ - 7,
          EscapeHtml(band.label));
      free_from = from + length + 12;
    }
  }

  void Axes() {
    for (const Tick& tick : y_.Ticks(static_cast<std::size_t>(height_ / 40))) {
      const double y = Y(tick.value);
      Put(R"(<path class="grid" d="M{} {:.1f}h{}"/>)", kLeft, y, kInner);
      Put(R"(<text class="tick end" x="{}" y="{:.1f}">{}</text>)", kLeft - 6, y + 4, tick.label);
    }
    for (const Tick& tick : x_.Ticks(kXTicks)) {
      const double x = X(tick.value);
      Put(R"(<path class="grid" d="M{:.1f} {:.0f}v5"/>)", x, top_ + Inner());
      Put(R"(<text class="tick middle" x="{:.1f}" y="{:.0f}">{}</text>)", x, top_ + Inner() + 17,
          tick.label);
    }
    Put(R"(<path class="axis" d="M{} {:.0f}h{}"/>)", kLeft, top_ + Inner(), kInner);
    Put(R"(<text class="title end" x="{}" y="{}">{}</text>)", kWidth - kRight, height_ - 6,
        EscapeHtml(chart_.x.title));
    Put(R"(<text class="title" x="0" y="11">{}</text>)", EscapeHtml(chart_.y.title));
  }

  // A value with gaps on both sides is a point, or it would not be seen at all.
  // Its place is how page.js finds it when the legend is pressed.
  void Line(const ChartLine& line, std::size_t place) {
    const std::vector<double>& grid = chart_.grids[line.grid];
    std::string path, dots;
    std::size_t joined = 0;
    const std::size_t size = std::min(grid.size(), line.y.size());
    for (std::size_t i = 0; i < size; ++i) {
      const double x = X(grid[i]), y = Y(line.y[i]);
      if (!std::isfinite(x) || !std::isfinite(y)) {
        joined = 0;
        continue;
      }
      const bool next = i + 1 < size && std::isfinite(Y(line.y[i + 1]));
      if (line.points || (joined == 0 && !next))
        fmt::format_to(std::back_inserter(dots), "M{:.1f} {:.1f}h0", x, y);
      if (line.line) {
        fmt::format_to(std::back_inserter(path), "{}{:.1f} {:.1f}", joined == 0 ? "M" : "L", x, y);
      }
      ++joined;
    }
    const char* const off = line.hidden ? " off" : "";
    if (!path.empty())
      Put(R"(<path class="{}{}" data-line="{}" d="{}"/>)",
          Classes("line", line.color, line.dash, line.bold, line.baseline), off, place, path);
    if (!dots.empty())
      Put(R"(<path class="{}{}" data-line="{}" d="{}"/>)",
          Classes("dots", line.color, 0, line.bold, line.baseline), off, place, dots);
  }

  void Area(const ChartArea& area) {
    const std::vector<double>& grid = chart_.grids[area.grid];
    std::string there, back;
    for (std::size_t i = 0; i < grid.size() && i < area.low.size(); ++i) {
      const double x = X(grid[i]), low = Y(area.low[i]), high = Y(area.high[i]);
      if (!std::isfinite(x) || !std::isfinite(low) || !std::isfinite(high)) continue;
      there += fmt::format("{}{:.1f} {:.1f}", there.empty() ? "M" : "L", x, high);
      back.insert(0, fmt::format("L{:.1f} {:.1f}", x, low));
    }
    if (!there.empty())
      Put(R"(<path class="{}" d="{}{}z"/>)", Classes("area", area.color, 0, false, area.baseline),
          there, back);
  }

  void Marks() {
    std::array<double, 2> rows = {-kWidth, -kWidth};  // where the names in each end
    for (const ChartMark& mark : chart_.marks) {
      const double x = X(mark.x);
      if (!std::isfinite(x) || x < kLeft || x > kWidth - kRight + 1) continue;
      if (mark.is_point) {
        Put(R"(<circle class="knee" cx="{:.1f}" cy="{:.1f}" r="7"/>)", x, Y(mark.y));
        Put(R"(<text class="label strong end" x="{:.1f}" y="{:.1f}">{}</text>)", x - 12,
            Y(mark.y) - 10, EscapeHtml(mark.label));
        continue;
      }
      const double length = kLetter * static_cast<double>(mark.label.size()) + 8;
      const bool left = x + length > kWidth - kRight;
      const double from = left ? x - length : x;
      const auto row = std::ranges::find_if(rows, [from](double end) { return end <= from; });
      const double y = top_ - (row == rows.begin() ? 35 : 22);
      const bool named = row != rows.end();  // without room only the line is there
      Put(R"(<path class="event" d="M{:.1f} {}V{:.0f}"/>)", x, named ? y - 9 : top_,
          top_ + Inner());
      if (!named) continue;
      *row = from + length;
      Put(R"(<text class="label strong{}" x="{:.1f}" y="{}">{}</text>)", left ? " end" : "",
          x + (left ? -4 : 4), y, EscapeHtml(mark.label));
    }
  }

  const Chart& chart_;
  double top_, height_;
  AxisRange x_, y_;
  std::string out_;
};

}  // namespace

std::string RenderSvg(const Chart& chart) { return Drawing(chart).Render(); }

std::string RenderSwatch(const ChartLine& line) {
  std::string swatch =
      fmt::format(R"(<svg class="swatch" viewBox="0 0 26 10" aria-hidden="true">)");
  if (line.line)
    swatch += fmt::format(R"(<path class="{}" d="M1 5h24"/>)",
                          Classes("line", line.color, line.dash, line.bold, line.baseline));
  if (line.points)
    swatch += fmt::format(R"(<path class="{}" d="M13 5h0"/>)",
                          Classes("dots", line.color, 0, line.bold, line.baseline));
  return swatch + "</svg>";
}

std::string RenderSwatch(const ChartArea& area) {
  return fmt::format(
      R"(<svg class="swatch" viewBox="0 0 26 10" aria-hidden="true"><path class="{}" d="M1 1h24v8h-24z"/></svg>)",
      Classes("area", area.color, 0, false, area.baseline));
}

std::string RenderSpark(const std::vector<double>& values, const std::string& label) {
  constexpr double kSparkWidth = 120, kSparkHeight = 22;
  Extent extent;
  for (const double value : values) extent.Add(value, true);
  if (extent.low > extent.high) return {};
  const AxisRange range({.unit = Unit::kNanoseconds, .scale = ChartScale::kTail}, extent.low * 0.95,
                        extent.high * 1.05);
  std::string path;
  bool joined = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double y = range.At(values[i]);
    if (!std::isfinite(y)) {
      joined = false;
      continue;
    }
    const double x = values.size() < 2 ? kSparkWidth / 2
                                       : 2 + (kSparkWidth - 4) * static_cast<double>(i) /
                                                 static_cast<double>(values.size() - 1);
    path += fmt::format("{}{:.1f} {:.1f}", joined ? "L" : "M", x, 2 + (kSparkHeight - 4) * (1 - y));
    if (!joined) path += "h0";
    joined = true;
  }
  return fmt::format(
      R"(<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="line c0" d="{}"/></svg>)",
      kSparkWidth, kSparkHeight, EscapeHtml(label), path);
}

}  // namespace mbench
