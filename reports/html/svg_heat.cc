// SPDX-License-Identifier: Apache-2.0
//
// A heatmap is a path of rectangles for each of eight shades: a page of a day has a few thousand of
// them, and an element for each would cost ten times as much.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "reports/html/axis_ticks.h"
#include "reports/html/html_text.h"
#include "reports/html/svg_chart.h"

namespace mbench {
namespace {

constexpr std::size_t kShades = 8;

// By the logarithm: the tail is a thousandth of the rest and must be seen.
std::size_t ShadeOf(double per_s, double least, double most) {
  if (most <= least) return kShades - 1;
  const double part = std::log(per_s / least) / std::log(most / least);
  return std::min(kShades - 1, static_cast<std::size_t>(part * kShades));
}

class HeatDrawing {
 public:
  HeatDrawing(const HeatMap& heat, const std::string& label)
      : heat_(heat),
        label_(label),
        x_({.unit = Unit::kSeconds}, heat.begin_s.front(), heat.end_s.back()),
        y_({.unit = Unit::kNanoseconds, .scale = ChartScale::kTail}, heat.edges_ns.front(),
           heat.edges_ns.back()),
        y_ticks_({.unit = Unit::kNanoseconds, .scale = ChartScale::kLog}, heat.edges_ns.front(),
                 heat.edges_ns.back()) {
    for (const std::vector<double>& column : heat.per_s)
      for (const double value : column)
        if (value > 0) {
          least_ = std::min(least_, value);
          most_ = std::max(most_, value);
        }
  }

  std::string Render() {
    Put(R"(<svg class="plot heat" viewBox="0 0 {} {}" role="img" aria-label="{}">)", kWidth,
        kHeight, EscapeHtml(label_));
    Cells();
    Axes();
    Key();
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  static constexpr double kWidth = 960, kHeight = 300;
  static constexpr double kLeft = 62, kRight = 30, kTop = 24, kBottom = 40;
  static constexpr double kInnerWidth = kWidth - kLeft - kRight;
  static constexpr double kInnerHeight = kHeight - kTop - kBottom;
  static constexpr std::size_t kXTicks = 9;

  template <class... Args>
  void Put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }
  double X(double value) const { return kLeft + kInnerWidth * x_.At(value); }
  double Y(double value) const { return kTop + kInnerHeight * (1 - y_.At(value)); }

  void Cells() {
    std::array<std::string, kShades> paths;
    for (std::size_t column = 0; column < heat_.per_s.size(); ++column) {
      const double left = X(heat_.begin_s[column]), right = X(heat_.end_s[column]);
      for (std::size_t row = 0; row < heat_.per_s[column].size(); ++row) {
        const double value = heat_.per_s[column][row];
        if (value <= 0) continue;
        // Absolute places, so that neighbours share their edges and no seam shows.
        fmt::format_to(std::back_inserter(paths[ShadeOf(value, least_, most_)]),
                       "M{:.1f} {:.1f}H{:.1f}V{:.1f}H{:.1f}z", left, Y(heat_.edges_ns[row + 1]),
                       right, Y(heat_.edges_ns[row]), left);
      }
    }
    for (std::size_t shade = 0; shade < kShades; ++shade)
      if (!paths[shade].empty()) Put(R"(<path class="shade s{}" d="{}"/>)", shade, paths[shade]);
  }

  void Axes() {
    for (const Tick& tick : y_ticks_.Ticks(7)) {
      const double y = Y(tick.value);
      if (y < kTop - 1 || y > kTop + kInnerHeight + 1) continue;
      Put(R"(<path class="grid" d="M{} {:.1f}h5"/>)", kLeft - 5, y);
      Put(R"(<text class="tick end" x="{}" y="{:.1f}">{}</text>)", kLeft - 7, y + 4, tick.label);
    }
    for (const Tick& tick : x_.Ticks(kXTicks)) {
      const double x = X(tick.value);
      Put(R"(<path class="grid" d="M{:.1f} {:.0f}v5"/>)", x, kTop + kInnerHeight);
      Put(R"(<text class="tick middle" x="{:.1f}" y="{:.0f}">{}</text>)", x,
          kTop + kInnerHeight + 17, tick.label);
    }
    Put(R"(<path class="axis" d="M{} {:.0f}h{}"/>)", kLeft, kTop + kInnerHeight, kInnerWidth);
    Put(R"(<text class="title end" x="{}" y="{}">time from the start of the measured phase</text>)",
        kWidth - kRight, kHeight - 6);
    out_ += R"(<text class="title" x="0" y="11">response time</text>)";
  }

  void Key() {
    const ChartAxis rate{.unit = Unit::kPerSecond};
    const double x = kWidth - kRight - kShades * 14 - 60;
    const auto round = [](double value) {
      const double power = std::pow(10, std::floor(std::log10(value)) - 1);
      return std::round(value / power) * power;
    };
    Put(R"(<text class="tick end" x="{:.0f}" y="12">{}</text>)", x - 4,
        TickText(rate, round(std::max(least_, 1e-9))));
    for (std::size_t shade = 0; shade < kShades; ++shade)
      Put(R"(<path class="shade s{}" d="M{:.0f} 3h14v10h-14z"/>)", shade,
          x + 14 * static_cast<double>(shade));
    Put(R"(<text class="tick" x="{:.0f}" y="12">{}</text>)", x + 14 * kShades + 4,
        TickText(rate, round(std::max(most_, 1e-9))));
  }

  const HeatMap& heat_;
  const std::string& label_;
  AxisRange x_, y_, y_ticks_;
  double least_ = 1e300, most_ = 0;
  std::string out_;
};

}  // namespace

std::string RenderSvg(const HeatMap& heat, const std::string& label) {
  return heat.Empty() ? std::string() : HeatDrawing(heat, label).Render();
}

}  // namespace mbench
