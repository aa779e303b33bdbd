// SPDX-License-Identifier: Apache-2.0
//
// Runs drawn as the numbers that they come to: what one run is, and how runs follow each other, is
// known. All three default metrics of a run are moved by the same noise, as they are on a host.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/base/rng.h"
#include "reports/compare/run_sample.h"

namespace mbench {

enum class Noise {
  kNormal,
  kAutocorrelated,  // AR(1) from run to run
  kDrifting,        // three times the spread from the first run to the last
  kNeighbour,       // in the second half everything takes 30 % longer
  kBimodal,         // one of two levels, a coin decides
  kSkewed,          // exponential
  kContaminated,    // one run of ten takes 40 % longer
  kUnequal,         // B has four times the spread of A
};

struct RunWorld {
  Noise noise = Noise::kNormal;
  double spread = 0.03;
  double memory = 0.7;  // kAutocorrelated
};

struct Sides {
  std::vector<RunSample> a;
  std::vector<RunSample> b;
};

// Run number `minute` of the world's time: that many minutes after it began.
RunSample DrawnRun(double log_change, std::size_t minute);

// A B B A A B B A ..., and what one side has more at the end. B takes exp(change) times as long.
Sides InTurns(const RunWorld& world, std::size_t runs_a, std::size_t runs_b, double change,
              Rng* rng);

// Ten runs of A in so many sessions, days apart, and eight of B in one session later. Sessions
// differ by `between`.
Sides OneAfterTheOther(const RunWorld& world, std::size_t sessions, double between, Rng* rng);

// A run a day, and one of B on the day after.
Sides OneRunAfter(const RunWorld& world, std::size_t runs, double change, Rng* rng);

// One run takes exp(change) times as long.
void Disturb(double change, RunSample* run);

// An AR(1) process with this standard deviation.
void Autocorrelated(double memory, double spread, Rng* rng, std::vector<double>* values);

}  // namespace mbench
