// SPDX-License-Identifier: Apache-2.0
//
// mbench ycsb -P FILE -p key=value --driver NAME [load|run|both]
#include <CLI/CLI.hpp>
#include <memory>

#include "harness/base/text.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/repeatable.h"
#include "harness/cmd/run_flags.h"
#include "harness/cmd/run_output.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/workload_input.h"
#include "harness/config/property_arguments.h"
#include "harness/config/ycsb_reader.h"

namespace mbench {
namespace {

struct YcsbFlags {
  std::vector<std::string> files;
  std::vector<std::string> properties;
  std::string driver = "rocksdb";
  std::string phase = "both";
  RunFlags run;
};

Result<YcsbPhase> ParsePhase(const std::string& text) {
  if (text == "load") return YcsbPhase::kLoad;
  if (text == "run") return YcsbPhase::kRun;
  if (text == "both") return YcsbPhase::kBoth;
  return BadConfig("unknown phase {}; it can be load, run or both", Quote(text));
}

Result<RunPlan> ReadPlan(const YcsbFlags& flags) {
  const Result<YcsbPhase> phase = ParsePhase(flags.phase);
  if (!phase) return Failed(phase);
  auto properties = ParsePropertyArguments(flags.properties);
  if (!properties) return Failed(properties);
  const YcsbInput input{.files = flags.files,
                        .properties = *std::move(properties),
                        .driver = flags.driver,
                        .phase = *phase};
  return ReadYcsb(input, ProgramContext());
}

}  // namespace

Action AddYcsb(CLI::App* app) {
  const auto flags = std::make_shared<YcsbFlags>();
  AddRepeatable(app, "-P", &flags->files, "FILE", "Property file; repeatable, later ones win");
  AddRepeatable(app, "-p", &flags->properties, "NAME=VALUE",
                "One property; wins over files; repeatable");
  app->add_option("--driver", flags->driver, "What to drive")->capture_default_str();
  app->add_option("phase", flags->phase, "load, run or both")->capture_default_str();
  flags->run.AddTo(app);
  return [flags] {
    const Result<RunPlan> plan = ReadPlan(*flags);
    if (!plan) return Report(plan.error());
    if (!plan->left_out.empty())
      PrintError(
          fmt::format("left out, for they speak of other systems: {}", Join(plan->left_out, ", ")));
    const Result<std::unique_ptr<Watchers>> watchers = Watchers::Open(flags->run.watch);
    if (!watchers) return Report(watchers.error(), plan->secrets);
    const RunPlace place = {.root = flags->run.results, .watchers = watchers->get()};
    return ShowRun(RunAndStore(*plan, place), *plan, flags->run.json);
  };
}

}  // namespace mbench
