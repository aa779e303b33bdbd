// SPDX-License-Identifier: Apache-2.0
//
// From a plan to stored results and a verdict: what `run` and `ycsb` have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "harness/cmd/exit_code.h"
#include "harness/plan/run_plan.h"

namespace mbench {

struct RunFlags {
  std::string results = "results";
  std::string progress = "auto";
  bool json = false;
  std::vector<std::string> command_line;

  void AddTo(CLI::App* app);
};

ExitCode RunAndStore(const RunPlan& plan, const RunFlags& flags);

}  // namespace mbench
