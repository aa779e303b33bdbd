// SPDX-License-Identifier: Apache-2.0
//
// A calibration for a terminal: how much a metric varies from run to run, the smallest change that
// can be seen with some numbers of runs, beside the margin that is asked for.
#pragma once

#include <string>

#include "reports/compare/noise_floor_store.h"
#include "reports/text/run_table.h"

namespace mbench {

std::string RenderCalibrationTable(const StoredNoiseFloor& stored, const CompareOptions& options,
                                   const TextStyle& style);

}  // namespace mbench
