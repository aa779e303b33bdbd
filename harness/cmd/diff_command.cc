// SPDX-License-Identifier: Apache-2.0
//
// mbench diff A B: two workload files or two settings of one are run in turns; stored results and
// files of Google Benchmark are compared as they are.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/compare_session.h"
#include "harness/cmd/diff_rounds.h"
#include "harness/cmd/output_file.h"
#include "harness/cmd/page_output.h"
#include "harness/cmd/repeatable.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/workload_input.h"
#include "reports/gbench/gbench_reader.h"

namespace mbench {
namespace {

constexpr std::size_t kDiffRounds = 8;
// A sequential comparison ends here at the latest; twice this many rounds see changes that are
// smaller by 30 %, and nobody waits for them.
constexpr std::size_t kMostLooked = 30;

struct DiffFlags {
  std::vector<std::string> inputs;
  std::vector<std::string> against;
  std::vector<std::string> sets;
  std::vector<std::string> versus;
  std::vector<std::string> allow;
  std::size_t rounds = 0;  // 0: not given
  std::string until;
  std::string budget;
  std::string html;
  RunFlags run;
};

// ---- what the inputs are ----

enum class InputKind { kWorkload, kResult, kGoogleBenchmark };

std::string_view Name(InputKind kind) {
  constexpr std::array<std::string_view, 3> kNames = {"a workload file", "a result",
                                                      "a file of Google Benchmark"};
  return kNames[static_cast<std::size_t>(kind)];
}

Result<InputKind> KindOf(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::is_directory(path, error)) return InputKind::kResult;
  if (!fs::exists(path, error)) return BadConfig("there is no file or folder {}", Quote(path, 200));
  const fs::path file(path);
  if (file.filename() == "run.json") return InputKind::kResult;
  if (file.extension() != ".json") return InputKind::kWorkload;
  return InputKind::kGoogleBenchmark;
}

// Of all inputs; they must agree.
Result<InputKind> KindOfAll(const std::vector<std::string>& paths) {
  const Result<InputKind> first = KindOf(paths.front());
  if (!first) return first;
  for (const std::string& path : paths) {
    const Result<InputKind> kind = KindOf(path);
    if (!kind) return kind;
    if (*kind != *first)
      return BadConfig("{} is {} and {} is {}; both sides must be of one kind",
                       Quote(paths.front(), 200), Name(*first), Quote(path, 200), Name(*kind));
  }
  return first;
}

// A... -- B..., or just A B.
Status SplitSides(DiffFlags* flags, InputKind kind) {
  if (flags->against.empty() && flags->inputs.size() == 2) {
    flags->against.push_back(flags->inputs.back());
    flags->inputs.pop_back();
  }
  if (!flags->against.empty() && !flags->inputs.empty()) return {};
  if (flags->inputs.size() + flags->against.size() == 1)
    return BadConfig("{} is one side only; name what it is to be compared with",
                     Quote(flags->inputs.empty() ? flags->against[0] : flags->inputs[0], 200));
  if (kind == InputKind::kResult)
    return BadConfig("which of these are A and which are B? mbench diff A... -- B...");
  return BadConfig("two files are compared, not {}", flags->inputs.size() + flags->against.size());
}

// ---- workload files ----

std::string PathOf(const std::string& set) { return set.substr(0, set.find('=')); }

// The settings of B: those of --vs, and those of --set that it does not replace.
std::vector<std::string> SettingsOfB(const DiffFlags& flags) {
  std::vector<std::string> settings;
  for (const std::string& set : flags.sets) {
    const bool replaced = std::ranges::any_of(
        flags.versus, [&](const std::string& one) { return PathOf(one) == PathOf(set); });
    if (!replaced) settings.push_back(set);
  }
  settings.insert(settings.end(), flags.versus.begin(), flags.versus.end());
  return settings;
}

std::string LabelOf(const std::string& file, const std::vector<std::string>& settings) {
  if (settings.empty()) return file;
  std::vector<std::string> paths;  // values may be secrets, and the plans tell them better
  for (const std::string& setting : settings) paths.push_back(PathOf(setting));
  return fmt::format("{} with its own {}", file, Join(paths, ", "));
}

Result<DiffRounds> ReadRounds(const DiffFlags& flags) {
  if (flags.inputs.size() > 1 || flags.against.size() > 1)
    return BadConfig("two workload files are compared, not {}",
                     flags.inputs.size() + flags.against.size());
  DiffRounds diff;
  diff.run = flags.run;
  if (!flags.until.empty() && flags.until != "decided")
    return BadConfig("--until {}: it can be 'decided' only", Quote(flags.until));
  diff.until_decided = !flags.until.empty();
  diff.rounds = flags.rounds != 0 ? flags.rounds : diff.until_decided ? kMostLooked : kDiffRounds;
  if (!flags.budget.empty()) {
    const Result<Ticks> budget = ParseDuration(flags.budget);
    if (!budget) return BadConfig("--budget: {}", budget.error().message);
    if (*budget == 0)
      return BadConfig("--budget 0 has no room for a run; leave it out for no limit");
    diff.budget = *budget;
  }
  for (const std::string& set : flags.versus)
    if (PathOf(set).empty() || set.find('=') == std::string::npos)
      return BadConfig("--vs {}: expected PATH=VALUE, such as driver.cache=4G", set);
  const std::string& file_b = flags.against.empty() ? flags.inputs[0] : flags.against[0];
  const Result<RunPlan> a = WorkloadInput{flags.inputs[0], flags.sets}.Read();
  if (!a) return Failed(a);
  const Result<RunPlan> b = WorkloadInput{file_b, SettingsOfB(flags)}.Read();
  if (!b) return Failed(b);
  diff.a = *a;
  diff.b = *b;
  diff.label_a = flags.inputs[0];
  diff.label_b = LabelOf(file_b, flags.versus);
  return diff;
}

ExitCode DiffWorkloads(DiffFlags flags) {
  const bool one_file = flags.inputs.size() + flags.against.size() == 1;
  if (one_file && flags.versus.empty())
    return Report(
        {ErrorKind::kUsage,
         fmt::format("{} is one workload; name a second one, or what is different in B "
                     "with --vs, such as --vs driver.cache=4G",
                     Quote(flags.inputs.empty() ? flags.against[0] : flags.inputs[0], 200))});
  if (!one_file)
    if (Status split = SplitSides(&flags, InputKind::kWorkload); !split)
      return Report(split.error());
  Result<DiffRounds> diff = ReadRounds(flags);
  if (!diff) return Report(diff.error());
  diff->html = flags.html;
  return RunDiff(*std::move(diff));
}

// ---- stored results ----

ExitCode DiffResults(const DiffFlags& flags) {
  OutputFile html;
  if (Status opened = html.Open(flags.html); !opened) return Report(opened.error());
  Result<CompareOptions> options = OptionsOfResult(flags.inputs.front());
  if (!options) return Report(options.error());
  options->compared = flags.allow;
  const Result<std::vector<RunSample>> a = LoadRuns(flags.inputs, *options);
  if (!a) return Report(a.error());
  const Result<std::vector<RunSample>> b = LoadRuns(flags.against, *options);
  if (!b) return Report(b.error());
  std::vector<RunSample> all = *a;
  all.insert(all.end(), b->begin(), b->end());
  if (Status distinct = CheckDistinct(all); !distinct) return Report(distinct.error());
  return ShowComparison(
      CompareSides(*a, *b, *options, SubjectOf(*a, *b, flags.inputs, flags.against)),
      flags.run.json, &html);
}

// ---- files of Google Benchmark ----

std::string BytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr std::size_t kOddEntriesShown = 5;

void NoteWhatIsOdd(const std::string& path, const GbenchFile& file, ComparisonSubject* subject) {
  if (file.aggregates_only)
    subject->notes.push_back(
        fmt::format("{} has only aggregates, so its means are compared, as one run; without "
                    "--benchmark_report_aggregates_only there are repetitions",
                    path));
  for (std::size_t i = 0; i < file.left_out.size() && i < kOddEntriesShown; ++i)
    subject->notes.push_back(fmt::format("{}: left out: {}", path, file.left_out[i]));
  if (file.left_out.size() > kOddEntriesShown)
    subject->notes.push_back(fmt::format("{}: left out: {} more entries", path,
                                         file.left_out.size() - kOddEntriesShown));
}

// What was measured before and is not any more has not passed.
void NameVanished(const GbenchFile& a, const GbenchFile& b, ComparisonModel* model) {
  std::vector<std::string> gone;
  for (const MetricName& rate : a.rates)
    if (std::ranges::find(b.rates, rate) == b.rates.end()) gone.push_back(rate.op);
  const bool passes = ExitCodeOf(model->verdict) == ExitCode::kPass;
  if (gone.empty() || !passes) return;
  model->verdict = Verdict::kInconclusive;
  model->reason = fmt::format("{} of {} benchmarks of A are not in B, or failed there: {}",
                              gone.size(), a.rates.size(), Join(gone, ", "));
}

ExitCode DiffGbench(const DiffFlags& flags) {
  const std::string& path_a = flags.inputs[0];
  const std::string& path_b = flags.against[0];
  if (!flags.html.empty())
    return Report({ErrorKind::kUsage,
                   "--html is for results of mbench; a file of Google Benchmark has no latencies"});
  if (flags.inputs.size() + flags.against.size() > 2)
    return Report({ErrorKind::kUsage, "two files of Google Benchmark are compared, not more"});
  const Result<GbenchFile> a = ReadGbench(path_a);
  if (!a) return Report(a.error());
  const Result<GbenchFile> b = ReadGbench(path_b);
  if (!b) return Report(b.error());
  if (BytesOf(path_a) == BytesOf(path_b))
    return Report({ErrorKind::kUsage, fmt::format("{} and {} hold the same measurements",
                                                  Quote(path_a, 200), Quote(path_b, 200))});

  CompareOptions options{.compared = flags.allow, .some_runs_lack = true};
  ComparisonSubject subject{.title = "Google Benchmark", .a = path_a, .b = path_b};
  NoteWhatIsOdd(path_a, *a, &subject);
  NoteWhatIsOdd(path_b, *b, &subject);
  for (const MetricName& rate : a->rates)
    if (std::ranges::find(b->rates, rate) != b->rates.end())
      options.primary.push_back(rate);
    else
      subject.notes.push_back(fmt::format("{} is in A only", rate.op));
  for (const MetricName& rate : b->rates)
    if (std::ranges::find(a->rates, rate) == a->rates.end())
      subject.notes.push_back(fmt::format("{} is in B only", rate.op));
  if (options.primary.empty())
    return Report({ErrorKind::kInvalid, fmt::format("{} and {} have no benchmark in common",
                                                    Quote(path_a, 200), Quote(path_b, 200))});
  subject.notes.emplace_back(
      "repetitions of a file follow one another in one process, so a drift of the host, or the "
      "luck of one process, looks like a change");
  ComparisonModel model = CompareSides(a->runs, b->runs, options, std::move(subject));
  NameVanished(*a, *b, &model);
  PrintComparison(model, flags.run.json);
  return ExitCodeOf(model.verdict);
}

ExitCode Diff(DiffFlags flags) {
  std::vector<std::string> all = flags.inputs;
  all.insert(all.end(), flags.against.begin(), flags.against.end());
  if (all.empty()) return Report({ErrorKind::kUsage, "what is to be compared? mbench diff --help"});
  const Result<InputKind> kind = KindOfAll(all);
  if (!kind) return Report(kind.error());
  if (*kind == InputKind::kWorkload) return DiffWorkloads(std::move(flags));
  if (!flags.sets.empty() || !flags.versus.empty() || !flags.until.empty() || flags.rounds != 0)
    return Report({ErrorKind::kUsage,
                   "--set, --vs, --rounds and --until are for workload files; what is stored has "
                   "been run already"});
  if (flags.run.watch.Any()) return Report({ErrorKind::kUsage, std::string(kNothingToWatch)});
  if (Status split = SplitSides(&flags, *kind); !split) return Report(split.error());
  return *kind == InputKind::kResult ? DiffResults(flags) : DiffGbench(flags);
}

}  // namespace

