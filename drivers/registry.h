// SPDX-License-Identifier: Apache-2.0
//
// The drivers this program knows. CMake writes the list (drivers/CMakeLists.txt), so that one that
// was left out for a missing library is still named, with how to get it.
//
// Some are modules: shared libraries beside the program that are loaded when they are first asked
// for, and stay. So a run carries only the client library of the system it drives, and a host
// without that of another one can still run. Modules that were made elsewhere are found by their
// files (module_folders.h); what is not fit for this program is named, with the reason.
//
// Thread: all of it from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/driver.h"

namespace mbench {

// All names, of missing drivers too. Loads nothing.
std::vector<std::string_view> DriverNames();

// nullptr: unknown, missing, or a module that cannot be loaded.
const DriverInfo* FindDriver(std::string_view name);

// All that can be had. Loads every module.
std::vector<const DriverInfo*> AllDrivers();

// A workload file for it (example.yaml of its folder); "": of a module from elsewhere.
std::string_view DriverExample(std::string_view name);

// What URLs of a driver look like on a command line.
std::vector<UrlForm> UrlFormsOf(const DriverInfo& driver);

// The driver whose URLs have this scheme, nullptr when none has. Loads a module only when none of
// the others has it.
struct UrlDriver {
  const DriverInfo* driver = nullptr;
  UrlForm form = {};
};
UrlDriver FindUrlDriver(std::string_view scheme);

// Why FindDriver does not find a known driver, and what to do: "needs librocksdb-dev; install it
// and build again". Empty: it does find it, or the name is unknown.
std::string WhyMissing(std::string_view name);

}  // namespace mbench
