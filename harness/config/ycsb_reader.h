// SPDX-License-Identifier: Apache-2.0
//
// YCSB property files -> RunPlan. Every property of YCSB's CoreWorkload and client is honoured or
// refused by name; workloads/README.md has the table.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/config/workload_reader.h"

namespace mbench {

enum class YcsbPhase { kLoad, kRun, kBoth };

struct YcsbInput {
  std::vector<std::string> files;  // -P, later ones win
  // -p key=value, win over files
  std::vector<std::pair<std::string, std::string>> properties;
  // Name and content of what is at hand already; read before the files.
  std::vector<std::pair<std::string, std::string>> texts;
  std::string driver;  // --driver
  YcsbPhase phase = YcsbPhase::kBoth;
};

// Properties "<driver>.<option>" become options of the driver; ${VAR} is replaced in them. All
// mistakes are reported at once, as for a workload file.
Result<RunPlan> ReadYcsb(const YcsbInput& input, const ReadContext& context);

}  // namespace mbench
