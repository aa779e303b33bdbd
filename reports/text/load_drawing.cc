// SPDX-License-Identifier: Apache-2.0
//
//    20.0k |             ███████
//          |             ███████
//    10.0k |             ███████
//          |             ███████
//   ops/s  |:::::███████████████████████████
//          +-----+----------+----------+----
//         -5.00s 0          30.0s      1m00s
//
// One column for a stretch of time, one row for an eighth of the height; the top cell of a column
// is cut to an eighth of its row. Warm-up is drawn in a lighter shade.
#include "reports/text/load_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/base/units.h"
#include "reports/text/columns.h"

namespace mbench {
namespace {

constexpr std::size_t kMaxColumns = 64;
constexpr int kRows = 8;
constexpr int kEighths = 8;

struct Column {
  Ticks at = 0;
  double level = 0;
  bool warmup = false;
};

// As many columns as there is room for. Of the points that share one, the highest counts: a spike
// must not fall between two columns.
std::vector<Column> MakeColumns(const std::vector<LevelPoint>& points) {
  const std::size_t count = std::min(points.size(), kMaxColumns);
  std::vector<Column> columns;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t first = i * points.size() / count;
    const std::size_t last = (i + 1) * points.size() / count;
    Column column{points[first].at, points[first].level, points[first].at < 0};
    for (std::size_t p = first; p < last; ++p)
      column.level = std::max(column.level, points[p].level);
    columns.push_back(column);
  }
  return columns;
}

// Points that begin at 0 say nothing of the warm-up: it gets columns of the first level, in
// proportion.
void PrependWarmup(Ticks warmup, Ticks spacing, std::vector<Column>* columns) {
  if (warmup <= 0 || columns->empty() || columns->front().warmup || spacing <= 0) return;
  const Ticks count = std::clamp<Ticks>(warmup / spacing, 2, 10);
  const Column column{-warmup, columns->front().level, true};
  columns->insert(columns->begin(), static_cast<std::size_t>(count), column);
}

// What fills the row `row` (0: the lowest) of a column that is `filled` eighths high.
std::string_view CellOf(int filled, int row, bool warmup) {
  static constexpr std::array<std::string_view, 9> kBlocks = {" ", "▁", "▂", "▃", "▄",
                                                              "▅", "▆", "▇", "█"};
  const int here = std::clamp(filled - row * kEighths, 0, kEighths);
  if (warmup && here > 0) return "░";
  return kBlocks[static_cast<std::size_t>(here)];
}

int FilledEighths(double level, double top) {
  if (top <= 0 || level <= 0) return 0;
  const int filled = static_cast<int>(std::lround(level / top * kRows * kEighths));
  return std::clamp(filled, 1, kRows * kEighths);  // a little load is not none
}

// Points of a ramp that end short of its top give 63.53 where 64 was meant: within a hundredth, the
// number of two digits is taken.
double RoundTop(double top) {
  if (top <= 0) return top;
  const double unit = std::pow(10, std::floor(std::log10(top)) - 1);
  const double rounded = std::round(top / unit) * unit;
  return std::abs(rounded - top) < 0.01 * top ? rounded : top;
}

// Rates and clients without unnecessary digits: 64, 2k, 12.5k.
std::string LevelText(double level) {
  if (level < 1000) return fmt::format("{:.4g}", level);
  return level < 1e6 ? fmt::format("{:.4g}k", level / 1e3) : fmt::format("{:.4g}M", level / 1e6);
}

std::string TimeText(Ticks time) {
  const Ticks length = std::abs(time);
  const std::string sign = time < 0 ? "-" : "";
  if (length < kMinute && length % kSecond == 0)
    return fmt::format("{}{}s", sign, length / kSecond);
  return sign + FormatDuration(length);
}

// Where the axis has a mark, and what is written under it.
struct Mark {
  std::size_t column;
  Ticks time;
};

class Drawing {
 public:
  Drawing(std::vector<Column> columns, Ticks begin, Ticks end, std::string unit)
      : columns_(std::move(columns)), begin_(begin), end_(end), unit_(std::move(unit)) {
    for (const Column& column : columns_) top_ = std::max(top_, column.level);
    top_ = RoundTop(top_);
    warmup_columns_ = static_cast<std::size_t>(
        std::ranges::count_if(columns_, [](const Column& column) { return column.warmup; }));
    for (int row = 0; row < kRows; ++row) label_width_ = std::max(label_width_, Width(Label(row)));
  }

