// SPDX-License-Identifier: Apache-2.0
#include "reports/markdown/comparison_markdown.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/result/summary.h"

namespace mbench {
namespace {

// Characters that format, link, mention or end a cell of a table. As entities and not behind a
// backslash, because a mention or the number of an issue is sought in the finished text.
constexpr std::string_view kSpecial = "\\`*_{}[]<>#|&@~$";

// What becomes a link by itself; a ':' or '.' in another place is only that.
bool BeginsLink(std::string_view text) {
  return text.starts_with("://") || text.starts_with("www.");
}

class ComparisonMarkdown {
 public:
  explicit ComparisonMarkdown(const ComparisonModel& model) : model_(model) {}

  std::string Render() {
    Head();
    Metrics(true);
    Figures();
    Reasons();
    Forbidden();
    LeftOut();
    Notes();
    if (std::ranges::any_of(model_.metrics, [](const auto& metric) { return !metric.primary; }))
      Exploratory();
    return std::move(out_);
  }

 private:
  void Line(std::string_view text = {}) {
    out_ += text;
    out_ += '\n';
  }

  void Head() {
    Line(fmt::format("### {}: {}", MarkdownText(model_.subject.title), Name(model_.verdict)));
    Line();
    Line(MarkdownText(model_.reason));
    Line();
    Line(fmt::format("A: {}, {} runs. B: {}, {} runs.", MarkdownText(model_.subject.a),
                     model_.runs_a, MarkdownText(model_.subject.b), model_.runs_b));
  }

  static std::string Cell(const Number& number) {
    return Text(number) + (number.thin && number.known ? "&#126;" : "");
  }

  static std::string VerdictText(const ComparedMetric& metric) {
    if (metric.verdict == Verdict::kSuggestive && metric.leaning != Verdict::kInconclusive)
      return fmt::format("suggestive ({}?)", Name(metric.leaning));
    if (metric.verdict == Verdict::kWorse) return "**worse**";
    return std::string(Name(metric.verdict));
  }

  void Metrics(bool primary) {
    const auto shown = [&](const ComparedMetric& metric) { return metric.primary == primary; };
    if (std::ranges::none_of(model_.metrics, shown)) return;
    Line();
    Line(fmt::format("| metric | A | B | B/A | {:.4g}% interval | margin | p{} | verdict |",
                     model_.confidence * 100, primary ? " (adjusted)" : ""));
    Line("|---|--:|--:|--:|--:|--:|--:|---|");
    for (const ComparedMetric& metric : model_.metrics)
      if (shown(metric)) Row(metric);
    if (std::ranges::any_of(model_.metrics,
                            [&](const auto& metric) { return shown(metric) && metric.thin; }))
      Line(fmt::format("\n&#126; fewer than {} samples lie beyond this percentile",
                       kMinSamplesBeyond));
  }

  void Row(const ComparedMetric& metric) {
    Line(fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |", MarkdownText(metric.name),
                     Cell(metric.a), Cell(metric.b), Text(metric.change), IntervalText(metric),
                     SizeText(metric.margin, metric.is_ratio),
                     metric.measured ? PText(metric.primary ? metric.adjusted_p : metric.p) : "-",
                     VerdictText(metric)));
  }

  void Figures() {
    if (model_.figures.empty()) return;
    Line(fmt::format("\nBelow is {}.\n", kFiguresTitle));
    Line("| metric | A | B | B/A |");
    Line("|---|--:|--:|--:|");
    for (const ComparedMetric& figure : model_.figures)
      Line(fmt::format("| {} | {} | {} | {} |", MarkdownText(figure.name), Cell(figure.a),
                       Cell(figure.b), Text(figure.change)));
  }

  void Reasons() {
    bool first = true;
    for (const ComparedMetric& metric : model_.metrics) {
      if (!metric.primary) continue;
      if (first) Line();
      first = false;
      Line(fmt::format("- {}: {}", MarkdownText(metric.name), MarkdownText(metric.sentence)));
    }
  }

  void Forbidden() {
    if (!model_.forbidden.empty()) Line();
    for (const PlanDifference& difference : model_.forbidden)
      Line("- differs: " + MarkdownText(Describe(difference)));
  }

  void LeftOut() {
    if (!model_.left_out.empty()) Line();
    for (const LeftOutRun& run : model_.left_out)
      Line(fmt::format("- left out of {}: {}: {}", run.side, MarkdownText(run.run),
                       MarkdownText(Join(run.reasons, "; "))));
  }

  void Notes() {
    if (!model_.notes.empty()) Line();
    for (const std::string& note : model_.notes) Line("- note: " + MarkdownText(note));
  }

  void Exploratory() {
    Line("\n<details><summary>Exploratory metrics: no part of the verdict</summary>");
    Metrics(false);
    Line("\n</details>");
  }

  const ComparisonModel& model_;
  std::string out_;
};

}  // namespace

std::string MarkdownText(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    const bool special = length == 1 && kSpecial.find(text[0]) != std::string_view::npos;
    if (text[0] == '\n' || text[0] == '\t')
      out += ' ';
    else if (length == 0 || IsControl(text.substr(0, length)))
      out += '?';
    else if (special || BeginsLink(text))
      out += fmt::format("&#{};", static_cast<int>(text[0]));
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string RenderComparisonMarkdown(const ComparisonModel& model) {
  return ComparisonMarkdown(model).Render();
}

}  // namespace mbench
