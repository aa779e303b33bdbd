// SPDX-License-Identifier: Apache-2.0
//
// mbench gate RESULT... --baseline NAME, or mbench gate FILE --baseline NAME: is this slower than
// the baseline? An exit code and files for CI.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/cmd/ci_outputs.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/compare_session.h"
#include "harness/cmd/gate_session.h"
#include "harness/cmd/repeatable.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/workload_input.h"
#include "harness/load/load_curve.h"

namespace mbench {
namespace {

constexpr std::size_t kGateRounds = 8;
constexpr std::size_t kMostGateRounds = 1000;

struct GateFlags {
  std::vector<std::string> inputs;
  std::vector<std::string> sets;
  std::string baseline;
  std::string root = std::string(kBaselinesFolder);
  std::size_t rounds = 0;  // 0: not given
  std::string until;
  std::string budget;
  bool strict = false;
  bool again = false;
  std::vector<std::string> base;
  std::string base_command;
  std::string command;
  RunFlags run;
  CiOutputs outputs;
};

// A folder, or the run.json in it, is a result; any other file a workload.
bool IsResult(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored) ||
         std::filesystem::path(path).filename() == "run.json";
}

Status ReadInputs(const GateFlags& flags, GateRequest* request) {
  std::error_code ignored;
  for (const std::string& input : flags.inputs)
    if (!std::filesystem::exists(input, ignored))
      return BadConfig("there is no file or result {}", Quote(input, 200));
  if (IsResult(flags.inputs.front())) {
    for (const std::string& input : flags.inputs)
      if (!IsResult(input))
        return BadConfig("{} is a result and {} is not; a gate takes results, or one workload file",
                         Quote(flags.inputs.front(), 200), Quote(input, 200));
    request->results = flags.inputs;
    return {};
  }
  if (flags.inputs.size() > 1)
    return BadConfig("a gate takes one workload file, or results; not {} files",
                     flags.inputs.size());
  Result<RunPlan> plan = WorkloadInput{flags.inputs.front(), flags.sets}.Read();
  if (!plan) return Failed(plan);
  request->plan = *std::move(plan);
  return {};
}

// What differs in the base, as in `diff --vs`; a command can make all the difference.
Status ReadBase(const GateFlags& flags, GateRequest* request) {
  const bool has_base = !flags.base.empty() || !flags.base_command.empty();
  if (flags.again && (!has_base || flags.baseline.empty()))
    return BadConfig(
        "--again measures the base again when the baseline cannot tell: it needs --baseline, and "
        "--base PATH=VALUE or --base-command for what the base is");
  if (!has_base && flags.baseline.empty())
    return BadConfig(
        "what is it to be held against? --baseline NAME, or the base to measure in turns with it: "
        "--base PATH=VALUE, --base-command COMMAND");
  if (!request->plan) {
    if (has_base || !flags.command.empty())
      return BadConfig("--base, --base-command and --command are for a workload file");
    return {};
  }
  if (has_base && !flags.baseline.empty() && !flags.again)
    return BadConfig(
        "a baseline and a base: with --again the base is measured when the baseline "
        "cannot tell; without, give one of them");
  request->command = flags.command;
  if (!has_base) return {};
  std::vector<std::string> sets = flags.sets;
  sets.insert(sets.end(), flags.base.begin(), flags.base.end());
  Result<RunPlan> base = WorkloadInput{flags.inputs.front(), sets}.Read();
  if (!base) return Failed(base);
  request->base = *std::move(base);
  request->base_command = flags.base_command;
  return {};
}

Status ReadRounds(const GateFlags& flags, GateRequest* request) {
  const bool asked = flags.rounds != 0 || !flags.until.empty() || !flags.budget.empty();
  if (!request->plan && (asked || !flags.sets.empty()))
    return BadConfig(
        "--rounds, --until, --budget and --set are for a workload file; results are "
        "judged as they are");
  if (!request->plan && flags.run.watch.Any()) return BadConfig("{}", kNothingToWatch);
  if (!flags.until.empty() && flags.until != "decided")
    return BadConfig("--until {}: it can be 'decided' only", Quote(flags.until));
  request->until_decided = !flags.until.empty();
  if (request->until_decided && flags.rounds != 0)
    return BadConfig(
        "--rounds fixes the number of runs and --until lets it grow; give one of them");
  if (request->until_decided != !flags.budget.empty())
    return BadConfig("--until decided and --budget go together: --until decided --budget 20m");
  if (flags.rounds > kMostGateRounds)
    return BadConfig("--rounds {}: {} at most", flags.rounds, kMostGateRounds);
  request->rounds = request->until_decided ? kMostLooked
                    : flags.rounds == 0    ? kGateRounds
                                           : flags.rounds;
  if (flags.budget.empty()) return {};
  const Result<Ticks> budget = ParseDuration(flags.budget);
  if (!budget) return BadConfig("--budget: {}", budget.error().message);
  const LoadCurve curve(request->plan->load);
  const Ticks least = static_cast<Ticks>(kMinRunsForLook) * (curve.End() - curve.Begin());
  if (*budget < least)
    return BadConfig("--budget {}: a verdict needs {} runs, and these take {} at least",
                     FormatDuration(*budget), kMinRunsForLook, FormatDuration(least));
  request->budget = *budget;
  return {};
}

Result<GateRequest> ReadRequest(const GateFlags& flags) {
  GateRequest request{
      .root = flags.root, .baseline = flags.baseline, .strict = flags.strict, .run = flags.run};
  if (Status read = ReadInputs(flags, &request); !read) return Failed(read);
  if (Status read = ReadRounds(flags, &request); !read) return Failed(read);
  if (Status read = ReadBase(flags, &request); !read) return Failed(read);
  return request;
}

// A CI system must not take a gate that could not be judged for one that was not asked.
ExitCode ReportUnjudged(const Error& error, const GateSession& session, const std::string& file,
                        CiOutputs* outputs) {
  if (error.kind != ErrorKind::kUsage) {
    const Status written = outputs->Write(CiTextsOf(session.Unjudged(error.message), file));
    if (!written) Report(written.error());
  }
  return Report(error);
}

ExitCode RunGate(GateFlags* flags) {
  Result<GateRequest> request = ReadRequest(*flags);
  if (!request) return Report(request.error());
  const std::string file = request->plan ? request->plan->file : "";
  if (Status opened = flags->outputs.Open(); !opened) return Report(opened.error());
  GateSession session(*std::move(request));
  if (Status ready = session.Prepare(); !ready)
    return ReportUnjudged(ready.error(), session, file, &flags->outputs);
  const Result<GateAnswer> answer = session.Judge();
  if (!answer) return ReportUnjudged(answer.error(), session, file, &flags->outputs);
  if (answer->interrupted) {
    PrintError("interrupted; the runs so far are stored, and nothing was decided");
    return ExitCode::kInterrupted;
  }
  PrintComparison(answer->model, false);
  const Status written = flags->outputs.Write(CiTextsOf(answer->model, file));
  if (!written) return Report(written.error());
  const ExitCode code = ExitCodeOf(answer->model.verdict);
  return flags->strict && code == ExitCode::kInconclusive ? ExitCode::kBroken : code;
}

}  // namespace

