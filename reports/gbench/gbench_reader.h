// SPDX-License-Identifier: Apache-2.0
//
// Files that Google Benchmark wrote (--benchmark_format=json): every benchmark is two metrics,
// every repetition a run. Format: docs/user_guide.md of google/benchmark, "Output Formats".
//
//   rate(NAME)        iterations per second: one second divided by real_time
//   client_cpu(NAME)  cpu_time of an iteration
#pragma once

#include <string>
#include <vector>

#include "reports/compare/run_sample.h"

namespace mbench {

struct GbenchFile {
  std::vector<RunSample> runs;    // one per repetition
  std::vector<MetricName> rates;  // of each benchmark, in the order of the file
};

// Aggregates (mean, median, big O) are skipped, and repetitions that ended in an error have no
// value. Fails with kInvalid on damage, naming file and place, and when no repetition is left.
Result<GbenchFile> ReadGbench(const std::string& path);
Result<GbenchFile> ReadGbenchText(std::string_view text, const std::string& name);

}  // namespace mbench
