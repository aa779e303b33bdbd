// SPDX-License-Identifier: Apache-2.0
//
// From top to bottom: what was run, the latencies from the planned start, the service times beside
// them where they differ, the account of all ops, how the harness itself fared, what may be
// concluded.
#include "reports/text/run_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/units.h"
#include "harness/result/summary.h"
#include "reports/model/run_model.h"
#include "reports/text/columns.h"

namespace mbench {
namespace {

constexpr std::size_t kIdentityWidth = 110;  // on one line as long as it is not longer than this
constexpr std::size_t kShownErrors = 5;
constexpr std::size_t kShownFacts = 12;
constexpr std::string_view kIndent = "  ";  // of parts under their op

// A cell ends in a space or a mark, so that numbers stay under each other.
std::string Cell(const Number& number, bool* marked) {
  if (!number.thin || !number.known) return Text(number) + " ";
  *marked = true;
  return Text(number) + "~";
}

// Of the table of outages where nothing is known of a terminal: it has more columns than others.
constexpr std::size_t kWidestOutages = 110;
constexpr std::size_t kWidestFollowed = 160;  // with what became of writes and reads

class RunTable {
 public:
  RunTable(const RunModel& model, const RunFindings& found, const TextStyle& style)
      : model_(model), found_(found), style_(style) {}

  std::string Render() {
    Head();
    Outages();
    Ops();
    Systems();
    Ranks();
    if (model_.service_differs) Services();
    if (model_.all.moved.BytesShown() || model_.all.moved.ItemsShown()) Moves();
    if (marked_)
      Line(Paint(
          fmt::format("~ fewer than {} samples lie beyond this percentile", kMinSamplesBeyond),
          Color::kDim, style_.color));
    Errors();
    Line("");
    Identity();
    Connections();
    Host();
    Facts();
    Phases();
    for (const DriftModel& drift : found_.drifts) Named("drift", Printable(drift.text, 300));
    for (const StallModel& stall : found_.stalls) Named("stalls", Printable(stall.text, 300));
    if (!found_.use.columns.empty()) Named("limit", Printable(found_.use.sentence, 500));
    Line("");
    Verdict();
    Slos();
    Checks();
    if (!model_.folder.empty()) Line("\n" + Printable(model_.folder));
    return std::move(out_);
  }

 private:
  void Line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }
  // "name   text", wrapped under itself.
  void Named(std::string_view name, std::string_view text) {
    Line(Wrap(fmt::format("{:<9} {}", name, text), style_.Prose(), 10));
  }

  // Beside the name, which may be long.
  std::size_t AboutWidth() const {
    const std::size_t name = std::max<std::size_t>(Width(Printable(model_.name)) + 2, 20);
    return style_.Prose() - std::min(name, style_.Prose() - 20);
  }

  void Head() {
    Line(Paint(Printable(model_.name), Color::kBold, style_.color) +
         (model_.about.empty() ? "" : "  " + Printable(model_.about, AboutWidth())));
    const std::string system =
        model_.systems.empty() ? model_.system : fmt::format("{} systems", model_.systems.size());
    std::string text = fmt::format("{}, {} model, {} measured", Printable(system), model_.model,
                                   Text(model_.measured_length));
    if (model_.warmup_length.value > 0)
      text += fmt::format(" after {} of warm-up", Text(model_.warmup_length));
    text += fmt::format(", seed {}", model_.seed);
    if (model_.end != "complete") text += fmt::format(" ({})", model_.end);
    Line(Wrap(text, style_.Prose(), 2) + "\n");
  }

  std::vector<std::string> HeadRow(std::string_view first) const {
    std::vector<std::string> row = {std::string(first), "count ", "rate "};
    for (const ShownPercentile& percentile : kPercentiles)
      row.push_back(std::string(percentile.name) + " ");
    row.insert(row.end(), {"max ", "errors "});
    return row;
  }

  std::vector<std::string> OpRow(const OpModel& op, std::string_view indent = "") {
    std::vector<std::string> row = {std::string(indent) + Printable(op.name, kNameWidth),
                                    Text(op.count) + " ", Text(op.rate) + " "};
    for (const Number& percentile : op.response.percentiles)
      row.push_back(Cell(percentile, &marked_));
    row.insert(row.end(), {Text(op.response.max) + " ", Text(op.errors) + " "});
    return row;
  }

