// SPDX-License-Identifier: Apache-2.0
//
// What a driver that is a shared library, libmbench_driver_NAME.so, shows to the program that loads
// it (registry.cc):
//
//   MBENCH_DRIVER_MODULE(kNameDriver)   behind the DriverInfo, in one of its files
//
// It takes what it needs of harness/base and drivers/common from the program, and shares types with
// it. So both have to be made from the same state of these headers.
#pragma once

#include <cstdint>

#include "drivers/driver.h"

namespace mbench {

// Goes up with every change of a header that drivers include (those that are installed) which a
// module that was built before cannot know: another size or order of members, another virtual
// function, another signature.
inline constexpr std::uint32_t kContractVersion = 5;

// Of the sizes of what both sides share: should somebody forget to raise the number above, as while
// the contract is being worked on, most such changes are seen by this.
constexpr std::uint32_t ContractLayout() {
  std::uint32_t layout = 0;
  for (const std::size_t size :
       {sizeof(Op), sizeof(Completion), sizeof(StepDone), sizeof(Completions), sizeof(SessionPlan),
        sizeof(DriverFacts), sizeof(DriverInfo), sizeof(OptionSpec), sizeof(OptionValues),
        sizeof(StatementSpec), sizeof(StatementSet)}) {
    layout = layout * 1009 + static_cast<std::uint32_t>(size);
  }
  return layout;
}

struct DriverModule {
  std::uint32_t contract;  // first for ever: nothing else is looked at when it is another one
  std::uint32_t layout;
  const DriverInfo* info;
};

inline constexpr char kModuleSymbol[] = "mbench_driver_module";

}  // namespace mbench

#define MBENCH_DRIVER_MODULE(driver)                                           \
  extern "C" const mbench::DriverModule mbench_driver_module;                  \
  const mbench::DriverModule mbench_driver_module = {mbench::kContractVersion, \
                                                     mbench::ContractLayout(), &mbench::driver};
