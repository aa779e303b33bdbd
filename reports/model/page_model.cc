// SPDX-License-Identifier: Apache-2.0

#include "reports/model/page_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/result/summary.h"
#include "reports/model/figures.h"
#include "reports/model/page_charts.h"
#include "reports/model/page_tables.h"
#include "reports/model/run_findings.h"
#include "reports/model/use_table.h"

namespace mbench {
namespace {

// All embedded files together, before base64: the page stays below 3 MB with what else is in it.
constexpr std::uintmax_t kMostEmbedded = 1'500'000;
constexpr std::size_t kMostSource = 200'000;

std::string Plural(std::size_t count, const char* one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

// ---- verdict ----

std::string SloText(const SloModel& slo) {
  std::string text = fmt::format("{}: {}", slo.text, Text(slo.measured));
  if (slo.windowed) text += fmt::format(" in the worst window, at {}", Text(slo.worst_at));
  return text;
}

PageVerdict VerdictOfRun(const RunModel& run) {
  PageVerdict verdict;
  verdict.details = run.warnings;
  std::vector<std::string> broken, open;
  std::size_t held = 0;
  for (const SloModel& slo : run.slo) {
    if (slo.state == SloModel::State::kBroken) broken.push_back(SloText(slo));
    if (slo.state == SloModel::State::kHeld) ++held;
    if (slo.state == SloModel::State::kNotJudged) open.push_back(slo.text);
  }
  const std::size_t broken_slos = broken.size();
  for (const CheckResult& check : run.checks)
    if (!check.ok) broken.push_back(fmt::format("{}: {}", check.what, check.measured));
  if (!run.valid) {
    verdict.tone = Tone::kBad;
    verdict.word = "Invalid";
    verdict.sentence = Join(run.invalid, "; ");
  } else if (!broken.empty()) {
    verdict.tone = Tone::kBad;
    verdict.word = broken_slos > 0 ? "Broken SLO" : "Broken check";
    verdict.sentence = Join(broken, "; ");
  } else if (!open.empty()) {
    verdict.tone = Tone::kUnsure;
    verdict.word = "Not judged";
    verdict.sentence = "nothing was measured to judge " + Join(open, ", ");
  } else if (held > 0) {
    verdict.tone = Tone::kGood;
    verdict.word = "Pass";
    verdict.sentence = fmt::format("{} held", Plural(held, "objective"));
  } else {
    verdict.word = "Valid";
    verdict.sentence = "the run can be trusted; it has no objectives to hold";
  }
  if (run.end != "complete")
    verdict.details.push_back(fmt::format("the run was {}: {} of {} were measured",
                                          run.end == "interrupted" ? "interrupted" : "killed",
                                          Text(run.measured_length), Text(run.planned_length)));
  return verdict;
}

std::string EffectText(const ComparedMetric& metric) {
  std::string text =
      fmt::format("{} {}{}", metric.name, metric.is_ratio ? "x" : "", Text(metric.change));
  if (metric.low.known && metric.high.known) text += fmt::format(" ({})", IntervalText(metric));
  return text;
}

PageVerdict VerdictOfComparison(const ComparisonModel& comparison) {
  PageVerdict verdict;
  verdict.word = std::string(Name(comparison.verdict));
  verdict.word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(verdict.word[0])));
  switch (comparison.verdict) {
    case Verdict::kBetter:
    case Verdict::kSame:
    case Verdict::kNotWorse:
      verdict.tone = Tone::kGood;
      break;
    case Verdict::kChanged:
    case Verdict::kInconclusive:
    case Verdict::kSuggestive:
      verdict.tone = Tone::kUnsure;
      break;
    default:
      verdict.tone = Tone::kBad;
  }
  std::vector<std::string> effects;
  for (const ComparedMetric& metric : comparison.metrics)
    if (metric.primary && metric.measured) effects.push_back(EffectText(metric));
  verdict.sentence = comparison.reason;
  if (!effects.empty()) verdict.details.push_back("B against A: " + Join(effects, ", "));
  verdict.details.insert(verdict.details.end(), comparison.notes.begin(), comparison.notes.end());
  return verdict;
}

// ---- tiles ----

double OfferedRate(const RunResult& sum) {
  const double length_s = ToSeconds(sum.measured_length);
  return length_s > 0 ? static_cast<double>(sum.account.offered) / length_s : 0;
}

Number Achieved(const RunResult& sum) {
  const double offered = OfferedRate(sum);
  Number achieved = MakeFraction(offered > 0 ? sum.Rate() / offered : 0, Better::kHigher);
  achieved.known = offered > 0;
  return achieved;
}

Number ErrorPart(const RunModel& model) {
  Number part =
      MakeFraction(model.all.count.value > 0 ? model.all.errors.value / model.all.count.value : 0);
  part.known = model.all.count.value > 0;
  return part;
}

class Tiles {
 public:
  Tiles(const PageSide& b, const PageSide* a) : b_(b), a_(a) {}

