// SPDX-License-Identifier: Apache-2.0
//
// mbench find FILE: the highest rate, or number of clients, at which all objectives hold.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "harness/base/console.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/run_flags.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/workload_input.h"
#include "harness/config/yaml_lines.h"
#include "harness/live/progress.h"
#include "harness/load/load_curve.h"
#include "harness/result/json_text.h"
#include "harness/result/plan_json.h"
#include "harness/result/provenance.h"
#include "harness/result/replacement.h"
#include "harness/run/find_capacity.h"
#include "harness/run/interrupt.h"
#include "harness/run/session_folder.h"
#include "reports/html/page.h"
#include "reports/json/search_json.h"
#include "reports/model/capacity_page.h"
#include "reports/model/capacity_use.h"
#include "reports/text/capacity_table.h"
#include "reports/text/columns.h"

namespace mbench {
namespace {

constexpr double kStartRate = 1000;  // of a workload that does not speak of rates
constexpr Ticks kLongestUsualWarmup = 10 * kSecond;

struct FindFlags {
  WorkloadInput input;
  std::vector<std::string> slo;
  bool clients = false;
  std::string from, to;
  std::string budget = "15m", window, warmup, rest = "1s";
  double width = 3;
  std::size_t probes = 24;
  std::string peak, growth, cost;
  std::string resume;
  RunFlags run;
};

// The objectives of the file and those of --slo, all checked as if they stood in the file.
Result<RunPlan> ReadPlanWithObjectives(const FindFlags& flags) {
  Result<RunPlan> plan = flags.input.Read();
  if (!plan || flags.slo.empty()) return plan;
  std::vector<std::string> texts;
  for (const SloPlan& slo : plan->slo) texts.push_back(YamlScalar(slo.text));
  for (const std::string& text : flags.slo) {
    if (const Result<SloPlan> slo = ParseSlo(text); !slo)
      return BadConfig("--slo: {}", slo.error().message);
    if (std::ranges::find(texts, YamlScalar(text)) == texts.end())
      texts.push_back(YamlScalar(text));
  }
  WorkloadInput input = flags.input;
  input.sets.push_back(fmt::format("slo=[{}]", Join(texts, ", ")));
  return input.Read();
}

// A rate that has to be reached is no limit of the load but its place: those are left out.
Status KeepLimits(RunPlan* plan, std::vector<std::string>* left_out) {
  for (const SloPlan& slo : plan->slo)
    if (!WantsLess(slo.relation)) left_out->push_back(slo.text);
  std::erase_if(plan->slo, [](const SloPlan& slo) { return !WantsLess(slo.relation); });
  if (!plan->slo.empty()) return {};
  return BadConfig(
      "no objective that more load could break; give one, as in --slo 'p99 < 10ms' or in the "
      "file's slo");
}

double HighestLevel(const LoadPlan& load) {
  return load.stages.empty() ? 0 : LoadCurve(load).MaxLevel();
}

// Into the model in which levels are meant.
void ChooseModel(bool clients, RunPlan* plan) {
  LoadPlan& load = plan->load;
  const LoadModel wanted = clients ? LoadModel::kClosed : LoadModel::kOpen;
  if (load.model == LoadModel::kClosed && wanted == LoadModel::kOpen && load.connections == 0)
    load.connections = static_cast<std::uint32_t>(std::max(HighestLevel(load), 1.0));
  if (load.model == LoadModel::kOpen && wanted == LoadModel::kClosed) load.connections = 0;
  if (wanted == LoadModel::kOpen) load.think = 0;
  load.model = wanted;
  plan->measure = true;
}

double StartOf(const LoadPlan& load, bool clients) {
  const bool same = (load.model == LoadModel::kClosed) == clients;
  if (!same || load.stages.empty()) return clients ? 1 : kStartRate;
  const double first = load.stages.front().from;
  return first > 0 ? first : std::max(HighestLevel(load) / 10, 1.0);
}

Result<double> ParseLevel(const std::string& text, bool clients, std::string_view flag) {
  if (clients) {
    const Result<std::int64_t> count = ParseCount(text);
    if (!count || *count < 1)
      return BadConfig("{} {}: expected a number of clients, such as 64", flag, Quote(text));
    return static_cast<double>(*count);
  }
  const Result<double> rate = ParseRate(text);
  if (!rate) return BadConfig("{}: {}", flag, rate.error().message);
  if (*rate < 1) return BadConfig("{} {}: expected 1/s or more", flag, Quote(text));
  return rate;
}

Result<CapacityNeed> ReadNeed(const FindFlags& flags) {
  CapacityNeed need;
  if (!flags.growth.empty() && flags.peak.empty())
    return BadConfig("--growth says how --peak grows; give both");
  if (!flags.peak.empty()) {
    const Result<double> peak = ParseLevel(flags.peak, flags.clients, "--peak");
    if (!peak) return Failed(peak);
    need.peak = *peak;
  }
  if (!flags.growth.empty()) {
    const Result<double> growth = ParseFraction(flags.growth);
    if (!growth || *growth == 0)
      return BadConfig("--growth {}: expected growth in a month, such as 4%", Quote(flags.growth));
    need.growth_per_month = *growth;
  }
  if (flags.cost.empty()) return need;
  const Result<double> cost = ParseNumber(flags.cost);
  if (!cost || *cost <= 0)
    return BadConfig("--cost-per-hour {}: expected a number above 0, such as 0.52",
                     Quote(flags.cost));
  need.cost_per_hour = *cost;
  return need;
}

Result<Ticks> ParseTimeFlag(const std::string& text, std::string_view flag) {
  const Result<Ticks> time = ParseDuration(text);
  if (!time) return BadConfig("{}: {}", flag, time.error().message);
  return time;
}

Result<SearchOptions> ReadSearchOptions(const FindFlags& flags, const RunPlan& plan) {
  SearchOptions options;
  options.whole = flags.clients;
  options.most_probes = flags.probes;
  options.width = flags.width / 100;
  options.start = StartOf(plan.load, flags.clients);
  if (!flags.from.empty()) {
    const Result<double> from = ParseLevel(flags.from, flags.clients, "--from");
    if (!from) return Failed(from);
    options.start = *from;
  }
  if (flags.to.empty()) return options;
  const Result<double> to = ParseLevel(flags.to, flags.clients, "--to");
  if (!to) return Failed(to);
  options.highest = *to;
  options.start = std::min(options.start, *to);
  return options;
}

Result<FindTimes> ReadTimes(const FindFlags& flags, const RunPlan& plan) {
  FindTimes times;
  const Result<Ticks> budget = ParseTimeFlag(flags.budget, "--budget");
  const Result<Ticks> rest = ParseTimeFlag(flags.rest, "--rest");
  if (!budget) return Failed(budget);
  if (!rest) return Failed(rest);
  times.budget = *budget;
  times.rest = *rest;
  // A warm-up that the file asks for is kept as far as the budget has room for a dozen.
  times.warmup = std::clamp(plan.load.warmup > 0 ? plan.load.warmup : *budget / 90, kSecond,
                            std::max(*budget / 60, kSecond));
  if (plan.load.warmup == 0) times.warmup = std::min(times.warmup, kLongestUsualWarmup);
  if (!flags.warmup.empty()) {
    const Result<Ticks> warmup = ParseTimeFlag(flags.warmup, "--warmup");
    if (!warmup) return Failed(warmup);
    times.warmup = *warmup;
  }
  times.window = WindowFor(times.budget, times.warmup, times.rest);
  if (!flags.window.empty()) {
    const Result<Ticks> window = ParseTimeFlag(flags.window, "--window");
    if (!window) return Failed(window);
    if (*window < 2 * kSecond)
      return BadConfig("--window {}: expected 2s or more", Quote(flags.window));
    times.window = *window;
  }
  for (const SloPlan& slo : plan.slo) times.shortest = std::max(times.shortest, slo.window);
  if (ShortestProbe(times) > times.budget)
    return BadConfig("--budget {}: too short for one probe, which takes {}; a search takes a dozen",
                     Quote(flags.budget), FormatDuration(ShortestProbe(times)));
  return times;
}

Result<CapacityResult> NewSearch(const FindFlags& flags, const RunPlan& plan,
                                 const SearchOptions& options) {
  CapacityResult result;
  result.workload = plan.name;
  const Provenance host = HostProvenance();
  result.host = fmt::format("{}, {} cores", host.cpu, host.cores);
  result.started_at = FormatUtc(UtcNow());
  result.open_model = !flags.clients;
  for (const SloPlan& slo : plan.slo) result.objectives.push_back(slo.text);
  result.plan_json = PlanJson(plan);
  result.options = options;
  result.folder = UnusedSessionFolder(flags.run.results, "find", plan.name);
  std::error_code error;
  std::filesystem::create_directories(result.folder + "/probes", error);
  if (error) return BadConfig("cannot make the folder '{}': {}", result.folder, error.message());
  return result;
}

Result<CapacityResult> OldSearch(const FindFlags& flags, const RunPlan& plan) {
  Result<CapacityResult> result = ReadCapacity(flags.resume);
  if (!result) return result;
  if (result->open_model == flags.clients)
    return BadConfig("--resume {}: that search was for {}", Quote(flags.resume),
                     result->open_model ? "a rate" : "clients (--clients)");
  if (Json::parse(result->plan_json, nullptr, false) != Json::parse(PlanJson(plan), nullptr, false))
    return BadConfig(
        "--resume {}: that search was of another workload, or with other objectives; a search goes "
        "on with the same ones only",
        Quote(flags.resume));
  result->options.most_probes = std::max(result->options.most_probes, flags.probes);
  return result;
}

void RestFor(Ticks time) {
  const Ticks end = Clock::Now() + time;
  while (Clock::Now() < end && !InterruptGuard::Interrupted())
    Clock::SleepUntil(std::min(end, Clock::Now() + 100 * kMillisecond));
}

class FindOnTerminal {
 public:
  FindOnTerminal(const FindFlags& flags, RunPlan plan, CapacityResult result)
      : flags_(flags), plan_(std::move(plan)), result_(std::move(result)) {}

