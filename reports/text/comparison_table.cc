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

constexpr std::size_t kShownReasons = 3;
// Of the shift function: as many as fit beside each other.
constexpr std::array<double, 8> kShiftShown = {5, 25, 50, 75, 90, 95, 99, 99.9};

Color ColorOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kBetter:
    case Verdict::kSame:
    case Verdict::kNotWorse:
      return Color::kGreen;
    case Verdict::kWorse:
    case Verdict::kSaturated:
    case Verdict::kInvalid:
    case Verdict::kIncomparable:
      return Color::kRed;
    case Verdict::kChanged:
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
    if (!model_.figures.empty()) Figures();
    Reasons();
    if (HasShift()) ShiftBlock();
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

  // An empty line between two parts, and never two of them.
  void Blank() {
    if (!out_.ends_with("\n\n")) Line();
  }
  // "name      text", wrapped under itself.
  void Named(std::string_view name, std::string_view text, Color color = Color::kNone) {
    Line(Painted(Wrap(fmt::format("{:<9} {}", name, text), style_.Prose(), 10), color));
  }

  void Head() {
    const ComparisonSubject& subject = model_.subject;
    Line(Painted(Printable(subject.title), Color::kBold));
    Named("A", fmt::format("{}, {}", Printable(subject.a), Runs(model_.runs_a)));
    Named("B", fmt::format("{}, {}", Printable(subject.b), Runs(model_.runs_b)));
    for (const PlanDifference& difference : subject.compared)
      Named("compared", Difference(difference));
    Blank();
  }

  // "driver.cache: 1G -> 4G"
  static std::string Difference(const PlanDifference& difference) {
    return fmt::format("{}: {} -> {}", Printable(difference.key, 60), Value(difference.a),
                       Value(difference.b));
  }

  // JSON text as a person would write it.
  static std::string Value(std::string_view json) {
    if (json.empty()) return "not set";
    if (json.size() >= 2 && json.front() == '"' && json.back() == '"')
      json = json.substr(1, json.size() - 2);
    return Printable(json, 60);
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

  // No errors on either side are worth a line once, and not for every op.
  static bool IsShown(const ComparedMetric& metric) {
    const bool nothing = metric.measured && metric.a.value == 0 && metric.b.value == 0;
    return metric.primary || !nothing || metric.name.find('(') == std::string::npos;
  }

  void Metrics() {
    std::vector<const ComparedMetric*> shown;
    for (const ComparedMetric& metric : model_.metrics)
      if (IsShown(metric)) shown.push_back(&metric);
    Columns columns({"p/adjusted", "sees", "margin", "A", "B"});
    columns.Add(
        {"metric", "A ", "B ", "B/A", IntervalHead(), "margin", "sees", "p/adjusted", "verdict"});
    for (const ComparedMetric* metric : shown) columns.Add(Row(*metric));
    const std::vector<std::string> lines = columns.Lines(style_.width);
    Line(Painted(lines[0], Color::kDim));
    bool exploratory = false;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const ComparedMetric& metric = *shown[i];
      if (!metric.primary && !std::exchange(exploratory, true))
        Line(Painted("exploratory: no part of the verdict", Color::kDim));
      const std::string name = Printable(metric.name, kTextWidth);
      if (Width(name) > kNameWidth) Line(name);
      Line(PaintedRow(lines[i + 1], metric));
    }
    if (const std::string left_out = columns.LeftOut(style_.width); !left_out.empty())
      Line(Painted(fmt::format("no room for {}", left_out), Color::kDim));
    if (std::ranges::any_of(shown, &ComparedMetric::thin))
      Line(Painted(
          fmt::format("~ fewer than {} samples lie beyond this percentile", kMinSamplesBeyond),
          Color::kDim));
  }

  // Greyed: they are there to be looked at.
  void Figures() {
    Columns columns;
    columns.Add({"metric", "A ", "B ", "B/A"});
    std::vector<std::string> long_names = {""};
    for (const ComparedMetric& figure : model_.figures) {
      if (!IsShown(figure)) continue;
      const std::string name = Printable(figure.name, kTextWidth);
      const bool is_long = Width(name) > kNameWidth;
      long_names.push_back(is_long ? name : "");
      columns.Add({is_long ? "" : name, Marked(figure.a), Marked(figure.b), Text(figure.change)});
    }
    Line(Painted(kFiguresTitle, Color::kDim));
    const std::vector<std::string> lines = columns.Lines(style_.width);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!long_names[i].empty()) Line(Painted(long_names[i], Color::kDim));
      Line(Painted(lines[i], Color::kDim));
    }
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
    Blank();
    for (const ComparedMetric& metric : model_.metrics) {
      if (!metric.primary) continue;
      const std::string name = Printable(metric.name);
      const std::string pad(Width(name) < width ? width - Width(name) : 0, ' ');
      Line(Wrap(fmt::format("{}{}  {}", name, pad, Printable(metric.sentence)), style_.Prose(),
                width + 2));
    }
  }

  // ---- the distribution ----

  // With fewer runs the band is so wide that it says nothing.
  bool HasShift() const {
    return !model_.shift.empty() && std::min(model_.runs_a, model_.runs_b) >= kMinRunsForVerdict;
  }

  void ShiftBlock() {
    std::vector<ShiftColumn> shown;
    for (const ShiftColumn& column : model_.shift)
      if (std::ranges::find(kShiftShown, column.percentile) != kShiftShown.end())
        shown.push_back(column);
    Columns columns({"p5", "p75", "p25", "p90", "p95"});
    columns.Add(ShiftRow("", shown, [](const ShiftColumn& column) { return column.name; }));
    columns.Add(ShiftRow("A", shown, [](const ShiftColumn& column) { return Text(column.a); }));
    columns.Add(ShiftRow("B", shown, [](const ShiftColumn& column) { return Text(column.b); }));
    columns.Add(
        ShiftRow("B/A", shown, [](const ShiftColumn& column) { return Text(column.ratio); }));
    columns.Add(
        ShiftRow("from", shown, [](const ShiftColumn& column) { return Text(column.low); }));
    columns.Add(ShiftRow("to", shown, [](const ShiftColumn& column) { return Text(column.high); }));
    Blank();
    Line(fmt::format("response time of all ops at every percentile; {}",
                     model_.shift_differs ? "outside of chance where from..to leaves 1 out"
                                          : "nowhere is the difference outside of chance"));
    const std::vector<std::string> lines = columns.Lines(style_.width);
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
    for (const PlanDifference& difference : model_.forbidden)
      Named("differs", Printable(Describe(difference), 300));
  }

  void LeftOut() {
    if (!model_.left_out.empty()) Blank();
    for (const LeftOutRun& run : model_.left_out) {
      std::string reasons;
      for (std::size_t i = 0; i < run.reasons.size() && i < kShownReasons; ++i)
        reasons += (i == 0 ? "" : "; ") + Printable(run.reasons[i]);
      Named("left out", fmt::format("{}  {}: {}", run.side, Printable(run.run), reasons));
      if (const std::string figures = FiguresText(run); !figures.empty())
        Named("figures", figures, Color::kDim);
    }
  }

  void Notes() {
    if (!model_.notes.empty()) Blank();
    for (const std::string& note : model_.notes) Named("note", Printable(note), Color::kYellow);
  }

  void Verdict() {
    Blank();
    const std::string name = Capitals(Name(model_.verdict)) + ":";
    Line(Painted(
        Wrap(fmt::format("{} {}", name, Printable(model_.reason)), style_.Prose(), name.size() + 1),
        ColorOf(model_.verdict)));
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