  std::vector<PageTile> Make() {
    Add("offered", [](const PageSide& side) { return MakeRate(OfferedRate(side.sum)); });
    Add("achieved", [](const PageSide& side) { return Achieved(side.sum); });
    constexpr std::array<std::size_t, 4> kShown = {0, 2, 3, 4};
    for (const std::size_t i : kShown)
      Add(std::string(kPercentiles[i].name),
          [i](const PageSide& side) { return side.model.all.response.percentiles[i]; });
    Add("errors", [](const PageSide& side) { return ErrorPart(side.model); });
    if (b_.model.all.errors.value > 0) tiles_.back().tone = Tone::kBad;
    return std::move(tiles_);
  }

 private:
  template <class Value>
  void Add(const std::string& name, const Value& value) {
    const Number number = value(b_);
    PageTile tile{.name = name, .value = Text(number) + (number.thin && number.known ? "~" : "")};
    if (a_ != nullptr) {
      const Number base = value(*a_);
      tile.note = fmt::format("baseline {}", Text(base));
      if (number.known && base.known && base.value > 0)
        tile.note += fmt::format(", x{}", Text(MakeRatio(number.value / base.value)));
    }
    tiles_.push_back(std::move(tile));
  }

  const PageSide& b_;
  const PageSide* a_;
  std::vector<PageTile> tiles_;
};

// ---- files ----

std::string BytesOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

PageFile FileOf(const std::string& folder, const char* name, const char* mime,
                std::uintmax_t* room) {
  PageFile file{.name = name, .mime = mime};
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) {
    file.note = "is not in the result";
  } else if (size > *room) {
    file.note = fmt::format("has {}, too much for a page; it is {}",
                            FormatBytes(static_cast<double>(size)), path.string());
  } else {
    file.content = BytesOf(path);
    file.note = FormatBytes(static_cast<double>(size));
    *room -= size;
  }
  return file;
}

std::vector<PageFile> FilesOf(const PageRun& run, std::uintmax_t* room) {
  if (run.result.folder.empty()) return {};
  return {FileOf(run.result.folder, "run.json", "application/json", room),
          FileOf(run.result.folder, "latency.hlog", "text/plain", room)};
}

// ---- sections ----

class PageMaker {
 public:
  explicit PageMaker(const PageSource& source) : source_(source), b_(MakePageSide(source.b)) {
    if (!source.a.empty()) a_ = MakePageSide(source.a);
  }

  PageModel Make() {
    Head();
    page_.tiles = Tiles(b_, A()).Make();
    Outages();
    Comparison();
    Objectives();
    Latency();
    Ops();
    Errors();
    Load();
    Percentiles();
    Heat();
    Levels();
    Trust();
    Figures(FigureSource::kSystem, "system", "What the system said of itself");
    Figures(FigureSource::kHost, "host", "The host of mbench");
    Appendix();
    return std::move(page_);
  }

 private:
  const PageSide* A() const { return a_ ? &*a_ : nullptr; }
  const ComparisonModel* Compared() const {
    return source_.comparison ? &*source_.comparison : nullptr;
  }

  PageSection& Section(const char* id, const char* title) {
    return page_.sections.emplace_back(PageSection{.id = id, .title = title});
  }
  static void Add(PageSection* section, PageBlock block) {
    section->blocks.push_back(std::move(block));
  }
  static void Say(PageSection* section, std::string text, Tone tone = Tone::kPlain) {
    section->blocks.emplace_back(PageParagraph{std::move(text), tone});
  }
  void Head() {
    const RunModel& run = b_.model;
    page_.title = Compared() != nullptr ? Compared()->subject.title : run.name;
    page_.about = run.about;
    page_.version = source_.version;
    page_.has_baseline = A() != nullptr;
    const RunModel& shown = b_.shown_model;
    page_.subtitle =
        fmt::format("{}{}{} model, {} measured", shown.system, shown.system.empty() ? "" : ", ",
                    shown.model, Text(shown.measured_length));
    if (shown.warmup_length.value > 0)
      page_.subtitle += fmt::format(" after {} of warm-up", Text(shown.warmup_length));
    if (!shown.started_at.empty())
      page_.subtitle += ", started " + shown.started_at.substr(0, 19) + "Z";
    if (A() != nullptr) {
      page_.baseline = Compared() != nullptr ? Compared()->subject.a : OrName(a_->shown->result);
      page_.subtitle += fmt::format("; {} beside {} of the baseline",
                                    Plural(source_.b.size(), "run"), source_.a.size());
    }
    page_.verdict = Compared() != nullptr ? VerdictOfComparison(*Compared()) : VerdictOfRun(shown);
    page_.greyed = Compared() != nullptr ? Compared()->metrics.empty() : !shown.valid;
  }

