// SPDX-License-Identifier: Apache-2.0
#include "harness/doctor/host_checks.h"

#include "harness/base/units.h"

namespace mbench {

std::vector<HostArea> HostAreas() {
  return {{"cpu", CpuChecks()},
          {"memory", MemoryChecks()},
          {"disk", DiskChecks()},
          {"network", NetworkChecks()},
          {"limits", LimitChecks()}};
}

Finding Judge(const HostCheck& check, const HostView& host) {
  Look look = check.look(host);
  Finding finding{
      .name = std::string(check.name),
      .state = look.state,
      .is = std::move(look.is),
      .right = std::string(check.right),
      .why = std::string(check.why),
      .command = look.command.empty() ? std::string(check.command) : std::move(look.command)};
  return finding;
}

Look NumberLook(const HostView& host, std::string_view file, bool (*is_well)(double),
                FindingState otherwise) {
  const std::optional<double> number = host.root.Number(file);
  if (!number) return {};
  return {is_well(*number) ? FindingState::kWell : otherwise, NumberText(*number)};
}

}  // namespace mbench
