// SPDX-License-Identifier: Apache-2.0
//
// What a driver that is a shared library shows to the program, and how it is called (registry.cc).
//
// Both are built from the same source and share its types, so one of another version is refused.
#pragma once

#include "drivers/driver.h"

namespace mbench {

struct DriverModule {
  const char* version;  // of the project
  const DriverInfo* info;
};

inline constexpr char kModuleSymbol[] = "mbench_driver_module";

}  // namespace mbench

#define MBENCH_DRIVER_MODULE(driver)                          \
  namespace mbench {                                          \
  extern const DriverInfo driver;                             \
  }                                                           \
  extern "C" const mbench::DriverModule mbench_driver_module; \
  const mbench::DriverModule mbench_driver_module = {MBENCH_VERSION, &mbench::driver};
