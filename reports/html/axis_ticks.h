// SPDX-License-Identifier: Apache-2.0
//
// Where an axis has its ticks and what stands at them, and how a value becomes a place on it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reports/model/chart.h"

namespace mbench {

struct Tick {
  double value = 0;
  std::string label;
};

// From `low` to `high`; both widen to something round when the scale is a logarithm or begins at
// zero.
class AxisRange {
 public:
  AxisRange(const ChartAxis& axis, double low, double high);

  // 0 at the low end, 1 at the high one; not a number where the scale has no such value.
  double At(double value) const;
  // About `wanted` of them, ascending.
  std::vector<Tick> Ticks(std::size_t wanted) const;

  double low() const { return low_; }
  double high() const { return high_; }

 private:
  bool IsLog() const { return axis_.scale != ChartScale::kLinear; }
  std::vector<Tick> LogTicks(std::size_t wanted) const;
  std::vector<Tick> TailTicks() const;
  std::vector<Tick> TimeTicks(std::size_t wanted) const;
  std::vector<Tick> LinearTicks(std::size_t wanted) const;

  ChartAxis axis_;
  double low_, high_;
};

// "1ms", "12k/s", "1:30", "99.9 %", "16"
std::string TickText(const ChartAxis& axis, double value);

}  // namespace mbench