  ExitCode Run(const FindTimes& times) {
    if (const Status opened = OpenWatchers(); !opened) return Report(opened.error());
    Say(fmt::format("results go to {}", Printable(result_.folder)));
    Say(CapacityHead(result_.open_model));
    const InterruptGuard guard;
    const Status found = FindCapacity(times, World(), &result_);
    if (!found) {
      if (result_.probes.empty()) RemoveEmpty();
      return Report(found.error(), plan_.secrets);
    }
    const CapacitySource source = ReadCapacitySource(result_, MBENCH_VERSION);
    const UseComparison use = UsesOfSearch(source);
    PrintResult(flags_.run.json ? RenderSearchJson(result_, use)
                                : RenderCapacityTable(result_, use, StdoutStyle()));
    if (const Status written = WriteSearchPage(source); !written) return Report(written.error());
    return CodeOf();
  }

 private:
  // A line per probe is enough in a log; on a terminal the run is seen while it goes.
  Status OpenWatchers() {
    const Result<ProgressStyle> style = ParseProgress(flags_.run.watch.progress);
    if (!style) return Failed(style);
    WatchFlags watch = flags_.run.watch;
    if (watch.progress == "auto" && *style == ProgressStyle::kPlain) watch.progress = "none";
    Result<std::unique_ptr<Watchers>> watchers = Watchers::Open(watch);
    if (!watchers) return Failed(watchers);
    watchers_ = std::move(*watchers);
    return {};
  }

