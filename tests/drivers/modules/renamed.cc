// SPDX-License-Identifier: Apache-2.0
//
// A driver whose file has another name than it has itself.
#include "drivers/module.h"

namespace mbench {
namespace {
constexpr DriverInfo kAbacusDriver = {
    .name = "abacus", .about = "beads", .options = {}, .make = nullptr};
}
}  // namespace mbench

MBENCH_DRIVER_MODULE(kAbacusDriver)
