// SPDX-License-Identifier: Apache-2.0
//
// Who had the CPU of the load generator's host while a run was measured. All are parts of the CPU
// time of the whole host, 0..1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/names.h"

namespace mbench {

// Where the system under test is, as far as the host tells.
enum class SystemPlace {
  kInProcess,  // an embedded store, or none at all
  kElsewhere,  // on another host
  kHere,       // processes of this host
  kUnknown,    // perhaps here, and nobody can say which processes it is
};
template <>
inline constexpr auto kNamesOf<SystemPlace> = Names("in_process", "elsewhere", "here", "unknown");

struct ProcessShare {
  std::string name;  // of all processes that are called so
  double fraction = 0;
};

struct CpuAccount {
  Ticks span = 0;      // over which it was taken; 0: it was not
  double used = 0;     // by all processes
  double client = 0;   // by this one and what it started
  double system = 0;   // by the system under test, when it is kHere
  double others = 0;   // by neither of the two
  double unknown = 0;  // by processes that may be the system, or others
  SystemPlace place = SystemPlace::kInProcess;
  std::vector<std::string> system_names = {};  // kHere
  // The busiest thread of these, by the name of its process: part of one core, which is all that a
  // thread can have. Nothing: not known.
  std::optional<ProcessShare> system_thread = {};
  // The largest of `others` and of `unknown`, at most kShownProcesses.
  std::vector<ProcessShare> largest = {};
};
inline constexpr std::size_t kShownProcesses = 3;

std::string LargestText(const CpuAccount& cpu);  // " (cc1plus 31.20%, ninja 2.00%)", "" for none

}  // namespace mbench
