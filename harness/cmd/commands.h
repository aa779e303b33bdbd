// SPDX-License-Identifier: Apache-2.0
//
// The command line: argv -> one of the commands -> exit code.
//
// Every command is a function that adds a CLI11 subcommand and returns what to call when it was
// chosen. Its results go to stdout, everything else to stderr.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "harness/cmd/exit_code.h"

namespace mbench {

using Action = std::function<ExitCode()>;

Action AddRun(CLI::App* app);
Action AddCheck(CLI::App* app);
Action AddDiff(CLI::App* app);
Action AddGate(CLI::App* app);
Action AddBaseline(CLI::App* app);
Action AddCalibrate(CLI::App* app);
Action AddHistory(CLI::App* app);
Action AddReport(CLI::App* app);
Action AddYcsb(CLI::App* app);
Action AddDrivers(CLI::App* app);
Action AddDoctor(CLI::App* app);

int RunCommandLine(int argc, char** argv);

}  // namespace mbench
