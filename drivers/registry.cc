// SPDX-License-Identifier: Apache-2.0
//
// registry_list.inc is written by CMake, a line for each driver:
//   MBENCH_BUILT(kNoopDriver)
//   MBENCH_MISSING("rocksdb", "needs librocksdb-dev; install it and build again")
#include "drivers/registry.h"

#include <algorithm>
#include <vector>

namespace mbench {

#define MBENCH_BUILT(info) extern const DriverInfo info;
#define MBENCH_MISSING(name, how)
#include "registry_list.inc"
#undef MBENCH_BUILT
#undef MBENCH_MISSING

std::span<const DriverInfo> BuiltDrivers() {
  static const std::vector<DriverInfo> built = {
#define MBENCH_BUILT(info) info,
#define MBENCH_MISSING(name, how)
#include "registry_list.inc"
#undef MBENCH_BUILT
#undef MBENCH_MISSING
  };
  return built;
}

std::span<const MissingDriver> MissingDrivers() {
  static const std::vector<MissingDriver> missing = {
#define MBENCH_BUILT(info)
#define MBENCH_MISSING(name, how) {name, how},
#include "registry_list.inc"
#undef MBENCH_BUILT
#undef MBENCH_MISSING
  };
  return missing;
}

const DriverInfo* FindDriver(std::string_view name) {
  const auto built = BuiltDrivers();
  const auto found = std::ranges::find(built, name, &DriverInfo::name);
  return found == built.end() ? nullptr : &*found;
}

}  // namespace mbench