  FindWorld World() {
    return {
        .probe =
            [this](const NextProbe& next, const ProbeTimes& times) {
              return RunProbe(plan_, next, times,
                              {.root = result_.folder + "/probes",
                               .watchers = watchers_.get(),
                               .label = fmt::format("probe {}", result_.probes.size() + 1)});
            },
        .rest = RestFor,
        .now = Clock::Now,
        .interrupted = InterruptGuard::Interrupted,
        .store = WriteCapacity,
        .tell =
            [this](const StoredProbe& stored) {
              Say(CapacityRow(stored, result_.probes.size(), result_.open_model));
            },
    };
  }

  ExitCode CodeOf() const {
    if (InterruptGuard::Interrupted()) return ExitCode::kInterrupted;
    switch (result_.capacity.end) {
      case SearchEnd::kFound:
      case SearchEnd::kAtLeast:
        return IsBelowPeak() ? ExitCode::kBroken : ExitCode::kPass;
      case SearchEnd::kNeverHolds:
        return ExitCode::kBroken;
      case SearchEnd::kDied:
        return ExitCode::kUnreachable;
      case SearchEnd::kHost:
        return ExitCode::kInvalid;
      case SearchEnd::kWide:
      case SearchEnd::kNothing:
        break;
    }
    return ExitCode::kInconclusive;
  }

