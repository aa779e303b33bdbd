// SPDX-License-Identifier: Apache-2.0
//
// mbench run FILE, or a URL that stands for one.
#include <CLI/CLI.hpp>
#include <memory>

#include "harness/cmd/commands.h"
#include "harness/cmd/run_flags.h"
#include "harness/cmd/run_output.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/workload_input.h"

namespace mbench {

Action AddRun(CLI::App* app) {
  struct Flags {
    WorkloadInput input;
    RunFlags run;
    bool print_yaml = false;
  };
  const auto flags = std::make_shared<Flags>();
  flags->input.AddTo(app);
  flags->run.AddTo(app);
  app->add_flag("--print-yaml", flags->print_yaml,
                "Print the workload file and run nothing: of a URL the one it stands for");
  return [flags] {
    const Result<RunPlan> plan = flags->input.Read();
    if (!plan) return Report(plan.error());
    if (flags->print_yaml) {
      PrintResult(plan->source_text);
      if (!flags->input.sets.empty())
        PrintError("what --set changes is not in it; the file is read before that");
      return ExitCode::kPass;
    }
    const Result<std::unique_ptr<Watchers>> watchers = Watchers::Open(flags->run.watch);
    if (!watchers) return Report(watchers.error(), plan->secrets);
    const RunPlace place = {.root = flags->run.results, .watchers = watchers->get()};
    return ShowRun(RunAndStore(*plan, place), *plan, flags->run.json);
  };
}

}  // namespace mbench
