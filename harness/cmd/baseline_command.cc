// SPDX-License-Identifier: Apache-2.0
//
// mbench baseline save NAME RESULT..., list, show NAME, rm NAME: results with a name, to hold
// others against.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

#include "harness/base/units.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/compare_session.h"
#include "harness/cmd/sound_runs.h"
#include "harness/cmd/terminal.h"
#include "harness/result/baseline_store.h"
#include "harness/result/json_text.h"
#include "harness/result/provenance.h"
#include "reports/compare/noise_floor_store.h"
#include "reports/compare/verdict.h"
#include "reports/model/number.h"
#include "reports/text/columns.h"

namespace mbench {
namespace {

struct Flags {
  std::string root = std::string(kBaselinesFolder);
  std::string name;
  std::vector<std::string> results;
  bool replace = false;
  bool json = false;
  ExitCode (*verb)(const Flags&) = nullptr;  // the one that was chosen
};
using SharedFlags = std::shared_ptr<Flags>;

constexpr SampleOptions kNoDeviations = {.also = {}, .resamples = 0};

// What `calibrate` leaves out of its noise is left out here too, so that one run which the host
// disturbed does not cost the others. With too few valid ones all stay, and are refused.
void LeaveOutInvalid(std::vector<RunSample>* runs, std::vector<std::string>* folders) {
  const auto is_valid = [](const RunSample& run) { return run.invalid.empty(); };
  if (std::ranges::count_if(*runs, is_valid) < static_cast<std::ptrdiff_t>(kMinRunsForVerdict))
    return;
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < runs->size(); ++i) {
    const RunSample& run = (*runs)[i];
    if (is_valid(run))
      kept.push_back((*folders)[i]);
    else
      PrintError(fmt::format("left out: {}: {}", run.folder, run.invalid.front()));
  }
  std::erase_if(*runs, std::not_fn(is_valid));
  *folders = std::move(kept);
}

ExitCode Save(const Flags& flags) {
  if (const Status named = CheckBaselineName(flags.name); !named) return Report(named.error());
  std::vector<std::string> folders = flags.results;
  Result<std::vector<RunSample>> runs = LoadSamples(folders, kNoDeviations);
  if (!runs) return Report(runs.error());
  LeaveOutInvalid(&*runs, &folders);
  if (const Status sound = RefuseUnsound(*runs, "a baseline"); !sound) return Report(sound.error());
  if (const Status distinct = CheckDistinct(*runs); !distinct) return Report(distinct.error());
  Baseline head;
  head.name = flags.name;
  head.workload = runs->front().name;
  head.system = runs->front().identity.system;
  head.saved_at = FormatUtc(UtcNow());
  const Result<Baseline> saved = SaveBaseline(flags.root, head, folders, flags.replace);
  if (!saved) return Report(saved.error());
  PrintResult(fmt::format("baseline {}: {} runs of {} on {}, in {}", saved->name,
                          saved->runs.size(), Printable(saved->workload), Printable(saved->system),
                          saved->folder));
  if (runs->size() < kMinRunsForVerdict)
    PrintError(fmt::format("a verdict needs {} runs a side; with {} it stays suggestive",
                           kMinRunsForVerdict, runs->size()));
  return ExitCode::kPass;
}

OrderedJson HeadJson(const Baseline& baseline) {
  OrderedJson json;
  json["name"] = baseline.name;
  json["workload"] = baseline.workload;
  json["system"] = baseline.system;
  json["saved_at"] = baseline.saved_at;
  json["folder"] = baseline.folder;
  json["runs"] = baseline.runs;
  return json;
}

std::string ListText(const std::vector<Baseline>& baselines) {
  Columns columns;
  columns.Add({"baseline", "runs", "workload", "system", "saved"});
  for (const Baseline& one : baselines)
    columns.Add({one.name, std::to_string(one.runs.size()), Printable(one.workload, 40),
                 Printable(one.system, 40), Printable(one.saved_at.substr(0, 19), 19)});
  std::string text;
  for (const std::string& line : columns.Lines()) text += line + "\n";
  return text;
}

ExitCode List(const Flags& flags) {
  const Result<std::vector<Baseline>> baselines = ListBaselines(flags.root);
  if (!baselines) return Report(baselines.error());
  if (flags.json) {
    OrderedJson json;
    json["baselines"] = OrderedJson::array();
    for (const Baseline& one : *baselines) json["baselines"].push_back(HeadJson(one));
    PrintResult(DumpJson(json, 2));
  } else if (baselines->empty()) {
    PrintError(fmt::format("no baselines in {}; `mbench baseline save NAME RESULT...` makes one",
                           flags.root));
  } else {
    PrintResult(ListText(*baselines));
  }
  return ExitCode::kPass;
}

// "-" for what was not measured.
std::string MetricText(const RunSample& run, const MetricName& metric) {
  const MetricSample* const sample = run.Find(metric);
  if (sample == nullptr) return "-";
  return Text(MakeNumber(metric, std::exp(sample->value), sample->thin));
}

std::string RunsText(const Baseline& baseline, const std::vector<RunSample>& runs) {
  Columns columns;
  columns.Add({"run", "rate", "p50", "p99"});
  for (std::size_t i = 0; i < runs.size(); ++i)
    columns.Add({Printable(baseline.runs[i].substr(baseline.folder.size() + 1), 60),
                 MetricText(runs[i], {MetricKind::kRate}),
                 MetricText(runs[i], {MetricKind::kPercentile, 50}),
                 MetricText(runs[i], {MetricKind::kPercentile, 99})});
  std::string text;
  for (const std::string& line : columns.Lines()) text += line + "\n";
  return text;
}

std::string FloorText(const std::optional<StoredNoiseFloor>& floor) {
  if (!floor) return "noise     not known; `mbench calibrate FILE` measures it\n";
  std::string text;
  for (const NoiseFloor& one : floor->calibration.floors)
    if (one.metric.op.empty())
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", Name(one.metric),
                          FormatPercent(one.spread));
  return Wrap(fmt::format("noise     run to run, of {} runs: {}", floor->calibration.runs, text),
              100, 10) +
         "\n";
}