  void Ops() {
    Columns columns({"p95", "p90", "p99.9", "count", "rate"});
    columns.Add(HeadRow("op"));
    for (const OpModel& op : model_.ops) {
      columns.Add(OpRow(op));
      for (const OpModel& part : op.parts) columns.Add(OpRow(part, kIndent));
    }
    if (model_.ops.size() > 1) columns.Add(OpRow(model_.all));
    AddColumns(columns);
  }

  // Of several: the ops of each together, and what it is.
  void Systems() {
    if (model_.systems.empty()) return;
    Line("");
    Columns columns;
    columns.Add(HeadRow("system"));
    for (const SystemModel& system : model_.systems)
      if (!system.ops.empty()) columns.Add(OpRow(system.all));
    AddColumns(columns);
    for (const SystemModel& system : model_.systems)
      Named(system.all.name, Printable(SystemText(system), 300));
  }

  // Of the processes that shared the run: where they differ.
  void Ranks() {
    if (model_.ranks.empty()) return;
    Line("");
    for (const RankRecord& rank : model_.ranks)
      Named(fmt::format("rank {}", rank.rank), Printable(RankText(rank), 300));
  }

  std::vector<std::string> ServiceRow(const OpModel& op) {
    std::vector<std::string> row = {Printable(op.name, kNameWidth)};
    for (const Number& percentile : op.service.percentiles)
      row.push_back(Cell(percentile, &marked_));
    row.push_back(Text(op.service.max) + " ");
    return row;
  }

  // Under the table and not in it: what is compared with an objective is the response time.
  void Services() {
    Line("");
    Line(Wrap("service time (from when an op was sent; above: from when it was planned)",
              style_.Prose(), 2));
    Columns columns({"p95", "p90", "p99.9"});
    std::vector<std::string> head = {"op"};
    for (const ShownPercentile& percentile : kPercentiles)
      head.push_back(std::string(percentile.name) + " ");
    head.push_back("max ");
    columns.Add(head);
    for (const OpModel& op : model_.ops) columns.Add(ServiceRow(op));
    if (model_.ops.size() > 1) columns.Add(ServiceRow(model_.all));
    AddColumns(columns);
  }

  std::vector<std::string> MovedRow(const OpModel& op, std::string_view indent = "") const {
    std::vector<std::string> row = {std::string(indent) + Printable(op.name, kNameWidth)};
    if (model_.all.moved.ItemsShown()) row.push_back(Text(op.moved.items_rate) + " ");
    if (model_.all.moved.BytesShown()) {
      row.push_back(Text(op.moved.sent_rate) + " ");
      row.push_back(Text(op.moved.received_rate) + " ");
    }
    return row;
  }

  void Moves() {
    Line("");
    Columns columns;
    std::vector<std::string> head = {"moved"};
    if (model_.all.moved.ItemsShown()) head.emplace_back("items ");
    if (model_.all.moved.BytesShown()) head.insert(head.end(), {"sent ", "received "});
    columns.Add(head);
    for (const OpModel& op : model_.ops) {
      columns.Add(MovedRow(op));
      for (const OpModel& part : op.parts) columns.Add(MovedRow(part, kIndent));
    }
    if (model_.ops.size() > 1) columns.Add(MovedRow(model_.all));
    AddColumns(columns);
  }

  void AddColumns(const Columns& columns) { AddColumns(columns, style_.width); }
  void AddColumns(const Columns& columns, std::size_t width) {
    bool head = true;
    for (const std::string& line : columns.Lines(width)) {
      Line(Paint(line, head || !model_.valid ? Color::kDim : Color::kNone, style_.color));
      head = false;
    }
    if (const std::string left_out = columns.LeftOut(width); !left_out.empty())
      Line(Paint(fmt::format("no room for {}", left_out), Color::kDim, style_.color));
  }

  void Errors() {
    const auto& classes = model_.all.error_classes;
    if (classes.empty()) return;
    std::string text;
    for (std::size_t i = 0; i < classes.size() && i < kShownErrors; ++i)
      text += fmt::format("{}{} {}", i == 0 ? "" : ", ", Printable(classes[i].first, 60),
                          Text(classes[i].second));
    if (classes.size() > kShownErrors)
      text += fmt::format(", and {} more kinds", classes.size() - kShownErrors);
    Line("");
    Named("errors", text);
  }