  static std::string OrName(const RunResult& run) {
    return run.folder.empty() ? run.name : run.folder;
  }

  void Objectives() {
    const auto& [asked, reached] = b_.model.service_level;
    if (b_.model.slo.empty() && b_.model.checks.empty() && asked.empty()) return;
    PageSection& section = Section("objectives", "Objectives");
    if (!b_.model.slo.empty()) Add(&section, MakeSloTable(b_.shown_model));
    if (!b_.model.checks.empty()) Add(&section, MakeCheckTable(b_.model));
    if (!asked.empty())
      Say(&section, fmt::format("Level of service: {} reached, {} asked for.",
                                reached.empty() ? "none" : reached, asked));
  }

  // Before all else: this is what such a run is made for.
  void Outages() {
    const RunModel& run = b_.shown_model;
    if (run.outages.empty() && CommandsText(run.events).empty()) return;
    PageSection& section = Section("outages", "Events and outages");
    section.wide = true;
    if (!run.outages.empty()) {
      Say(&section,
          "From the last answer before an outage to the first one from which on the system had "
          "recovered, by the stamps of single ops.");
      Add(&section, MakeOutageTable(run));
    }
    Add(&section, MakeEventTable(run));
  }

  void Trust() {
    PageSection& section = Section("trust", "Can I trust this run?");
    if (b_.Several() || (a_ && a_->Several()))
      Say(&section,
          fmt::format("Of each side the run with the median p99 is shown here and in the charts "
                      "over time ({}); sums, percentiles and the verdict are of all valid runs.",
                      OrName(b_.shown->result)));
    Add(&section, MakeTrustTable(b_, A()));
    const bool left_out = Compared() != nullptr && !Compared()->left_out.empty();
    if (b_.shown_model.valid && b_.shown_model.warnings.empty() && !left_out)
      section.folded = "Yes: it is valid, and there is nothing to warn of.";
    if (source_.a.size() + source_.b.size() > 1) Add(&section, MakeRunsTable(source_));
  }

  void Latency() {
    PageSection& section = Section("latency", "Latency over time");
    if (!AddChart(&section, MakeLatencyChart(b_, A())))
      Say(&section, "No op was answered, so there is no latency.", Tone::kUnsure);
    const RunFindings found = FindIn(*b_.shown);
    for (const DriftModel& drift : found.drifts) Say(&section, drift.text + ".", Tone::kUnsure);
    for (const StallModel& stall : found.stalls) Say(&section, stall.text + ".", Tone::kUnsure);
  }

  void Load() {
    PageSection& section = Section("load", "Load over time");
    if (!AddChart(&section, MakeRateChart(b_, A()))) {
      Say(&section, "No second of the measured phase is stored.", Tone::kUnsure);
      return;
    }
    AddChart(&section, MakeClientsChart(b_, A()));
    AddChart(&section, MakeBytesChart(b_, A()));
    AddChart(&section, MakeItemsChart(b_, A()));
    if (b_.model.all.errors.value == 0) Say(&section, "No op ended in an error.");
  }

  void Errors() {
    PageTable errors = MakeErrorTable(b_, A());
    PageTable failed = MakeFailedTable(b_);
    if (errors.rows.empty() && failed.rows.empty()) return;
    PageSection& section = Section("errors", "Errors");
    section.wide = true;
    if (!errors.rows.empty()) Add(&section, std::move(errors));
    AddChart(&section, MakeErrorChart(b_));
    if (!failed.rows.empty()) Add(&section, std::move(failed));
  }

  void Figures(FigureSource source, const char* id, const char* title) {
    std::vector<Chart> charts = MakeFigureCharts(b_, source);
    if (charts.empty()) return;
    PageSection& section = Section(id, title);
    Add(&section, MakeFigureTable(b_, A(), source));
    for (Chart& chart : charts) AddChart(&section, std::move(chart));
  }

  void Percentiles() {
    PageSection& section = Section("percentiles", "Percentiles");
    if (!AddChart(&section, MakePercentileChart(b_, A())))
      Say(&section, "No op was answered, so there are no percentiles.", Tone::kUnsure);
  }

