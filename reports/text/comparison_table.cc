// SPDX-License-Identifier: Apache-2.0
//
// From top to bottom: what was compared, the numbers, the reasons, the distribution, what was left
// out, and the verdict in the last line, where the eye is when the command ends.
#include "reports/text/comparison_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/units.h"
#include "harness/result/summary.h"
#include "reports/text/columns.h"

namespace mbench {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kNameWidth = 24;  // longer names get a line of their own
constexpr std::size_t kShownReasons = 3;
// Of the shift function: as many as fit beside each other.
constexpr std::array<double, 8> kShiftShown = {5, 25, 50, 75, 90, 95, 99, 99.9};

Color ColorOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kBetter:
    case Verdict::kSame:
      return Color::kGreen;
    case Verdict::kWorse:
    case Verdict::kSaturated:
    case Verdict::kInvalid:
    case Verdict::kIncomparable:
      return Color::kRed;
    case Verdict::kInconclusive:
    case Verdict::kSuggestive:
      break;
  }
  return Color::kYellow;
}

std::string Capitals(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string Runs(std::size_t count) {
  return fmt::format("{} {}", count, count == 1 ? "run" : "runs");
}

// What a verdict of a row says: "suggestive" alone would leave out the better half.
std::string VerdictText(const ComparedMetric& metric) {
  if (metric.verdict == Verdict::kSuggestive && metric.leaning != Verdict::kInconclusive)
    return fmt::format("{}?", Name(metric.leaning));
  return std::string(Name(metric.verdict));
}

class ComparisonTable {
 public:
  ComparisonTable(const ComparisonModel& model, const TextStyle& style)
      : model_(model), style_(style) {}

  std::string Render() {
    Head();
    if (!model_.metrics.empty()) Metrics();
    Reasons();
    if (!model_.shift.empty()) ShiftBlock();
    Forbidden();
    LeftOut();
    Notes();
    Verdict();
    return std::move(out_);
  }

 private:
  void Line(std::string_view text = {}) {
    out_ += text;
    out_ += '\n';
  }
  std::string Painted(std::string_view text, Color color) const {
    return Paint(text, color, style_.color);
  }

  void Head() {
    const ComparisonSubject& subject = model_.subject;
    Line(Painted(Printable(subject.title), Color::kBold));
    Line(Wrap(fmt::format("  A  {}, {}", Printable(subject.a), Runs(model_.runs_a)), kWidth, 5));
    Line(Wrap(fmt::format("  B  {}, {}", Printable(subject.b), Runs(model_.runs_b)), kWidth, 5));
    for (const PlanDifference& difference : subject.compared)
      Line(Wrap("  B differs: " + Difference(difference), kWidth, 5));
    Line();
  }

  // "driver.cache 1G -> 4G"
  static std::string Difference(const PlanDifference& difference) {
    const auto shown = [](const std::string& value) {
      return value.empty() ? std::string("not set") : Printable(value, 60);
    };
    return fmt::format("{}  {} -> {}", Printable(difference.key, 60), shown(difference.a),
                       shown(difference.b));
  }

  // ---- the table ----

  std::string IntervalHead() const {
    const std::string percent = fmt::format("{:.4g}", model_.confidence * 100);
    return percent + "% interval";
  }

  // A mark stands behind a number, so the others get a space: numbers stay under each other.
  static std::string Marked(const Number& number) {
    return Text(number) + (number.thin && number.known ? "~" : " ");
  }

  static std::vector<std::string> Row(const ComparedMetric& metric) {
    const std::string name = Printable(metric.name);
    const std::string p =
        metric.primary ? PText(metric.p) + "/" + PText(metric.adjusted_p) : PText(metric.p);
    return {Width(name) > kNameWidth ? std::string() : name,
            Marked(metric.a),
            Marked(metric.b),
            Text(metric.change),
            IntervalText(metric),
            SizeText(metric.margin, metric.is_ratio),
            SizeText(metric.measured ? metric.detectable : 1 / 0.0, metric.is_ratio),
            metric.measured ? p : "-",
            VerdictText(metric)};
  }

  void Metrics() {
    Columns columns;
    columns.Add(
        {"metric", "A ", "B ", "B/A", IntervalHead(), "margin", "sees", "p/adjusted", "verdict"});
    for (const ComparedMetric& metric : model_.metrics) columns.Add(Row(metric));
    const std::vector<std::string> lines = columns.Lines();
    Line(Painted(lines[0], Color::kDim));
    bool exploratory = false;
    for (std::size_t i = 0; i < model_.metrics.size(); ++i) {
      const ComparedMetric& metric = model_.metrics[i];
      if (!metric.primary && !std::exchange(exploratory, true))
        Line(Painted("exploratory: no part of the verdict", Color::kDim));
      const std::string name = Printable(metric.name, kWidth);
      if (Width(name) > kNameWidth) Line(name);
      Line(PaintedRow(lines[i + 1], metric));
    }
    if (std::ranges::any_of(model_.metrics, &ComparedMetric::thin))
      Line(Painted(
          fmt::format("~ fewer than {} samples lie beyond this percentile", kMinSamplesBeyond),
          Color::kDim));
  }

  // Only the verdict has a colour, and of exploratory metrics none has.
  std::string PaintedRow(const std::string& line, const ComparedMetric& metric) const {
    if (!metric.primary) return line;
    const std::string verdict = VerdictText(metric);
    return line.substr(0, line.size() - verdict.size()) + Painted(verdict, ColorOf(metric.verdict));
  }

  void Reasons() {
    std::size_t width = 0;
    for (const ComparedMetric& metric : model_.metrics)
      if (metric.primary)
        width = std::max(width, std::min(Width(Printable(metric.name)), kNameWidth));
    if (width == 0) return;
    Line();
    for (const ComparedMetric& metric : model_.metrics) {
      if (!metric.primary) continue;
      const std::string name = Printable(metric.name);
      const std::string pad(Width(name) < width ? width - Width(name) : 0, ' ');
      Line(Wrap(fmt::format("{}{}  {}", name, pad, Printable(metric.sentence)), kWidth, width + 2));
    }
  }

  // ---- the distribution ----

  void ShiftBlock() {
    std::vector<ShiftColumn> shown;
    for (const ShiftColumn& column : model_.shift)
      if (std::ranges::find(kShiftShown, column.percentile) != kShiftShown.end())
        shown.push_back(column);
    Columns columns;
    columns.Add(ShiftRow("", shown, [](const ShiftColumn& column) { return column.name; }));
    columns.Add(ShiftRow("A", shown, [](const ShiftColumn& column) { return Text(column.a); }));
    columns.Add(ShiftRow("B", shown, [](const ShiftColumn& column) { return Text(column.b); }));
    columns.Add(
        ShiftRow("B/A", shown, [](const ShiftColumn& column) { return Text(column.ratio); }));
    columns.Add(
        ShiftRow("from", shown, [](const ShiftColumn& column) { return Text(column.low); }));
    columns.Add(ShiftRow("to", shown, [](const ShiftColumn& column) { return Text(column.high); }));
    Line();
    Line(fmt::format("response time of all ops at every percentile; {}",
                     model_.shift_differs ? "outside of chance where from..to leaves 1 out"
                                          : "nowhere is the difference outside of chance"));
    const std::vector<std::string> lines = columns.Lines();
    for (std::size_t i = 0; i < lines.size(); ++i)
      Line(Painted(lines[i], i == 0 ? Color::kDim : Color::kNone));
  }

  template <class Cell>
  static std::vector<std::string> ShiftRow(std::string name, const std::vector<ShiftColumn>& shown,
                                           Cell cell) {
    std::vector<std::string> row = {std::move(name)};
    for (const ShiftColumn& column : shown) row.push_back(cell(column));
    return row;
  }

  // ---- what is not in it ----

  void Forbidden() {
    if (model_.forbidden.empty()) return;
    for (const PlanDifference& difference : model_.forbidden)
      Line(Wrap("differs   " + Printable(Describe(difference), 300), kWidth, 10));
  }

  void LeftOut() {
    if (model_.left_out.empty()) return;
    Line();
    for (const LeftOutRun& run : model_.left_out) {
      std::string reasons;
      for (std::size_t i = 0; i < run.reasons.size() && i < kShownReasons; ++i)
        reasons += (i == 0 ? "" : "; ") + Printable(run.reasons[i]);
      Line(Wrap(fmt::format("left out  {}  {}: {}", run.side, Printable(run.run), reasons), kWidth,
                10));
    }
  }

  void Notes() {
    if (model_.notes.empty()) return;
    Line();
    for (const std::string& note : model_.notes)
      Line(Painted(Wrap("note      " + Printable(note), kWidth, 10), Color::kYellow));
  }

  void Verdict() {
    Line();
    const std::string name = Capitals(Name(model_.verdict));
    std::string text = fmt::format("{}  {}", name, Printable(model_.reason));
    if (model_.more_runs)
      text += fmt::format("; {} more a side would decide", Runs(*model_.more_runs));
    Line(Painted(Wrap(text, kWidth, name.size() + 2), ColorOf(model_.verdict)));
  }

  const ComparisonModel& model_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string RenderComparisonTable(const ComparisonModel& model, const TextStyle& style) {
  return ComparisonTable(model, style).Render();
}

}  // namespace mbench
