// SPDX-License-Identifier: Apache-2.0
#include "reports/text/history_table.h"

#include <fmt/format.h>

#include <utility>

#include "harness/base/text.h"
#include "reports/model/comparison_model.h"
#include "reports/text/columns.h"

namespace mbench {
namespace {

class HistoryTable {
 public:
  HistoryTable(const HistoryModel& model, const TextStyle& style) : model_(model), style_(style) {}

  std::string Render() {
    Head();
    Metrics();
    for (const HistoryMetric& metric : model_.metrics)
      for (const HistoryChange& change : metric.changes) Change(metric, change);
    for (const LeftOutRun& run : model_.left_out)
      Line(Wrap(
          fmt::format("left out  {}: {}", Printable(run.run), Printable(Join(run.reasons, "; "))),
          style_.Prose(), 10));
    for (const std::string& note : model_.notes)
      Line(Paint(Wrap("note      " + Printable(note), style_.Prose(), 10), Color::kYellow,
                 style_.color));
    return std::move(out_);
  }

 private:
  void Line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }

  void Head() {
    Line(Paint(Printable(model_.title), Color::kBold, style_.color));
    std::string text = fmt::format("  {} runs", model_.runs.size());
    if (!model_.runs.empty())
      text += fmt::format(", {} to {}", Printable(model_.runs.front().started_at, 40),
                          Printable(model_.runs.back().started_at, 40));
    Line(text + "\n");
  }

  void Metrics() {
    Columns columns;
    columns.Add({"metric", "runs", "first", "last", "lowest", "highest", "changes"});
    for (const HistoryMetric& metric : model_.metrics)
      columns.Add({Printable(metric.name, 40), std::to_string(metric.runs), Text(metric.first),
                   Text(metric.last), Text(metric.lowest), Text(metric.highest),
                   metric.changes.empty() ? "none" : std::to_string(metric.changes.size())});
    bool head = true;
    for (const std::string& line : columns.Lines())
      Line(Paint(line, std::exchange(head, false) ? Color::kDim : Color::kNone, style_.color));
    Line("");
  }

  // Runs have long names, so each change has lines instead of wide columns.
  void Change(const HistoryMetric& metric, const HistoryChange& change) {
    const std::string text =
        fmt::format("{:<6}  {}  {} -> {}  ({}, p {})", Word(change), Printable(metric.name, 40),
                    Text(change.before), Text(change.after), Text(change.change), PText(change.p));
    Line(Paint(text,
               change.alarm   ? Color::kRed
               : change.worse ? Color::kNone
                              : Color::kGreen,
               style_.color));
    Line(fmt::format("        since {}  {}", Printable(change.since.started_at, 40),
                     Printable(change.since.run)));
    if (!change.since.commit.empty() && !change.last_before.commit.empty())
      Line(fmt::format("        between {} and {}; git bisect start {} {}",
                       Printable(change.last_before.commit, 12), Printable(change.since.commit, 12),
                       Printable(change.since.commit, 40),
                       Printable(change.last_before.commit, 40)));
    if (!change.accepted.empty())
      Line(Wrap("        accepted: " + Printable(change.accepted), style_.Prose(), 18));
  }

  // In capitals what raises an alarm: what is less than the margin, or accepted, does not.
  static std::string_view Word(const HistoryChange& change) {
    return change.alarm ? "WORSE" : change.worse ? "worse" : "better";
  }

  const HistoryModel& model_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string RenderHistoryTable(const HistoryModel& model, const TextStyle& style) {
  return HistoryTable(model, style).Render();
}

}  // namespace mbench
