// SPDX-License-Identifier: Apache-2.0
#include "reports/model/capacity_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "reports/model/capacity_charts.h"
#include "reports/model/capacity_model.h"
#include "reports/model/capacity_use.h"
#include "reports/model/figures.h"
#include "reports/model/page_charts.h"
#include "reports/model/use_table.h"

namespace mbench {
namespace {

// ---- the verdict ----

struct EndWords {
  const char* word;
  Tone tone;
};
constexpr std::array<EndWords, kCountOf<SearchEnd>> kEndWords = {{
    {"Found", Tone::kGood},
    {"Not narrowed", Tone::kUnsure},
    {"At least", Tone::kGood},
    {"Never holds", Tone::kBad},
    {"Died", Tone::kBad},
    {"Not measured", Tone::kUnsure},
    {"Not found", Tone::kUnsure},
}};

PageVerdict VerdictOf(const CapacityResult& search) {
  const EndWords& words = kEndWords[static_cast<std::size_t>(search.capacity.end)];
  PageVerdict verdict{.tone = words.tone, .word = words.word, .sentence = CapacitySentence(search)};
  for (const auto& [name, text] : HeadroomFacts(search))
    verdict.details.push_back(fmt::format("{}: {}", name, text));
  // As the exit code of find.
  const CapacityInterval& found = search.capacity;
  const bool known = found.end == SearchEnd::kFound || found.end == SearchEnd::kAtLeast;
  if (!known || found.high <= 0 || found.low >= search.need.peak) return verdict;
  verdict.word = "Below the peak";
  verdict.tone = Tone::kBad;
  return verdict;
}

// ---- what saturated ----

class SaturationTable {
 public:
  SaturationTable(const CapacitySource& source, const ComparedProbes& probes) : source_(source) {
    for (const std::size_t probe : {probes.half, probes.at, probes.above})
      if (probe != ComparedProbes::kNone) shown_.push_back(probe);
  }

  PageTable Make() {
    table_.id = "figures-table";
    table_.caption = "Load, what waits, and all figures that were told, by probe";
    table_.unlike = true;
    table_.columns = {{"what"}};
    for (const std::size_t probe : shown_)
      table_.columns.push_back(
          {fmt::format("{}, {}", LevelText(Of(probe).probe.level, source_.search.open_model),
                       ProbeWord(Of(probe).probe)),
           true});
    Loads();
    Runs();
    Figures(FigureSource::kHost, "host: ");
    Figures(FigureSource::kSystem, "system: ");
    return std::move(table_);
  }

 private:
  const StoredProbe& Of(std::size_t probe) const { return source_.search.probes[probe]; }
  const PageRun* RunOf(std::size_t probe) const {
    const auto run = source_.runs.find(probe);
    return run == source_.runs.end() ? nullptr : &run->second;
  }

  template <class Text>
  void Add(std::string name, const Text& text) {
    PageRow row;
    row.cells = {{std::move(name)}};
    bool any = false;
    for (const std::size_t probe : shown_) {
      row.cells.push_back({text(probe)});
      any |= row.cells.back().text != "-";
    }
    if (any) table_.rows.push_back(std::move(row));
  }
  template <class Text>
  void AddOfRun(std::string name, const Text& text) {
    Add(std::move(name), [&](std::size_t probe) {
      const PageRun* const run = RunOf(probe);
      return run == nullptr ? std::string("-") : text(run->result);
    });
  }

  void Loads() {
    Add("achieved", [&](std::size_t probe) { return FormatRate(Of(probe).done_per_s); });
    Add("p99", [&](std::size_t probe) { return FormatDuration(Of(probe).p99); });
    Add("p99.9", [&](std::size_t probe) { return FormatDuration(Of(probe).p99_9); });
    Add("errors", [&](std::size_t probe) { return FormatPercent(Of(probe).errors); });
  }

  void Runs() {
    AddOfRun("waited for a connection at the end",
             [](const RunResult& run) { return WithCommas(run.account.waiting); });
    AddOfRun("in flight at the end",
             [](const RunResult& run) { return WithCommas(run.account.in_flight); });
  }

  // Means over the probe.
  void Figures(FigureSource figures, const std::string& prefix) {
    std::map<std::string, std::map<std::size_t, std::string>> texts;
    for (const std::size_t probe : shown_)
      if (const PageRun* const run = RunOf(probe))
        for (const auto& [name, mean] : MeanFigures(run->timeline, figures))
          texts[name][probe] = mean;
    for (const auto& [name, by_probe] : texts)
      Add(prefix + name, [&by = by_probe](std::size_t probe) {
        const auto found = by.find(probe);
        return found == by.end() ? std::string("-") : found->second;
      });
  }

