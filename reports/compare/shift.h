// SPDX-License-Identifier: Apache-2.0
//
// The whole distribution at once: B/A at every percentile of kCurvePercentiles, with a band that
// holds everywhere at the same time with confidence 1 - alpha (Doksum's shift function, Empirical
// probability plots and statistical inference for nonlinear models, 1974; band by the maximum of
// the studentised deviations, with runs as samples: Westfall and Young, Resampling-based multiple
// testing, 1993).
#pragma once

#include <span>
#include <vector>

#include "reports/compare/verdict.h"

namespace mbench {

struct ShiftPoint {
  double percentile = 0;
  double a = 0;  // ns
  double b = 0;
  double ratio = 1;
  double low = 1;
  double high = 1;
};

struct Shift {
  std::vector<ShiftPoint> points;  // empty: fewer than two runs on a side
  bool differs = false;            // somewhere the band leaves 1 out
};

// Only valid runs are used.
Shift ComputeShift(std::span<const RunSample> a, std::span<const RunSample> b,
                   const CompareOptions& options = {});

}  // namespace mbench