  // An upper end that is not known may lie above it.
  bool IsBelowPeak() const {
    const CapacityInterval& found = result_.capacity;
    return found.high > 0 && found.low < result_.need.peak;
  }

  Status WriteSearchPage(const CapacitySource& source) const {
    const std::string path = result_.folder + "/report.html";
    if (Status written = ReplaceFile(path, RenderPage(MakeCapacityPage(source))); !written)
      return written;
    Say(fmt::format("page      {}", Printable(path)));
    return {};
  }

  void RemoveEmpty() const {
    std::error_code ignored;
    std::filesystem::remove(result_.folder + "/find.json", ignored);
    std::filesystem::remove(result_.folder + "/probes", ignored);
    std::filesystem::remove(result_.folder, ignored);
  }

  void Say(const std::string& line) const {
    if (flags_.run.watch.progress != "none") WriteToStderr(line);
  }

  const FindFlags& flags_;
  const RunPlan plan_;
  CapacityResult result_;
  std::unique_ptr<Watchers> watchers_;
};

ExitCode Find(const FindFlags& flags) {
  Result<RunPlan> plan = ReadPlanWithObjectives(flags);
  if (!plan) return Report(plan.error());
  std::vector<std::string> left_out;
  if (const Status kept = KeepLimits(&*plan, &left_out); !kept) return Report(kept.error());
  const Result<SearchOptions> options = ReadSearchOptions(flags, *plan);
  if (!options) return Report(options.error());
  const Result<FindTimes> times = ReadTimes(flags, *plan);
  if (!times) return Report(times.error());
  const Result<CapacityNeed> need = ReadNeed(flags);
  if (!need) return Report(need.error());
  ChooseModel(flags.clients, &*plan);
  Result<CapacityResult> result =
      flags.resume.empty() ? NewSearch(flags, *plan, *options) : OldSearch(flags, *plan);
  if (!result) return Report(result.error());
  if (need->peak > 0 || need->cost_per_hour > 0) result->need = *need;
  for (const std::string& text : left_out)
    if (flags.run.watch.progress != "none")
      WriteToStderr(fmt::format("mbench    left out: {}, for a search goes through all rates",
                                Printable(text)));
  return FindOnTerminal(flags, *std::move(plan), *std::move(result)).Run(*times);
}

}  // namespace

Action AddFind(CLI::App* app) {
  const auto flags = std::make_shared<FindFlags>();
  flags->input.AddTo(app);
  app->add_flag("--clients", flags->clients, "Search for a number of clients, not for a rate");
  app->add_option("--from", flags->from, "First level: a rate such as 5k/s, or clients")
      ->type_name("LEVEL");
  app->add_option("--to", flags->to, "Highest level that is tried")->type_name("LEVEL");
  app->add_option("--budget", flags->budget, "No probe begins that would end later")
      ->type_name("DURATION")
      ->capture_default_str();
  app->add_option("--window", flags->window,
                  "How long a probe is measured; scouts take a quarter (made from the budget)")
      ->type_name("DURATION");
  app->add_option("--rest", flags->rest, "Pause between two probes")
      ->type_name("DURATION")
      ->capture_default_str();
  app->add_option("--width", flags->width, "Width of the interval that is wanted, in percent")
      ->check(CLI::Range(0.5, 50.0))
      ->capture_default_str();
  app->add_option("--probes", flags->probes, "At most so many that count")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app->add_option("--peak", flags->peak,
                  "Today's peak: the headroom is told, and less than it ends with 1")
      ->type_name("LEVEL");
  app->add_option("--growth", flags->growth,
                  "How the peak grows in a month, such as 4%: when it is full")
      ->type_name("PERCENT");
  app->add_option("--cost-per-hour", flags->cost,
                  "Of a node, such as 0.52: what a million ops cost")
      ->type_name("NUMBER");
  app->add_option("--resume", flags->resume, "Go on with a search that is stored there")
      ->type_name("FOLDER");
  for (const char* const name : {"--slo", "--warmup"})  // not of a URL alone
    app->get_option(name)->group(app->get_option("--from")->get_group());
  flags->run.AddTo(app);
  return [flags] {
    // Those of a URL, which a search takes for a file as well.
    flags->slo = std::exchange(flags->input.url.slo, {});
    flags->warmup = std::exchange(flags->input.url.warmup, {});
    return Find(*flags);
  };
}

}  // namespace mbench
