// SPDX-License-Identifier: Apache-2.0
//
// Whether a host is fit to measure, and to run what is measured: one table of checks, each a pure
// function of the files below a folder. A new check is a row of the table of its area.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/finding.h"
#include "harness/doctor/root_folder.h"

namespace mbench {

// What the checks look at.
struct HostView {
  RootFolder root;
  std::string data_folder;  // where the data of a run would be, from the root and with links solved
  // /proc/stat at both ends of a while in which nothing of ours ran; "": nobody looked.
  std::string stat_before, stat_after;
};

// What a check has found. `is` empty with kUnknown: nobody knows why.
struct Look {
  FindingState state = FindingState::kUnknown;
  std::string is = {};
  std::string command = {};  // instead of that of the table, where it names a device or a path
};

struct HostCheck {
  std::string_view name;
  Look (*look)(const HostView& host);
  std::string_view right;
  std::string_view why;
  std::string_view command;
};

struct HostArea {
  std::string_view name;  // "cpu"
  std::span<const HostCheck> checks;
};

std::span<const HostCheck> CpuChecks();      // cpu_checks.cc
std::span<const HostCheck> MemoryChecks();   // memory_checks.cc
std::span<const HostCheck> DiskChecks();     // disk_checks.cc
std::span<const HostCheck> NetworkChecks();  // network_checks.cc
std::span<const HostCheck> LimitChecks();    // limit_checks.cc

// All areas, in the order in which they are shown.
std::vector<HostArea> HostAreas();

// What a check says of a host.
Finding Judge(const HostCheck& check, const HostView& host);

// For checks of one number in a file: well where `is_well`.
Look NumberLook(const HostView& host, std::string_view file, bool (*is_well)(double),
                FindingState otherwise = FindingState::kChange);

}  // namespace mbench
