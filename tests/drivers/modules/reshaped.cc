// SPDX-License-Identifier: Apache-2.0
//
// A module whose headers had another state, though nobody had raised the version.
#include "drivers/module.h"

extern "C" const mbench::DriverModule mbench_driver_module;
const mbench::DriverModule mbench_driver_module = {mbench::kContractVersion,
                                                   mbench::ContractLayout() + 1, nullptr};
