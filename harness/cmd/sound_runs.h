// SPDX-License-Identifier: Apache-2.0
//
// What may be in a baseline or a calibration: valid, whole runs of one thing.
#pragma once

#include <span>
#include <string_view>

#include "harness/base/result.h"
#include "reports/compare/run_sample.h"

namespace mbench {

// Fails with kInvalid, naming every fault, when a run is not valid, was cut off, or is of something
// else than the others. `what`: "a baseline".
Status RefuseUnsound(std::span<const RunSample> runs, std::string_view what);

}  // namespace mbench