ExitCode Show(const Flags& flags) {
  const Result<Baseline> baseline = ReadBaseline(flags.root, flags.name);
  if (!baseline) return Report(baseline.error());
  const Result<std::vector<RunSample>> runs = LoadSamples(baseline->runs, kNoDeviations);
  if (!runs) return Report(runs.error());
  if (flags.json) {
    PrintResult(DumpJson(HeadJson(*baseline), 2));
    return ExitCode::kPass;
  }
  const RunIdentity& identity = runs->front().identity;
  const auto floor = FindNoiseFloor(flags.root, identity);
  if (!floor) return Report(floor.error());
  PrintResult(
      fmt::format("{}  {} runs of {} on {}\nhost      {}, {} cores, {}\nsaved     {}\n{}\n{}",
                  baseline->name, runs->size(), Printable(baseline->workload),
                  Printable(identity.system), Printable(identity.cpu), identity.cores,
                  FormatBytes(static_cast<double>(identity.memory_bytes)),
                  Printable(baseline->saved_at), FloorText(*floor), RunsText(*baseline, *runs)));
  return ExitCode::kPass;
}

ExitCode Remove(const Flags& flags) {
  const Status removed = RemoveBaseline(flags.root, flags.name);
  if (!removed) return Report(removed.error());
  PrintError(fmt::format("removed the baseline {} from {}", flags.name, flags.root));
  return ExitCode::kPass;
}

CLI::App* AddVerb(CLI::App* parent, const SharedFlags& flags, const char* name, const char* about,
                  ExitCode (*call)(const Flags&)) {
  CLI::App* const app = parent->add_subcommand(name, about);
  app->callback([flags, call] { flags->verb = call; });
  app->add_option("--baselines", flags->root, "Folder that has the baselines")
      ->capture_default_str();
  return app;
}

}  // namespace

Action AddBaseline(CLI::App* app) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* const save = AddVerb(app, flags, "save", "Copy valid results under a name", Save);
  save->add_option("name", flags->name, "Letters, digits and '-_.'")->required();
  save->add_option("results", flags->results, "Result folders of one workload")->required();
  save->add_flag("--replace", flags->replace, "Put it in the place of one of that name");
  CLI::App* const list = AddVerb(app, flags, "list", "The baselines there are", List);
  list->add_flag("--json", flags->json, "One JSON object");
  CLI::App* const show = AddVerb(app, flags, "show", "The runs of one, and the noise floor", Show);
  show->add_option("name", flags->name)->required();
  show->add_flag("--json", flags->json, "One JSON object");
  CLI::App* const remove = AddVerb(app, flags, "rm", "Remove one", Remove);
  remove->add_option("name", flags->name)->required();
  app->require_subcommand(1);
  return [flags] { return flags->verb(*flags); };
}

}  // namespace mbench
