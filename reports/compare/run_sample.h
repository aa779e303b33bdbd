// SPDX-License-Identifier: Apache-2.0
//
// A run as one sample: one number per metric, and how far chance within the run may have moved it.
//
// When two configurations are compared the run is the sample, not the request: requests of one run
// share its caches, its compactions and its neighbours, and tests that take them for independent
// call two equal systems different in most of the cases.
//
// Latencies, rates and CPU per op are kept as logarithms, because their changes are ratios; parts
// of ops, such as errors, are kept as they are, because they may be 0 (ScaleOf).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/plan/metric_name.h"
#include "harness/result/run_result.h"

namespace mbench {

struct MetricSample {
  MetricName metric;
  double value = 0;           // natural logarithm, or plain (ScaleOf)
  std::uint64_t samples = 0;  // ops it rests on
  bool thin = false;          // a percentile with fewer than kMinSamplesBeyond samples beyond it
  // Deviations from `value` that chance within the run may have caused (run_blocks.h); may be
  // empty: not known.
  std::vector<float> noise = {};
};

// What must be the same for two runs to be comparable, but for what is being compared.
struct RunIdentity {
  int schema = kSchemaVersion;
  std::string plan_json;  // Provenance::plan_json
  std::string driver;
  std::string system;  // with its version
  std::string cpu;     // cpu, cores and memory make the class of the host
  std::uint32_t cores = 0;
  std::uint64_t memory_bytes = 0;
};

// The percentiles at which whole distributions are compared (shift.h).
inline constexpr std::array<double, 23> kCurvePercentiles = {
    1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 99, 99.5, 99.9};

struct RunSample {
  std::string name;        // of the workload
  std::string folder;      // where the result is; "" when it is not in one
  std::string started_at;  // UTC
  std::string host;        // its name
  std::string commit;      // "": not known
  double length_s = 0;     // of the measured phase
  RunIdentity identity;
  RunEnd end = RunEnd::kComplete;
  std::vector<std::string> invalid;   // why it may not enter a verdict; empty: valid
  std::vector<std::string> warnings;  // of the run
  // How the host and the system fared: means over the run, by name (odd_runs.h).
  std::map<std::string, double> circumstances;
  bool saturated = false;    // invalid, because the system could not carry the offered load
  double offered_per_s = 0;  // open model
  double achieved_per_s = 0;
  std::vector<MetricSample> metrics;
  std::vector<double> curve;  // log response time at kCurvePercentiles, all ops; empty: none

  bool Valid() const { return invalid.empty(); }
  // What to call it in a report.
  const std::string& Label() const { return folder.empty() ? name : folder; }
  const MetricSample* Find(const MetricName& metric) const;  // nullptr: not measured
};

struct SampleOptions {
  // What will be asked for beside rate, errors, p50, p95, p99 and p99.9 of all ops and of each, and
  // client_cpu.
  std::vector<MetricName> also = {};
  std::size_t resamples = 100;  // deviations per metric; 0: none
  std::uint64_t seed = 1;
};

class RunBlocks;
RunSample MakeSample(const RunResult& run, const RunBlocks& blocks, const SampleOptions& options);

// Reads a result folder (or its run.json). Fails with kInvalid on damage, naming file and place.
Result<RunSample> LoadSample(const std::string& path, const SampleOptions& options = {});
// All of them; the first that cannot be read ends it.
Result<std::vector<RunSample>> LoadSamples(std::span<const std::string> paths,
                                           const SampleOptions& options = {});

}  // namespace mbench
