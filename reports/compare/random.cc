// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/random.h"

#include <cmath>

namespace mbench {

double DrawNormal(Rng* rng) {
  while (true) {
    const double x = 2 * rng->Unit() - 1;
    const double y = 2 * rng->Unit() - 1;
    const double square = x * x + y * y;
    if (square > 0 && square < 1) return x * std::sqrt(-2 * std::log(square) / square);
  }
}

double DrawGamma(double shape, Rng* rng) {
  // A shape below 1 is reached from the one above it.
  if (shape < 1) return DrawGamma(shape + 1, rng) * std::pow(1 - rng->Unit(), 1 / shape);
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = DrawNormal(rng);
    const double v = std::pow(1 + c * x, 3);
    if (v <= 0) continue;
    const double u = 1 - rng->Unit();
    if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

double DrawBeta(double a, double b, Rng* rng) {
  const double x = DrawGamma(a, rng);
  return x / (x + DrawGamma(b, rng));
}

}  // namespace mbench
