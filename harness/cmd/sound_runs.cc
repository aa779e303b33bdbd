// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/sound_runs.h"

#include <algorithm>
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "reports/compare/comparable.h"

namespace mbench {

Status RefuseUnsound(std::span<const RunSample> runs, std::string_view what) {
  std::vector<std::string> faults;
  for (const RunSample& run : runs)
    for (const std::string& reason : run.invalid)
      faults.push_back(fmt::format("{}: {}", run.folder, reason));
  if (!faults.empty()) return Invalid("only valid runs make {}:\n  {}", what, Join(faults, "\n  "));
  const std::span<const RunSample> first = runs.first(std::min<std::size_t>(runs.size(), 1));
  for (const PlanDifference& difference : FindForbiddenDifferences(first, runs, {}))
    faults.push_back(Describe(difference));
  if (faults.empty()) return {};
  return Invalid("runs of different things do not make {}:\n  {}", what, Join(faults, "\n  "));
}

}  // namespace mbench
