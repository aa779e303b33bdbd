// SPDX-License-Identifier: Apache-2.0
#include "reports/model/page_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/result/summary.h"
#include "reports/model/knee.h"

namespace mbench {
namespace {

// Rows that say the same thing of both sides.
class FactTable {
 public:
  FactTable(PageTable table, const PageSide& b, const PageSide* a, std::string last_column)
      : table_(std::move(table)), b_(b), a_(a) {
    table_.columns = {{"what"}, {a == nullptr ? "this run" : "this side"}};
    if (a != nullptr) table_.columns.push_back({"baseline", false, true});
    last_ = !last_column.empty();
    if (last_) table_.columns.push_back({std::move(last_column)});
  }

  template <class Text>
  void Add(std::string name, const Text& text, std::string last = {}, Tone tone = Tone::kPlain) {
    PageRow row;
    row.cells = {{std::move(name)}, {text(b_), {}, tone}};
    if (a_ != nullptr) row.cells.push_back({text(*a_)});
    if (last_) row.cells.push_back({std::move(last)});
    table_.rows.push_back(std::move(row));
  }

  PageTable Take() { return std::move(table_); }

 private:
  PageTable table_;
  const PageSide& b_;
  const PageSide* a_;
  bool last_ = false;
};

std::string P99(const LatencyModel& latencies) { return Text(latencies.percentiles[3]); }

std::string ValidText(const PageSide& side) {
  const RunModel& model = side.shown_model;
  return model.valid ? "yes" : "no: " + Join(model.invalid, "; ");
}

std::string AccountText(const PageSide& side) {
  const RunModel& model = side.shown_model;
  std::string text;
  for (const auto& [name, count] : model.outcomes)
    if (count.value != 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : " + ", name, Text(count));
  if (text.empty()) text = "none ended";
  return fmt::format("{} {} {} + in flight {} + waiting {}", Text(model.offered),
                     model.balances ? "=" : "is NOT", text, Text(model.in_flight),
                     Text(model.waiting));
}

std::string CpuText(const PageSide& side) {
  const RunModel& model = side.shown_model;
  const std::uint32_t cores = side.shown->result.provenance.cores;
  std::string text = fmt::format("{} cores", Text(model.cpu_cores));
  if (cores != 0) text += fmt::format(" of {}", cores);
  return text + fmt::format("; busiest worker {}", Text(model.busy));
}

std::string WarmupText(const PageSide& side) {
  const RunModel& model = side.shown_model;
  if (model.warmup_length.value <= 0) return "none: the first, slower ops are counted";
  std::string text = Text(model.warmup_length);
  if (model.warmup_ops.value > 0) text += fmt::format(", {} ops", Text(model.warmup_ops));
  return text;
}

std::string ClockText(const PageSide& side) {
  const Provenance& from = side.shown->result.provenance;
  const double drift = std::abs(from.clock_drift_ppm) < 0.05 ? 0 : from.clock_drift_ppm;
  return fmt::format("{}, drift {:.1f} ppm", from.clock.empty() ? "unknown" : from.clock, drift);
}

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

// ---- runs ----

PageRow RunRow(char side, const PageRun& run) {
  const RunModel model = MakeRunModel(run.result);
  PageRow row;
  row.greyed = !model.valid;
  row.cells = {{std::string(1, side)},
               {OrDash(run.result.folder)},
               {model.started_at},
               {model.valid ? "yes" : "no", Join(model.invalid, "; "),
                model.valid ? Tone::kPlain : Tone::kBad},
               Plain(model.all.rate),
               Plain(model.all.response.percentiles[3]),
               Plain(model.all.errors),
               {P99(model.lag)},
               Plain(model.cpu_cores),
               Plain(model.steal)};
  return row;
}

}  // namespace

PageTable MakeTrustTable(const PageSide& b, const PageSide* a) {
  FactTable table({.id = "trust-table", .caption = "How the run and the load generator fared"}, b,
                  a, "what it means");
  const Tone tone = b.shown->result.Valid() ? Tone::kGood : Tone::kBad;
  const auto above = [](const PageSide& side) {
    return std::string(side.shown_model.valid ? "yes" : "no, as said above");
  };
  if (a == nullptr)
    table.Add("valid", above, "whether a verdict may be drawn from it", tone);
  else
    table.Add("valid", ValidText, "whether a verdict may be drawn from it", tone);
  table.Add(
      "start lag, p99", [](const PageSide& side) { return P99(side.shown_model.lag); },
      "how late ops were started; part of their response time");
  table.Add(
      "of that the generator's", [](const PageSide& side) { return P99(side.shown_model.delay); },
      "a connection was free, and mbench was not there");
  table.Add("client CPU", CpuText, "with an embedded store this is the store's, too");
  if (!b.shown_model.cpu.empty())
    table.Add(
        "CPU of its host", [](const PageSide& side) { return OrDash(side.shown_model.cpu); },
        "what others have makes ops wait that have nothing to do with them");
  table.Add(
      "steal", [](const PageSide& side) { return Text(side.shown_model.steal); },
      "CPU time that the hypervisor gave to others");
  table.Add(
      "ops dropped", [](const PageSide&) { return std::string("0"); },
      "never: an op that is due waits, and its wait counts");
  table.Add(
      "ops late at the end", [](const PageSide& side) { return Text(side.shown_model.waiting); },
      "due and never started");
  table.Add("offered", AccountText, "every op is accounted for");
  if (b.shown_model.connections.known) {
    table.Add(
        "connections",
        [](const PageSide& side) { return OrDash(ConnectionsText(side.shown_model.connections)); },
        "in the warm-up, too; one that is lost is made again");
  }
  table.Add("warm-up left out", WarmupText, "in no number of this page");
  const LoadPhase& load = b.shown->result.load;
  if (load.already_there + load.resumed_at != 0 || !load.set_up.empty()) {
    table.Add(
        "data", [](const PageSide& side) { return OrDash(LoadText(side.shown_model.load)); },
        "the load phase, before the warm-up");
  }
  if (!load.set_up.empty()) {
    table.Add(
        "set-up", [](const PageSide& side) { return OrDash(SetUpText(side.shown_model.load)); },
        "statements that were done once, around the load");
  }
  table.Add("clock", ClockText, "against the system's clock");
  table.Add(
      "seed", [](const PageSide& side) { return std::to_string(side.shown_model.seed); },
      "the same seed gives the same ops");
  table.Add(
      "mbench",
      [](const PageSide& side) { return OrDash(side.shown->result.provenance.mbench_version); },
      "version that ran");
  table.Add(
      "system", [](const PageSide& side) { return OrDash(side.shown_model.system); }, "under test");
  // By place: the systems of a baseline may be called otherwise.
  for (std::size_t i = 0; i < b.shown_model.systems.size(); ++i) {
    table.Add("system " + b.shown_model.systems[i].all.name, [i](const PageSide& side) {
      const std::vector<SystemModel>& systems = side.shown_model.systems;
      if (i >= systems.size()) return std::string("-");
      const OpModel& all = systems[i].all;
      const std::string text = SystemText(systems[i]);
      if (systems[i].ops.empty()) return text;
      return fmt::format("{}; {}, p99 {}, {} errors", text, Text(all.rate), P99(all.response),
                         Text(all.errors));
    });
  }
  for (std::size_t i = 0; i < b.shown_model.ranks.size(); ++i) {
    table.Add(fmt::format("rank {}", i), [i](const PageSide& side) {
      const std::vector<RankRecord>& ranks = side.shown_model.ranks;
      return i < ranks.size() ? RankText(ranks[i]) : std::string("-");
    });
  }
  table.Add(
      "command line",
      [](const PageSide& side) {
        return OrDash(Join(side.shown->result.provenance.command_line, " "));
      },
      "secrets out");
  return table.Take();
}

PageTable MakeRunsTable(const PageSource& source) {
  PageTable table{.id = "runs-table", .caption = "All runs; A is the baseline"};
  table.columns = {{"side"},        {"result"},     {"started"},      {"valid"},
                   {"rate", true},  {"p99", true},  {"errors", true}, {"lag p99", true},
                   {"cores", true}, {"steal", true}};
  for (const PageRun& run : source.a) table.rows.push_back(RunRow('A', run));
  for (const PageRun& run : source.b) table.rows.push_back(RunRow('B', run));
  return table;
}

PageTable MakeSloTable(const RunModel& run) {
  PageTable table{.id = "slo-table", .caption = "Objectives"};
  table.unlike = true;
  table.columns = {{"objective"}, {"held"}, {"measured", true}};
  for (const SloModel& slo : run.slo) {
    PageCell held{"yes", {}, Tone::kGood};
    if (slo.state == SloModel::State::kBroken) held = {"BROKEN", {}, Tone::kBad};
    if (slo.state == SloModel::State::kNotJudged)
      held = {"not judged", "nothing was measured to judge it by", Tone::kUnsure};
    PageCell measured{Text(slo.measured)};
    if (slo.windowed && slo.measured.known)
      measured.small = fmt::format("in the worst window, at {}", Text(slo.worst_at));
    table.rows.push_back({{{slo.text}, held, measured}});
  }
  return table;
}

PageTable MakeOutageTable(const RunModel& run) {
  PageTable table{.id = "outage-table", .caption = "Outages"};
  table.columns = {{"event"},
                   {"op"},
                   {"first error", true},
                   {"last error", true},
                   {"time to recover", true},
                   {"failed in it", true}};
  if (run.writes_followed)
    for (const char* name : {"in doubt", "acknowledged, then lost", "RPO"})
      table.columns.push_back({name, true});
  if (run.reads_followed) table.columns.push_back({"stale reads", true});
  for (const char* name : {"p99 before", "during", "after"}) table.columns.push_back({name, true});
  table.columns.push_back({"state"});
  for (const OutageModel& outage : run.outages) {
    PageRow row;
    row.cells = {{outage.event}, {outage.op}};
    row.cells.push_back(Plain(outage.first_error));
    row.cells.push_back(Plain(outage.last_error));
    PageCell rto = Plain(outage.rto);
    if (outage.from.known)
      rto.small = fmt::format("{} \xe2\x80\x93 {}", Text(outage.from), Text(outage.to));
    row.cells.push_back(std::move(rto));
    row.cells.push_back(Plain(outage.during.errors));
    if (run.writes_followed)
      for (const std::string& text : {outage.in_doubt, outage.lost, outage.rpo})
        row.cells.push_back({text});
    if (run.reads_followed) row.cells.push_back({outage.stale});
    for (const OutagePhaseModel* phase : {&outage.before, &outage.during, &outage.after}) {
      PageCell cell = Plain(phase->p99);
      if (phase->ended.known) cell.small = Text(phase->ended) + " ops";
      row.cells.push_back(std::move(cell));
    }
    row.cells.push_back({outage.state, {}, outage.is_bad ? Tone::kBad : Tone::kPlain});
    table.rows.push_back(std::move(row));
  }
  return table;
}

PageTable MakeEventTable(const RunModel& run) {
  PageTable table{.id = "event-table", .caption = "Events and their commands"};
  table.columns = {
      {"event"}, {"began", true}, {"took", true}, {"exit code", true}, {"what came of it"}};
  for (const EventRecord& event : run.events) {
    const bool began = event.end != EventEnd::kSkipped;
    const bool is_well = event.end == EventEnd::kDone;
    PageCell outcome{is_well ? "done" : event.why, event.output,
                     is_well ? Tone::kPlain : Tone::kBad};
    PageRow row;
    row.cells = {{NameOf(event)},
                 {began ? FormatDuration(event.at) : "-"},
                 {began ? FormatDuration(event.took) : "-"},
                 {event.exit_code ? std::to_string(*event.exit_code) : "-"},
                 std::move(outcome)};
    table.rows.push_back(std::move(row));
  }
  return table;
}

PageTable MakeCheckTable(const RunModel& run) {
  PageTable table{.id = "check-table", .caption = "The data, when the run was over"};
  table.columns = {{"check"}, {"target"}, {"right"}, {"measured"}};
  for (const CheckResult& check : run.checks) {
    PageCell right{"yes", {}, Tone::kGood};
    if (!check.ok) right = {"BROKEN", {}, Tone::kBad};
    table.rows.push_back({{{check.what}, {check.target}, right, {check.measured}}});
  }
  return table;
}

PageTable MakeLevelTable(const PageSide& b) {
  const bool open = b.shown->result.open_model;
  PageTable table{.id = "level-table", .caption = "Latency and rate by level of the load"};
  table.columns = {{open ? "planned load" : "planned clients", true},
                   {"achieved", true},
                   {"p50", true},
                   {"p99", true},
                   {"samples", true}};
  for (const LoadLevel& level : b.shown->timeline.levels) {
    const bool known = level.samples > 0;
    Number p50 = MakeLatency(known ? level.p50_ns : 0);
    Number p99 = MakeLatency(known ? level.p99_ns : 0, IsThin(99, level.samples));
    p50.known = p99.known = known;
    table.rows.push_back({{{open ? FormatRate(level.level) : fmt::format("{:.0f}", level.level)},
                           Plain(MakeRate(level.answered_s)),
                           Plain(p50),
                           {Text(p99) + (p99.thin && known ? "~" : "")},
                           {WithCommas(level.samples)}}});
  }
  return table;
}

PageTable MakeDifferenceTable(const std::string& id, const std::string& caption,
                              const std::vector<PlanDifference>& differences) {
  PageTable table{.id = id, .caption = caption};
  table.columns = {{"key"}, {"A"}, {"B"}};
  for (const PlanDifference& difference : differences)
    table.rows.push_back({{{difference.key},
                           {difference.a.empty() ? "not set" : difference.a},
                           {difference.b.empty() ? "not set" : difference.b}}});
  return table;
}

PageTable MakeFactsTable(const PageSide& b) {
  PageTable table{.id = "facts-table", .caption = "What was found out about the system"};
  table.columns = {{"what"}, {"before the run"}, {"after it"}};
  for (const FactModel& fact : b.shown_model.facts)
    table.rows.push_back(
        {{{fact.name}, {fact.before}, {fact.Changed() || fact.before.empty() ? fact.after : ""}}});
  return table;
}

PageTable MakeEnvironmentTable(const PageSide& b, const PageSide* a) {
  FactTable table({.id = "environment-table", .caption = "Where it ran"}, b, a, "");
  const auto add = [&table](const char* name, auto value) {
    table.Add(name, [value](const PageSide& side) {
      return OrDash(value(side.shown->result.provenance));
    });
  };
  add("started", [](const Provenance& from) { return from.started_at; });
  add("host", [](const Provenance& from) { return from.host; });
  add("operating system", [](const Provenance& from) { return from.os; });
  add("kernel", [](const Provenance& from) { return from.kernel; });
  add("CPU", [](const Provenance& from) { return from.cpu; });
  add("cores", [](const Provenance& from) {
    return from.cores == 0 ? std::string() : std::to_string(from.cores);
  });
  add("memory", [](const Provenance& from) {
    return from.memory_bytes == 0 ? std::string()
                                  : FormatBytes(static_cast<double>(from.memory_bytes));
  });
  add("driver", [](const Provenance& from) { return from.driver; });
  add("workload file", [](const Provenance& from) { return from.file; });
  table.Add("result", [](const PageSide& side) { return OrDash(side.shown_model.folder); });
  return table.Take();
}

}  // namespace mbench
