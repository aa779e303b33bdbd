// SPDX-License-Identifier: Apache-2.0
//
// Files that Google Benchmark wrote (--benchmark_format=json): every benchmark is two metrics,
// every repetition a run. Format: docs/user_guide.md of google/benchmark, "Output Formats".
//
//   rate(NAME)          iterations per second: one second divided by real_time
//   client_cpu(NAME)    cpu_time of an iteration
//   items_rate(NAME)    items_per_second, where it counts them
//   bytes_rate(NAME)    bytes_per_second, where it counts them
//
// What a program cannot help to write (NaN, Infinity, a time of 0, a benchmark that was skipped or
// failed) is left out and named; the rest of the file counts.
#pragma once

#include <string>
#include <vector>

#include "reports/compare/run_sample.h"

namespace mbench {

struct GbenchFile {
  std::vector<RunSample> runs;        // one per repetition; a benchmark may be in some of them only
  std::vector<MetricName> rates;      // of each benchmark, in the order of the file
  std::vector<std::string> left_out;  // "BM_x: skipped: no such device", in the order of the file
  std::vector<std::string> failed;    // benchmarks of which nothing is left
  bool aggregates_only = false;       // its means are the only values: one run
};

// Aggregates (median, big O) are skipped beside repetitions; of a file without any of these the
// means are taken. Entries of one name are repetitions, also when the file was merged from those of
// several processes. Fails with kInvalid on damage, naming file and place, and when nothing is
// left.
Result<GbenchFile> ReadGbench(const std::string& path);
Result<GbenchFile> ReadGbenchText(std::string_view text, const std::string& name);

}  // namespace mbench
