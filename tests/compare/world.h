// SPDX-License-Identifier: Apache-2.0
//
// A simulated system whose truth is known, for error rates of verdicts.
//
// The logarithm of a latency is the sum of four things:
//
//     base + effect of the run + effect of the second + effect of the request
//
// The effect of the second is an AR(1) process (what one second was like, the next one is too), and
// effects of runs are those of memory layout, neighbours and the state of a disk. Clients wait for
// their replies, so a slow second has fewer requests. Deviations are those of the table in the
// README of reports/compare: 0.7 for requests, 0.13 for seconds with a memory of 0.8.
#pragma once

#include <cstdint>

#include "harness/base/rng.h"
#include "tests/compare/run_world.h"

namespace mbench {

struct World {
  double run_deviation = 0;
  double second_deviation = 0.13;
  double second_memory = 0.8;
  double request_deviation = 0.7;
  int seconds = 60;
  double requests_per_s = 80;
};

// How B differs from A.
struct Planted {
  double all = 0;   // added to every log latency; the rate falls by as much
  double tail = 0;  // added to the log latencies of the slowest 5 % of requests
};

// One run as the pipeline sees it: histograms, blocks, percentiles, deviations.
RunSample SimulateRun(const World& world, const Planted& planted, Rng* rng);

// A B B A A B B A ...
Sides InterleaveRuns(const World& world, std::size_t runs, const Planted& planted_b, Rng* rng);

}  // namespace mbench
