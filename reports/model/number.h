// SPDX-License-Identifier: Apache-2.0
//
// A number of a report: what it is, in which unit, how exactly it is known, and which way is
// better. Every renderer takes these, so that the table, the JSON and a page say the same thing in
// the same precision.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/clock.h"
#include "harness/plan/metric_name.h"

namespace mbench {

enum class Unit {
  kCount,
  kPerSecond,
  kBytesPerSecond,
  kNanoseconds,
  kSeconds,
  kFraction,
  kBytes,
  kCores,
  kRatio,   // of two numbers
  kPoints,  // difference of two fractions
};
enum class Better { kLower, kHigher, kNeither };

struct Number {
  double value = 0;
  Unit unit = Unit::kCount;
  Better better = Better::kNeither;
  int digits = 3;     // significant ones; 0: all (a count)
  bool thin = false;  // a percentile with too few samples beyond it to be repeated by another run
  bool known = true;  // false: there was nothing to measure
};

Number MakeCount(double value, Better better = Better::kNeither);
Number MakeRate(double per_s);
Number MakeByteRate(double per_s);
Number MakeLatency(double ns, bool thin = false);
Number MakeFraction(double fraction, Better better = Better::kLower);
Number MakeDuration(Ticks ticks);  // in seconds
Number MakeRatio(double ratio);
Number MakePoints(double difference);
// In the unit of the metric.
Number MakeNumber(const MetricName& metric, double value, bool thin = false);

// "1,234,567", "20.6k/s", "1.05ms", "2.30%", "1.032", "+0.10pp"; "-" when not known.
std::string Text(const Number& number);
// What goes behind the name of such a number in JSON: "", "_per_s", "_bytes_per_s", "_ns", "_s",
// "_fraction", "_bytes", "_ratio", "_points".
std::string_view Suffix(Unit unit);

}  // namespace mbench