  // Outcomes that are rare by nature are left out when there were none.
  static bool AlwaysShown(std::string_view outcome) {
    return outcome != "mismatch" && outcome != "rejected";
  }

  void Identity() {
    std::string text;
    for (const auto& [name, count] : model_.outcomes)
      if (count.value != 0 || AlwaysShown(name))
        text += fmt::format("{} {} {}", text.empty() ? "" : " +", name, Text(count));
    text +=
        fmt::format(" + in flight {} + waiting {}", Text(model_.in_flight), Text(model_.waiting));
    const std::string_view sign = model_.balances ? "=" : "is NOT";
    const std::string line =
        Wrap(fmt::format("{:<9} {} {}{}", "offered", Text(model_.offered), sign, text),
             style_.width == 0 ? kIdentityWidth : std::min(style_.width, kIdentityWidth), 10);
    Line(Paint(line, model_.balances ? Color::kNone : Color::kRed, style_.color));
  }

  // Only what is not as everybody expects it: that each was made once and stood to the end.
  void Connections() {
    const ConnectionCounts& counts = model_.connections;
    if (counts.lost + counts.sent_again != 0)
      Named("network", "connections: " + ConnectionsText(counts));
  }

  void Host() {
    const auto p99 = [](const LatencyModel& latencies) { return Text(latencies.percentiles[3]); };
    Named("lag", fmt::format("p99 {}, of which the load generator's own {}", p99(model_.lag),
                             p99(model_.delay)));
    Named("client", fmt::format("{} cores of CPU, busiest worker {}, steal {}, memory {}",
                                Text(model_.cpu_cores), Text(model_.busy), Text(model_.steal),
                                Text(model_.rss)));
    std::string host;
    for (const auto& [name, number] : model_.host)
      host += fmt::format("{}{} {}", host.empty() ? "" : ", ", name, Text(number));
    if (!host.empty()) Named("host", host);
    if (!model_.cpu.empty()) Named("CPU", Printable(model_.cpu, 300));
  }

  // What is only known after the run is what it came to; the rest is what it has changed.
  void Facts() {
    std::string changed;
    std::size_t more = 0, shown = 0;
    for (const FactModel& fact : model_.facts) {
      if (fact.before.empty() && fact.name.starts_with("events of "))
        Named("events", Printable(fact.name.substr(7) + ": " + fact.after));
      if (!fact.Changed()) continue;
      if (shown == kShownFacts) {
        ++more;
        continue;
      }
      changed += fmt::format("{}{} {} -> {}", shown++ == 0 ? "" : ", ", Printable(fact.name, 60),
                             Printable(fact.before, 40), Printable(fact.after, 40));
    }
    if (more > 0) changed += fmt::format(", and {} more", more);
    if (!changed.empty()) Named("changed", changed);
  }

  void Phases() {
    const std::string load = LoadText(model_.load), set_up = SetUpText(model_.load);
    if (!load.empty()) Named("load", load);
    if (!set_up.empty()) Named("set-up", Printable(set_up, 500));
    if (model_.warmup_length.value > 0) Warmup();
    for (const EventRecord& event : model_.events)
      if (event.end != EventEnd::kSkipped)
        Named("event",
              fmt::format("{} at {}", Printable(NameOf(event), 60), FormatDuration(event.at)));
    // With outages it stands under their table.
    if (model_.outages.empty()) Commands();
  }

  void Commands() {
    const std::string commands = CommandsText(model_.events);
    if (!commands.empty()) Named("commands", Printable(commands, 500));
  }

  // First of all: who stops a system wants to know for how long it was down.
  void Outages() {
    if (model_.outages.empty()) return;
    Columns columns({"first error", "during", "last error", "p99 before", "after", "failed"});
    std::vector<std::string> head = {"outage",      "op",   "first error ",
                                     "last error ", "RTO ", "failed "};
    if (model_.writes_followed) Append({"in doubt ", "lost ", "RPO "}, &head);
    if (model_.reads_followed) Append({"stale reads "}, &head);
    Append({"p99 before ", "during ", "after ", ""}, &head);
    columns.Add(head);
    for (const OutageModel& outage : model_.outages) columns.Add(OutageRow(outage));
    const bool followed = model_.writes_followed || model_.reads_followed;
    const std::size_t widest = followed ? kWidestFollowed : kWidestOutages;
    AddColumns(columns, style_.width == 0 ? widest : style_.width);
    Commands();
    Line("");
  }

