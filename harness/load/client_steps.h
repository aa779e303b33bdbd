// SPDX-License-Identifier: Apache-2.0
//
// How many clients are at work at which time, in the closed model: the curve as a row of steps.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/load/load_curve.h"

namespace mbench {

struct ClientStep {
  Ticks at;               // on the curve's axis
  std::uint32_t clients;  // from then on
};

// Ascending in time, the first at curve.Begin(); the level rounded to whole clients. Every change
// is there, exact to 1 us.
std::vector<ClientStep> ClientSteps(const LoadCurve& curve);

}  // namespace mbench
