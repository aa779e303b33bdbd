// SPDX-License-Identifier: Apache-2.0
//
// The command line: words -> what one of the commands is to do.
//
// Every command is a function that adds its options to a CLI11 subcommand and returns what to do
// when it was chosen. Its results go to stdout, everything else to stderr.
#pragma once

#include <functional>

#include "harness/cmd/exit_code.h"

namespace CLI {
class App;
}

namespace mbench {

using Action = std::function<ExitCode()>;

Action AddRun(CLI::App* app);
Action AddCheck(CLI::App* app);
Action AddDiff(CLI::App* app);
Action AddGate(CLI::App* app);
Action AddBisect(CLI::App* app);
Action AddBaseline(CLI::App* app);
Action AddCalibrate(CLI::App* app);
Action AddFind(CLI::App* app);
Action AddHistory(CLI::App* app);
Action AddReport(CLI::App* app);
Action AddExport(CLI::App* app);
Action AddYcsb(CLI::App* app);
Action AddDrivers(CLI::App* app);
Action AddDoctor(CLI::App* app);
Action AddInit(CLI::App* app);
Action AddCompletion(CLI::App* app);
Action AddSchema(CLI::App* app);

// Help is printed, and mistakes are told, right away; then nothing is left to do but to end.
Action ParseCommandLine(int argc, char** argv);

}  // namespace mbench
