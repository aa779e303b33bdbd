// SPDX-License-Identifier: Apache-2.0
//
// From a plan to stored results and a verdict: what `run` and `ycsb` have in common, and a run of
// the rounds of `diff`, `gate` and `calibrate` (rounds.h).
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/cmd/exit_code.h"
#include "harness/live/watchers.h"
#include "harness/plan/run_plan.h"
#include "harness/result/run_result.h"

namespace mbench {

// Said of options that AddWatchFlags adds.
inline constexpr std::string_view kNothingToWatch =
    "--csv, --prometheus, --otlp and --serve follow a run while it goes; what is stored has been run "
    "already";
void AddWatchFlags(WatchFlags* watch, CLI::App* app);

struct RunFlags {
  std::string results = "results";
  WatchFlags watch;
  bool json = false;

  void AddTo(CLI::App* app);
};

struct FinishedRun {
  RunResult result;
  bool measured = true;  // false: ended in or after the load phase, and nothing is stored
  bool interrupted = false;
  Status stored;  // what the disk said to the end of the result; the result itself is whole
  Status page;    // and to its page
};

// One run: load, warm up, measure, store; what there is to see goes to `watchers`, who call it by
// `label`. Fails when it could not take place; secrets are out of the
// message.
Result<FinishedRun> RunToFolder(const RunPlan& plan, const RunFlags& flags, RunWatcher* watchers,
                                const RunLabel& label = {});

ExitCode ExitCodeOf(const FinishedRun& run);

// The same, and the table or the object of `--json` on stdout.
ExitCode RunAndStore(const RunPlan& plan, const RunFlags& flags);

}  // namespace mbench