  static void Append(std::vector<std::string> more, std::vector<std::string>* to) {
    std::ranges::move(more, std::back_inserter(*to));
  }

  std::vector<std::string> OutageRow(const OutageModel& outage) const {
    std::vector<std::string> row = {Printable(outage.event, kNameWidth),
                                    Printable(outage.op, kNameWidth),
                                    Text(outage.first_error) + " ",
                                    Text(outage.last_error) + " ",
                                    Text(outage.rto) + " ",
                                    Text(outage.during.errors) + " "};
    if (model_.writes_followed)
      Append({outage.in_doubt + " ", outage.lost + " ", outage.rpo + " "}, &row);
    if (model_.reads_followed) Append({outage.stale + " "}, &row);
    Append({Text(outage.before.p99) + " ", Text(outage.during.p99) + " ",
            Text(outage.after.p99) + " ", Printable(outage.state, 40)},
           &row);
    return row;
  }

  // A run that was killed left no count of these.
  void Warmup() {
    std::string text = Text(model_.warmup_length);
    if (model_.warmup_ops.value > 0) text += fmt::format(", {} ops", Text(model_.warmup_ops));
    Named("warm-up", text + " left out");
  }

  void Verdict() {
    if (model_.valid) {
      Line(Paint("VALID", Color::kGreen, style_.color));
    } else {
      for (const std::string& reason : model_.invalid)
        Line(Paint(Wrap("INVALID   " + Printable(reason), style_.Prose(), 10), Color::kRed,
                   style_.color));
    }
    for (const std::string& warning : model_.warnings)
      Line(Paint(Wrap("warning   " + Printable(warning), style_.Prose(), 10), Color::kYellow,
                 style_.color));
  }

  void Slos() {
    std::size_t width = 0;
    for (const SloModel& slo : model_.slo) width = std::max(width, Width(Printable(slo.text, 60)));
    for (const SloModel& slo : model_.slo) Slo(slo, width);
    const auto& [asked, reached] = model_.service_level;
    if (!asked.empty())
      Line(fmt::format("level     {} reached, {} asked for", reached.empty() ? "none" : reached,
                       Printable(asked, 60)));
  }

  // What was found of the data: target, measured and whether that is right.
  void Checks() {
    std::size_t what = 0, target = 0;
    for (const CheckResult& check : model_.checks) {
      what = std::max(what, Width(Printable(check.what, 60)));
      target = std::max(target, Width(Printable(check.target, 40)));
    }
    for (const CheckResult& check : model_.checks) {
      const std::string line =
          fmt::format("check     {}  {}  {}  {}", Padded(Printable(check.what, 60), what),
                      Padded(Printable(check.target, 40), target), check.ok ? "pass  " : "BROKEN",
                      Printable(check.measured));
      const std::string wrapped = Wrap(line, style_.Prose(), 10);
      Line(check.ok ? wrapped : Paint(wrapped, Color::kRed, style_.color));
    }
  }

  static std::string Padded(std::string text, std::size_t width) {
    return text.append(width - std::min(width, Width(text)), ' ');
  }

  void Slo(const SloModel& slo, std::size_t width) {
    const std::string text = Printable(slo.text, 60);
    const std::string pad(width - Width(text), ' ');
    std::string state = Paint("pass  ", Color::kGreen, style_.color);
    std::string measured = Text(slo.measured);
    if (slo.state == SloModel::State::kBroken) state = Paint("BROKEN", Color::kRed, style_.color);
    if (slo.windowed) measured += fmt::format(" in the worst window, at {}", Text(slo.worst_at));
    if (slo.state == SloModel::State::kNotJudged) {
      state = Paint("NONE  ", Color::kYellow, style_.color);
      measured = "nothing was measured to judge it by";
    }
    Line(Wrap(fmt::format("SLO       {}{}  {}  {}", text, pad, state, measured), style_.Prose(),
              10));
  }

  const RunModel& model_;
  const RunFindings& found_;
  const TextStyle& style_;
  std::string out_;
  bool marked_ = false;
};

}  // namespace

std::string RenderRunTable(const RunResult& result, const TextStyle& style,
                           const RunFindings& found) {
  const RunModel model = MakeRunModel(result);
  return RunTable(model, found, style).Render();
}

}  // namespace mbench