  std::string Draw() const {
    std::string out;
    for (int row = kRows - 1; row >= 0; --row) out += Row(row);
    const std::vector<Mark> marks = Marks();
    out += Axis(marks) + Times(marks);
    if (warmup_columns_ != 0)
      out += fmt::format("{:>{}}  ░ warm-up, not measured\n", "", label_width_);
    return out;
  }

 private:
  std::string Label(int row) const {
    if (row == kRows - 1) return LevelText(top_);
    if (row == kRows / 2 - 1) return LevelText(top_ / 2);
    return row == 0 ? unit_ : "";
  }

  std::string Row(int row) const {
    std::string line = fmt::format("{:>{}} |", Label(row), label_width_);
    for (const Column& column : columns_)
      line += CellOf(FilledEighths(column.level, top_), row, column.warmup);
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
  }

  // The beginning, time 0, the middle of what is measured and the end.
  std::vector<Mark> Marks() const {
    std::vector<Mark> marks;
    if (warmup_columns_ != 0) marks.push_back({0, begin_});
    marks.push_back({warmup_columns_, 0});
    marks.push_back({warmup_columns_ + (columns_.size() - warmup_columns_) / 2, end_ / 2});
    marks.push_back({columns_.size(), end_});
    return marks;
  }

  std::string Axis(const std::vector<Mark>& marks) const {
    std::string line(columns_.size() + 1, '-');
    for (const Mark& mark : marks) line[mark.column] = '+';
    return fmt::format("{:>{}} {}\n", "", label_width_, line);
  }

  // Each text under its mark, moved right when the one before needs the room, left out when that is
  // far.
  std::string Times(const std::vector<Mark>& marks) const {
    std::string line;
    for (const Mark& mark : marks) {
      const std::string text = TimeText(mark.time);
      const std::size_t wanted = mark.column + label_width_ + 1;
      if (!line.empty() && line.size() + 1 > wanted + 2) continue;
      line.resize(std::max(wanted, line.empty() ? 0 : line.size() + 1), ' ');
      line += text;
    }
    return line + "\n";
  }

  std::vector<Column> columns_;
  Ticks begin_, end_;
  std::string unit_;
  double top_ = 0;
  std::size_t warmup_columns_ = 0;
  std::size_t label_width_ = 0;
};

}  // namespace

std::string DrawLoad(const std::vector<LevelPoint>& points, const std::string& unit, Ticks warmup) {
  if (points.empty()) return {};
  // Points stand at the begin of what they stand for, or in its middle.
  const auto intervals = static_cast<Ticks>(points.size() - 1);
  const Ticks spacing = intervals == 0 ? kSecond : (points.back().at - points[0].at) / intervals;
  const bool centered = points[0].at != 0 && points[0].at != -warmup;
  const Ticks exact_end = points.back().at + (centered ? spacing / 2 : 0);
  const Ticks end = (exact_end + kMillisecond / 2) / kMillisecond * kMillisecond;
  std::vector<Column> columns = MakeColumns(points);
  const Ticks column_length =
      spacing * static_cast<Ticks>(points.size()) / static_cast<Ticks>(columns.size());
  PrependWarmup(warmup, column_length, &columns);
  return Drawing(std::move(columns), -warmup, end, unit).Draw();
}

}  // namespace mbench
