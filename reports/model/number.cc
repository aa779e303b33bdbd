// SPDX-License-Identifier: Apache-2.0
#include "reports/model/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/units.h"

namespace mbench {
namespace {

// A double as an integer, whatever a damaged file made of it.
template <class Integer>
Integer ToInteger(double value, double most) {
  return std::isfinite(value) ? static_cast<Integer>(std::llround(std::clamp(value, -most, most)))
                              : 0;
}

// Beyond a thousand a ratio says "no idea", and its digits only make a column wide.
std::string RatioText(double ratio) {
  if (ratio >= 999.5) return ">1000";
  if (ratio > 0 && ratio < 0.001) return "<0.001";
  return ratio < 9.9995 ? fmt::format("{:.3f}", ratio) : fmt::format("{:.4g}", ratio);
}

}  // namespace

Number MakeCount(double value, Better better) {
  return {.value = value, .unit = Unit::kCount, .better = better, .digits = 0};
}
Number MakeRate(double per_s) {
  return {.value = per_s, .unit = Unit::kPerSecond, .better = Better::kHigher};
}
Number MakeByteRate(double per_s) {
  return {.value = per_s, .unit = Unit::kBytesPerSecond, .better = Better::kHigher};
}
Number MakeLatency(double ns, bool thin) {
  return {.value = ns, .unit = Unit::kNanoseconds, .better = Better::kLower, .thin = thin};
}
Number MakeFraction(double fraction, Better better) {
  return {.value = fraction, .unit = Unit::kFraction, .better = better};
}
Number MakeDuration(Ticks ticks) {
  return {.value = static_cast<double>(ticks) / 1e9, .unit = Unit::kSeconds};
}

Number MakeRatio(double ratio) {
  return {.value = ratio, .unit = Unit::kRatio, .known = std::isfinite(ratio)};
}
Number MakePoints(double difference) {
  return {.value = difference, .unit = Unit::kPoints, .known = std::isfinite(difference)};
}

Number MakeNumber(const MetricName& metric, double value, bool thin) {
  switch (FactsOf(metric.kind).unit) {
    case MetricUnit::kNanoseconds:
      return MakeLatency(value, thin);
    case MetricUnit::kSeconds:
      return MakeLatency(value * 1e9, thin);
    case MetricUnit::kPerSecond:
      return MakeRate(value);
    case MetricUnit::kBytesPerSecond:
      return MakeByteRate(value);
    case MetricUnit::kCount:
      return MakeCount(value, LowerIsBetter(metric) ? Better::kLower : Better::kHigher);
    case MetricUnit::kFraction:
      break;
  }
  return MakeFraction(value, LowerIsBetter(metric) ? Better::kLower : Better::kHigher);
}

std::string Text(const Number& number) {
  if (!number.known) return "-";
  switch (number.unit) {
    case Unit::kCount:
      return WithCommas(ToInteger<std::uint64_t>(std::max(number.value, 0.0), 9e18));
    case Unit::kPerSecond:
      return FormatRate(number.value);
    case Unit::kBytesPerSecond:
      return FormatByteRate(number.value);
    case Unit::kNanoseconds:
      return FormatDuration(ToInteger<Ticks>(number.value, 4e18));
    case Unit::kSeconds:
      return FormatDuration(ToInteger<Ticks>(number.value * 1e9, 4e18));
    case Unit::kFraction:
      return FormatPercent(number.value);
    case Unit::kBytes:
      return FormatBytes(number.value);
    case Unit::kCores:
      return fmt::format("{:.2f}", number.value);
    case Unit::kRatio:
      return RatioText(number.value);
    case Unit::kPoints:
      return fmt::format("{:+.2f}pp", number.value * 100);
  }
  return {};
}

std::string_view Suffix(Unit unit) {
  switch (unit) {
    case Unit::kPerSecond:
      return "_per_s";
    case Unit::kBytesPerSecond:
      return "_bytes_per_s";
    case Unit::kNanoseconds:
      return "_ns";
    case Unit::kSeconds:
      return "_s";
    case Unit::kFraction:
      return "_fraction";
    case Unit::kBytes:
      return "_bytes";
    case Unit::kRatio:
      return "_ratio";
    case Unit::kPoints:
      return "_points";
    case Unit::kCount:
    case Unit::kCores:
      return "";
  }
  return "";
}

}  // namespace mbench
