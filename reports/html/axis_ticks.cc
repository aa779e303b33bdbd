// SPDX-License-Identifier: Apache-2.0
#include "reports/html/axis_ticks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

namespace mbench {
namespace {

// 1, 2 or 5 times a power of ten, not below `step`.
double RoundStep(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (step <= factor * power * (1 + 1e-9)) return factor * power;
  return 10 * power;
}

// "1.5" and not "1.500"
std::string Short(double value, const char* unit) { return fmt::format("{:.4g}{}", value, unit); }

std::string Scaled(double value, double base, std::span<const char* const> units) {
  std::size_t i = 0;
  for (; i + 1 < units.size() && std::abs(value) >= base * (1 - 1e-9); ++i) value /= base;
  return Short(value, units[i]);
}

std::string ClockText(double seconds) {
  seconds = std::clamp(seconds, 0.0, 1e12);
  const auto whole = static_cast<long>(std::floor(seconds + 1e-9));
  const double rest = seconds - static_cast<double>(whole);
  const std::string part = rest > 1e-6 ? fmt::format("{:.3g}", rest).substr(1) : "";
  if (whole < 3600) return fmt::format("{}:{:02}{}", whole / 60, whole % 60, part);
  return fmt::format("{}:{:02}:{:02}{}", whole / 3600, whole / 60 % 60, whole % 60, part);
}

}  // namespace

std::string TickText(const ChartAxis& axis, double value) {
  static constexpr std::array<const char*, 4> kTimes = {"ns", "us", "ms", "s"};
  static constexpr std::array<const char*, 4> kRates = {"/s", "k/s", "M/s", "G/s"};
  static constexpr std::array<const char*, 4> kByteRates = {" B/s", " KB/s", " MB/s", " GB/s"};
  static constexpr std::array<const char*, 5> kBytes = {" B", " KiB", " MiB", " GiB", " TiB"};
  static constexpr std::array<const char*, 4> kCounts = {"", "k", "M", "G"};
  if (axis.scale == ChartScale::kTail) return fmt::format("{:.10g} %", 100 * (1 - 1 / value));
  switch (axis.unit) {
    case Unit::kNanoseconds:
      return value >= 60e9 ? ClockText(value / 1e9) : Scaled(value, 1000, kTimes);
    case Unit::kSeconds:
      return ClockText(value);
    case Unit::kPerSecond:
      return value == 0 ? "0/s" : Scaled(value, 1000, kRates);
    case Unit::kBytesPerSecond:
      return value == 0 ? "0 B/s" : Scaled(value, 1000, kByteRates);
    case Unit::kBytes:
      return value == 0 ? "0 B" : Scaled(value, 1024, kBytes);
    case Unit::kRatio:
      return Short(value, "");
    case Unit::kFraction:
      return Short(value * 100, " %");
    default:
      return Scaled(value, 1000, kCounts);
  }
}

AxisRange::AxisRange(const ChartAxis& axis, double low, double high)
    : axis_(axis), low_(low), high_(high) {
  if (!std::isfinite(low_) || !std::isfinite(high_)) {
    low_ = IsLog() ? 1 : 0;
    high_ = 10;
  }
  if (axis_.from_zero) low_ = std::min(low_, 0.0);
  if (IsLog()) {
    low_ = std::max(low_, 1e-12);
    high_ = std::max(high_, low_ * 1.0001);
    if (axis_.scale == ChartScale::kLog) {  // to the next 1, 2 or 5
      low_ = std::pow(10, std::floor(std::log10(low_) * 3 + 1e-9) / 3);
      high_ = std::pow(10, std::ceil(std::log10(high_) * 3 - 1e-9) / 3);
    }
  } else if (high_ - low_ <= 0) {
    high_ = low_ + (low_ == 0 ? 1 : std::abs(low_) * 0.1);
  }
  if (axis_.from_zero) high_ *= 1.05;
  if (axis_.unit == Unit::kRatio) {
    const double room = (high_ - low_) * 0.08;
    low_ -= room;
    high_ += room;
  }
}

double AxisRange::At(double value) const {
  if (!std::isfinite(value)) return value;
  if (!IsLog()) return (value - low_) / (high_ - low_);
  if (value <= 0) return std::numeric_limits<double>::quiet_NaN();
  return std::log(value / low_) / std::log(high_ / low_);
}

std::vector<Tick> AxisRange::Ticks(std::size_t wanted) const {
  switch (axis_.scale) {
    case ChartScale::kLog:
      return LogTicks(wanted);
    case ChartScale::kTail:
      return TailTicks();
    case ChartScale::kLinear:
      break;
  }
  return axis_.unit == Unit::kSeconds ? TimeTicks(wanted) : LinearTicks(wanted);
}

// 1, 2 and 5 of every decade as long as there is room for them; else the decades.
std::vector<Tick> AxisRange::LogTicks(std::size_t wanted) const {
  const int first = static_cast<int>(std::floor(std::log10(low_)));
  const int last = static_cast<int>(std::ceil(std::log10(high_)));
  const bool fine = static_cast<std::size_t>(last - first) * 3 <= wanted * 2;
  std::vector<Tick> ticks;
  for (int decade = first; decade <= last; ++decade)
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (!fine && factor != 1) continue;
      const double value = factor * std::pow(10, decade);
      if (value >= low_ * 0.999 && value <= high_ * 1.001)
        ticks.push_back({value, TickText(axis_, value)});
    }
  return ticks;
}

std::vector<Tick> AxisRange::TailTicks() const {
  std::vector<Tick> ticks;
  const auto add = [&](double value) {
    if (value >= low_ * 0.999 && value <= high_ * 1.001)
      ticks.push_back({value, TickText(axis_, value)});
  };
  add(1);
  add(2);
  add(4);
  for (double value = 10; value <= high_ * 1.001 && value < 1e13; value *= 10) add(value);
  return ticks;
}

std::vector<Tick> AxisRange::TimeTicks(std::size_t wanted) const {
  constexpr std::array<double, 18> kSteps = {
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
  const double least = (high_ - low_) / static_cast<double>(std::max<std::size_t>(wanted, 1));
  double step = least < 1 ? RoundStep(least) : kSteps.back();
  if (least >= 1)
    for (const double candidate : kSteps)
      if (candidate >= least) {
        step = candidate;
        break;
      }
  while ((high_ - low_) / step > 4 * static_cast<double>(wanted)) step *= 2;
  std::vector<Tick> ticks;
  for (double value = std::ceil(low_ / step - 1e-9) * step; value <= high_ + step * 1e-6;
       value += step)
    ticks.push_back({value, TickText(axis_, value)});
  return ticks;
}

std::vector<Tick> AxisRange::LinearTicks(std::size_t wanted) const {
  const double least = (high_ - low_) / static_cast<double>(std::max<std::size_t>(wanted, 1));
  // Bytes are round in units of 1024.
  double unit = 1;
  if (axis_.unit == Unit::kBytes)
    while (least > 500 * unit && unit < 1e12) unit *= 1024;
  const double step = unit * RoundStep(least / unit);
  std::vector<Tick> ticks;
  for (double n = std::ceil(low_ / step - 1e-9); n * step <= high_ + step * 1e-6; ++n)
    ticks.push_back({n * step, TickText(axis_, n * step)});
  return ticks;
}

}  // namespace mbench