  void Heat() {
    PageSection& section = Section("heatmap", "Where latencies lie");
    PageHeat heat = MakeHeat(b_, false);
    if (heat.map.Empty()) {
      Say(&section, "No op was answered.", Tone::kUnsure);
      return;
    }
    Add(&section, std::move(heat));
    if (!a_) return;
    heat = MakeHeat(*a_, true);
    if (!heat.map.Empty()) Add(&section, std::move(heat));
  }

  void Ops() {
    PageSection& section = Section("operations", "By operation");
    section.wide = true;
    Add(&section, MakeOpTable(b_, A(), Compared()));
    AddChart(&section, MakeOpLatencyChart(b_));
    const MovedModel& moved = b_.model.all.moved;
    if (moved.BytesShown() || moved.ItemsShown()) Add(&section, MakeMovedTable(b_, A()));
    for (const OpModel& op : b_.model.ops)
      if (std::ranges::find(op.parts, kOtherPart, &OpModel::name) != op.parts.end())
        Say(&section, fmt::format("{} had more than {} labels; all that came later are together in "
                                  "\"{}\".",
                                  op.name, kMostParts, kOtherPart));
  }

  void Levels() {
    if (b_.shown->timeline.levels.size() < 2) return;
    PageSection& section = Section("knee", "Latency against load");
    for (Chart& chart : MakeLoadLevelCharts(b_, A())) AddChart(&section, std::move(chart));
    Add(&section, MakeLevelTable(b_));
    const UseComparison use = UsesOfLevels(b_.shown->result, b_.shown->timeline);
    if (use.columns.empty()) return;
    Say(&section, use.sentence);
    Add(&section, MakeUseTable(use));
  }

  void Comparison() {
    if (Compared() == nullptr) return;
    const ComparisonModel& comparison = *Compared();
    PageSection& section = Section("comparison", "B against A");
    section.wide = true;
    if (!comparison.metrics.empty()) Add(&section, MakeMetricTable(comparison));
    if (!comparison.figures.empty()) Add(&section, MakeFigureMetricTable(comparison));
    LeftOut(comparison, &section);
    if (!AddChart(&section, MakeShiftChart(comparison)))
      Say(&section, "The whole distributions are compared when each side has two valid runs.");
    if (!comparison.forbidden.empty())
      Add(&section, MakeDifferenceTable("forbidden-table", "What makes them incomparable",
                                        comparison.forbidden));
    if (comparison.subject.compared.empty() && comparison.forbidden.empty())
      Say(&section, "The two plans do not differ.");
    if (!comparison.subject.compared.empty())
      Add(&section, MakeDifferenceTable("difference-table", "What differs between the two plans",
                                        comparison.subject.compared));
  }

  static void LeftOut(const ComparisonModel& comparison, PageSection* section) {
    for (const LeftOutRun& left : comparison.left_out)
      Say(section,
          fmt::format("Left out of {}: {}: {}. It came to {}.", left.side, left.run,
                      Join(left.reasons, "; "), OrNothing(FiguresText(left))),
          Tone::kBad);
  }
  static std::string OrNothing(const std::string& text) { return text.empty() ? "nothing" : text; }

  void Appendix() {
    PageSection& section = Section("appendix", "Appendix");
    AddSource("workload", "The workload file, as run", b_, &section);
    if (a_ && a_->shown->result.provenance.source_text != b_.shown->result.provenance.source_text)
      AddSource("workload-baseline", "The workload file of the baseline", *a_, &section);
    Add(&section, MakeEnvironmentTable(b_, A()));
    if (PageTable facts = MakeFactsTable(b_); !facts.rows.empty()) Add(&section, std::move(facts));
    std::uintmax_t room = kMostEmbedded;
    std::vector<PageFile> files = FilesOf(*b_.shown, &room);
    if (!files.empty()) Add(&section, std::move(files));
  }

  static void AddSource(const char* id, const char* title, const PageSide& side,
                        PageSection* section) {
    std::string text = side.shown->result.provenance.source_text;
    if (text.empty()) return;
    if (text.size() > kMostSource) {
      text.resize(kMostSource);
      text += "\n... cut off here; run.json has all of it";
    }
    Add(section, PageText{id, title, std::move(text)});
  }

  const PageSource& source_;
  PageSide b_;
  std::optional<PageSide> a_;
  PageModel page_;
};

}  // namespace

PageModel MakePageModel(const PageSource& source) { return PageMaker(source).Make(); }

}  // namespace mbench