  const CapacitySource& source_;
  std::vector<std::size_t> shown_;
  PageTable table_;
};

// ---- tables ----

Tone ToneOf(const Probe& probe) {
  if (probe.Held()) return Tone::kGood;
  return probe.Counts() || probe.end == ProbeEnd::kDied ? Tone::kBad : Tone::kUnsure;
}

PageRow ProbeRow(const CapacitySource& source, std::size_t index) {
  const CapacityResult& search = source.search;
  const StoredProbe& stored = search.probes[index];
  const bool ran = stored.window > 0;
  const auto text = [ran](std::string value) { return PageCell{ran ? std::move(value) : "-"}; };
  PageRow row;
  row.greyed = !stored.probe.Counts();
  row.cells = {{std::to_string(index + 1)},
               {LevelText(stored.probe.level, search.open_model)},
               text(FormatRate(stored.done_per_s)),
               text(FormatDuration(stored.p99)),
               text(FormatDuration(stored.p99_9)),
               text(FormatPercent(stored.errors)),
               text(fmt::format("{:.2f}", stored.client_cores)),
               {stored.server_cores ? fmt::format("{:.2f}", *stored.server_cores) : "-"},
               {ran ? FormatDuration(stored.window) : "-"},
               {ProbeWord(stored.probe), stored.why, ToneOf(stored.probe)}};
  const std::string page = PlaceOfProbe(stored) + "/report.html";
  std::error_code ignored;
  if (!stored.run.empty() && std::filesystem::exists(search.folder + "/" + page, ignored))
    row.cells[1].link = source.place + page;
  return row;
}

PageTable MakeProbeTable(const CapacitySource& source) {
  PageTable table{.id = "probe-table",
                  .caption = "All probes in their order; the load leads to the page of each"};
  table.columns = {{"probe", true},  {"load", true},   {"achieved", true}, {"p99", true},
                   {"p99.9", true},  {"errors", true}, {"client", true},   {"server", true},
                   {"window", true}, {"verdict"}};
  for (std::size_t i = 0; i < source.search.probes.size(); ++i)
    table.rows.push_back(ProbeRow(source, i));
  return table;
}

PageTable MakeSearchTable(const CapacityResult& search) {
  PageTable table{.id = "search-table", .caption = "How it was searched"};
  table.columns = {{"what"}, {""}};
  const auto add = [&table](std::string name, std::string text) {
    table.rows.push_back({{{std::move(name)}, {std::move(text)}}});
  };
  add("objectives", Join(search.objectives, ", "));
  add("from", LevelText(search.options.start, search.open_model));
  if (search.options.highest > 0) add("to", LevelText(search.options.highest, search.open_model));
  add("window", fmt::format("{} after {} of warm-up, {} between two probes; a scout's is a quarter",
                            FormatDuration(search.window), FormatDuration(search.warmup),
                            FormatDuration(search.rest)));
  add("width asked for", FormatPercent(search.options.width));
  add("system", search.system.empty() ? "-" : search.system);
  add("host", search.host);
  add("folder", search.folder.empty() ? "-" : search.folder);
  return table;
}

// ---- the page ----

std::vector<PageTile> TilesOf(const CapacitySource& source, const ComparedProbes& probes) {
  const CapacityResult& search = source.search;
  const CapacityInterval& found = search.capacity;
  const auto level = [&](double value) {
    return value > 0 ? LevelText(value, search.open_model) : std::string("-");
  };
  const auto counted = std::ranges::count_if(
      search.probes, [](const StoredProbe& stored) { return stored.probe.Counts(); });
  std::vector<PageTile> tiles = {{"holds at", level(found.low)},
                                 {"breaks at", level(BreaksAt(search))}};
  if (found.low > 0 && found.high > 0)
    tiles.push_back(
        {"width", FormatPercent(2 * (found.high - found.low) / (found.high + found.low))});
  tiles.push_back({"probes that count", fmt::format("{} of {}", counted, search.probes.size())});
  if (probes.at == ComparedProbes::kNone) return tiles;
  const StoredProbe& at = search.probes[probes.at];
  tiles.push_back({"p99 there", FormatDuration(at.p99)});
  if (at.server_cores)
    tiles.push_back({"cores of the system", fmt::format("{:.2f}", *at.server_cores)});
  return tiles;
}

PageSection CurveSection(const CapacityResult& search) {
  PageSection section{.id = "capacity", .title = "Capacity"};
  AddChart(&section, MakeCapacityLatencyChart(search));
  AddChart(&section, MakeCapacityRateChart(search));
  if (section.blocks.empty()) section.blocks.emplace_back(PageParagraph{"No probe has run."});
  return section;
}

PageSection SaturationSection(const CapacitySource& source, const ComparedProbes& probes) {
  PageSection section{.id = "saturation", .title = "What limits"};
  section.wide = true;
  const UseComparison use = UsesOfSearch(source);
  section.blocks.emplace_back(PageParagraph{use.sentence});
  if (!use.lines.empty()) section.blocks.emplace_back(MakeUseTable(use));
  PageTable table = SaturationTable(source, probes).Make();
  if (table.columns.size() > 1) section.blocks.emplace_back(std::move(table));
  AddChart(&section, MakeCapacityCpuChart(source.search));
  return section;
}

PageSection ProbeSection(const CapacitySource& source) {
  PageSection section{.id = "probes", .title = "Probes"};
  section.wide = true;
  section.blocks.emplace_back(MakeProbeTable(source));
  section.blocks.emplace_back(
      PageParagraph{"Greyed ones do not count: the load generator or others on the host had a "
                    "part in them, or the system was still warming up. The page of a probe is in "
                    "the folder of the search."});
  return section;
}

}  // namespace

PageModel MakeCapacityPage(const CapacitySource& source) {
  const CapacityResult& search = source.search;
  const ComparedProbes probes = FindComparedProbes(search);
  PageModel page;
  page.title = "Capacity of " + search.workload;
  page.subtitle =
      fmt::format("{}{}{} probes, started {}", search.system, search.system.empty() ? "" : ", ",
                  search.probes.size(), search.started_at);
  page.version = source.version;
  page.verdict = VerdictOf(search);
  page.tiles = TilesOf(source, probes);
  page.sections = {CurveSection(search),
                   SaturationSection(source, probes),
                   ProbeSection(source),
                   {.id = "search", .title = "The search", .blocks = {MakeSearchTable(search)}}};
  return page;
}

}  // namespace mbench
