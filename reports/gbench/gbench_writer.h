// SPDX-License-Identifier: Apache-2.0
//
// Runs as a file of Google Benchmark, for its compare.py: every metric is a benchmark
// ("ramp/read/p99"), every run a repetition of it. Its U test needs nine repetitions.
//
//   real_time         the percentile; of "NAME/OP/time_per_op" one second divided by the rate
//   cpu_time          CPU time of the load generator per op, the same in all entries of a run
//   items_per_second  the rate of the op
#pragma once

#include <span>
#include <string>

#include "reports/compare/run_sample.h"

namespace mbench {

// Only valid runs are written.
std::string RenderGbench(std::span<const RunSample> runs);

}  // namespace mbench