Action AddGate(CLI::App* app) {
  const auto flags = std::make_shared<GateFlags>();
  app->add_option("inputs", flags->inputs, "Result folders, or a workload file to run first")
      ->required();
  app->add_option("--baseline", flags->baseline, "What to hold them against")->type_name("NAME");
  AddRepeatable(app, "--base", &flags->base, "PATH=VALUE",
                "What is different in the base, which is measured in turns with the file; "
                "repeatable");
  app->add_option("--base-command", flags->base_command,
                  "What the shell does before every run of the base, such as ./start-main.sh")
      ->type_name("COMMAND");
  app->add_option("--command", flags->command, "The same before every other run")
      ->type_name("COMMAND");
  app->add_flag("--again", flags->again, "Measure the base only when the baseline cannot tell");
  app->add_option("--baselines", flags->root, "Folder that has the baselines")
      ->capture_default_str();
  app->add_option("--rounds", flags->rounds, "Runs of the file (8)")->type_name("N");
  app->add_option("--until", flags->until, "'decided': runs until the verdict is clear")
      ->type_name("decided");
  app->add_option("--budget", flags->budget, "Time for --until decided")->type_name("DURATION");
  app->add_flag("--strict", flags->strict,
                "Fail (1) also when it cannot be told, and never judge by less than the margins");
  AddRepeatable(app, "--set", &flags->sets, "PATH=VALUE",
                "Replace one value of the file; repeatable");
  app->add_option("--results", flags->run.results, "Folder that gets a folder per run")
      ->capture_default_str();
  AddWatchFlags(&flags->run.watch, app);
  flags->outputs.AddTo(app);
  flags->outputs.AddJson(app);
  return [flags] { return RunGate(flags.get()); };
}

}  // namespace mbench
