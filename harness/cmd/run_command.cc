// SPDX-License-Identifier: Apache-2.0
//
// mbench run FILE
#include <memory>

#include "harness/cmd/commands.h"
#include "harness/cmd/run_session.h"
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
    return RunAndStore(*plan, flags->run);
  };
}

}  // namespace mbench
