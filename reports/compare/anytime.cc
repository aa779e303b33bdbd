// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/anytime.h"

#include <cmath>

namespace mbench {

double Evidence(double t, double degrees, double effective_runs) {
  const double c = 1 + effective_runs * kPriorVariance;
  const double square = t * t / degrees;
  const double log_evidence =
      -0.5 * std::log(c) + (degrees + 1) / 2 * (std::log1p(square) - std::log1p(square / c));
  return std::exp(log_evidence);
}

}  // namespace mbench
