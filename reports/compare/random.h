// SPDX-License-Identifier: Apache-2.0
//
// Random numbers of other distributions, from a seeded Rng: the same everywhere, which those of the
// standard library are not.
#pragma once

#include "harness/base/rng.h"

namespace mbench {

// Standard normal, by the polar method of Marsaglia and Bray (1964).
double DrawNormal(Rng* rng);
// Gamma with this shape (> 0) and scale 1: Marsaglia and Tsang, A simple method for generating
// gamma variables, ACM TOMS 2000.
double DrawGamma(double shape, Rng* rng);
// Beta: x / (x + y) of two gamma variables.
double DrawBeta(double a, double b, Rng* rng);

}  // namespace mbench
