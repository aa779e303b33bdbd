// SPDX-License-Identifier: Apache-2.0
//
// The files that a workload may name: a load to replay, and a histogram of field sizes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/result.h"
#include "harness/plan/run_plan.h"

namespace mbench {

// Lines `seconds level`, seconds ascending from 0; empty lines and # comments. Each level holds
// until the next line. Messages begin with path and line.
Result<std::vector<ReplayPoint>> ReadReplayFile(const std::string& path);

// Lines `size weight`. With a first line `BlockSize N`, as in YCSB: lines `bucket weight`, and
// bucket b means fields of (b + 1) * N bytes.
Result<std::vector<std::pair<std::uint32_t, double>>> ReadSizeHistogram(const std::string& path);

}  // namespace mbench
