// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/workload_input.h"

#include "drivers/registry.h"

namespace mbench {

std::vector<DriverOptions> KnownDrivers() {
  std::vector<DriverOptions> known;
  for (const DriverInfo& driver : BuiltDrivers())
    known.push_back({driver.name, driver.options, ""});
  for (const MissingDriver& missing : MissingDrivers()) {
    known.push_back({missing.name, {}, missing.how});
  }
  return known;
}

void WorkloadInput::AddTo(CLI::App* app) {
  app->add_option("file", file, "Workload file (YAML; see workloads/README.md)")->required();
  app->add_option("--set", sets,
                  "Replace one value of the file, as in --set load.over=10s; repeatable")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->take_all();
}

Result<RunPlan> WorkloadInput::Read() const {
  const std::vector<DriverOptions> drivers = KnownDrivers();
  ReadContext context{.drivers = drivers, .overrides = {}, .environment = ProcessEnvironment};
  for (const std::string& set : sets) {
    const std::size_t equals = set.find('=');
    if (equals == std::string::npos || equals == 0) {
      return BadConfig("--set {}: expected PATH=VALUE, such as load.over=10s", set);
    }
    context.overrides.push_back({set.substr(0, equals), set.substr(equals + 1)});
  }
  return ReadWorkloadFile(file, context);
}

}  // namespace mbench
