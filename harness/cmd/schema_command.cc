// SPDX-License-Identifier: Apache-2.0
//
// mbench schema: what a workload file may hold, for editors.
#include <vector>

#include "drivers/registry.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/workload_input.h"
#include "harness/config/workload_schema.h"

namespace mbench {

Action AddSchema(CLI::App*) {
  return [] {
    const ReadContext context = ProgramContext();
    std::vector<DriverOptions> drivers;
    for (const DriverInfo* const driver : AllDrivers())
      drivers.push_back(context.options_of(driver->name));
    PrintResult(WorkloadSchema(drivers));
    return ExitCode::kPass;
  };
}

}  // namespace mbench
