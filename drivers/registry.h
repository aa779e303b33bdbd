// SPDX-License-Identifier: Apache-2.0
//
// The drivers this binary knows. CMake writes the list (drivers/CMakeLists.txt), so that one that
// was left out for a missing library is still named, with how to get it.
#pragma once

#include <span>
#include <string_view>

#include "drivers/driver.h"

namespace mbench {

struct MissingDriver {
  std::string_view name;
  std::string_view how;  // "needs librocksdb-dev; install it and build again"
};

std::span<const DriverInfo> BuiltDrivers();
std::span<const MissingDriver> MissingDrivers();
const DriverInfo* FindDriver(std::string_view name);  // nullptr: not built or unknown

}  // namespace mbench
