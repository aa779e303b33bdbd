// SPDX-License-Identifier: Apache-2.0
//
// mbench run FILE
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
  };
  const auto flags = std::make_shared<Flags>();
  flags->input.AddTo(app);
  flags->run.AddTo(app);
  return [flags] {
    const Result<RunPlan> plan = flags->input.Read();
    if (!plan) return Report(plan.error());
    const Result<std::unique_ptr<Watchers>> watchers = Watchers::Open(flags->run.watch);
    if (!watchers) return Report(watchers.error(), plan->secrets);
    const RunPlace place = {.root = flags->run.results, .watchers = watchers->get()};
    return ShowRun(RunAndStore(*plan, place), *plan, flags->run.json);
  };
}

}  // namespace mbench
