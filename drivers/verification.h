// SPDX-License-Identifier: Apache-2.0
//
// What is looked at when a run is over: whether the data are as they should be, and whether every
// write that was acknowledged is there.
#pragma once

#include <string>
#include <vector>

#include "drivers/statement.h"

namespace mbench {

// What is asked for before the run.
struct VerifySpec {
  bool writes = false;                // every write of the run is looked for afterwards
  std::vector<StatementSpec> checks;  // in the driver's own language, done once each
  bool Empty() const { return !writes && checks.empty(); }
};

// What was found, for people: "acknowledged writes", "none lost", "none of 27,827 lost".
struct CheckResult {
  std::string what, target, measured;
  bool ok = false;
};

}  // namespace mbench
