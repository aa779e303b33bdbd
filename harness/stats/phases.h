// SPDX-License-Identifier: Apache-2.0
//
// What else happened in a run, besides the ops that were measured.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/clock.h"

namespace mbench {

struct LoadPhase {
  std::uint64_t records = 0;  // written; 0 with `reused`: found there already
  std::uint64_t failed = 0;
  Ticks took = 0;
  bool reused = false;
};

struct EventRecord {
  Ticks at = 0;  // from the start of the measured phase
  std::string name;
  std::optional<int> exit_code;  // of its command
};

}  // namespace mbench
