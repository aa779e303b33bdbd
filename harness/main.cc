// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <exception>

#include "harness/cmd/commands.h"
#include "harness/cmd/terminal.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away does not end a run
  try {
    const mbench::Action action = mbench::ParseCommandLine(argc, argv);
    return static_cast<int>(mbench::CodeAfterOutput(action()));
  } catch (const std::exception& fault) {
    return static_cast<int>(mbench::ReportFault(fault.what()));
  }
}
