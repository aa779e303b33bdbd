// SPDX-License-Identifier: Apache-2.0
//
// What was found of the data when a run was over.
#pragma once

#include <string>

namespace mbench {

// For people: "acknowledged writes", "none lost", "none of 27,827 lost".
struct CheckResult {
  std::string what, target, measured;
  bool ok = false;
};

}  // namespace mbench