Action AddDiff(CLI::App* app) {
  const auto flags = std::make_shared<DiffFlags>();
  app->add_option("inputs", flags->inputs,
                  "Two workload files (or one with --vs), two results, or two files of Google "
                  "Benchmark");
  app->add_option("--against", flags->against,
                  "Results of B when there are several; -- says the same: A... -- B...")
      ->type_name("B...");
  AddRepeatable(app, "--set", &flags->sets, "PATH=VALUE",
                "Replace one value in A and B; repeatable");
  AddRepeatable(app, "--vs", &flags->versus, "PATH=VALUE", "Replace one value in B; repeatable");
  AddRepeatable(app, "--allow", &flags->allow, "KEY",
                "A key in which stored runs of A and B may differ, such as driver.cache or "
                "system; repeatable");
  app->add_option("--rounds", flags->rounds, "Runs of each side (8); with --until: at most (30)")
      ->check(CLI::Range(1, 1000));
  app->add_option("--until", flags->until, "decided: add rounds until the verdict is clear");
  app->add_option("--budget", flags->budget, "No round begins that would end later, such as 20m");
  app->add_option("--html", flags->html, "The comparison as a page")->type_name("FILE");
  flags->run.AddTo(app);
  return [flags] { return Diff(*flags); };
}

}  // namespace mbench
