// SPDX-License-Identifier: Apache-2.0
#include "workloads/fleet/signal.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "harness/base/rng.h"
#include "harness/base/short_copy.h"
#include "workloads/keys/decimal_digits.h"

namespace mbench {
namespace {

constexpr double kUnit = 0x1.0p-63;

// In [-1, 1), of 64 random bits.
double Balanced(std::uint64_t bits) {
  return static_cast<double>(static_cast<std::int64_t>(bits)) * kUnit;
}
// In [0, 1).
double Unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1.0p-53; }

// Near a normal distribution with deviation 1: the sum of four uniform ones.
double Bell(std::uint64_t bits) {
  constexpr double kMean = 2 * 65535.0, kDeviation = 65536 * 0.5773502691896258;
  const double sum = static_cast<double>((bits & 0xffff) + (bits >> 16 & 0xffff) +
                                         (bits >> 32 & 0xffff) + (bits >> 48));
  return (sum - kMean) / kDeviation;
}

double Floor(double value) {
  const double whole = static_cast<double>(static_cast<std::int64_t>(value));
  return whole > value ? whole - 1 : whole;
}

// sin(2 pi x) for 0 <= x < 1, by a table with straight lines: off by 5e-6 at most.
double SineOfTurn(double x) {
  constexpr std::size_t kSteps = 1024;
  static const std::array<double, kSteps + 2> table = [] {
    std::array<double, kSteps + 2> made{};
    for (std::size_t i = 0; i < made.size(); ++i)
      made[i] = std::sin(2 * std::numbers::pi * static_cast<double>(i) / kSteps);
    return made;
  }();
  const double at = x * kSteps;
  const auto i = static_cast<std::size_t>(at);
  return table[i] + (table[i + 1] - table[i]) * (at - static_cast<double>(i));
}

}  // namespace

Signal::Signal(const SignalPlan& plan, std::uint64_t seed, Ticks every)
    : kind_(plan.kind), seed_(seed), plan_(plan), range_(plan.max - plan.min) {
  for (std::uint32_t i = 0; i < plan.decimals; ++i) scale_ *= 10;
  // Noise that is higher than what it is mirrored within adds nothing to it.
  double height = plan.step;
  for (levels_ = 1; levels_ < kLevels && height * 4 < range_; ++levels_) height *= 4;
  if (plan.period > 0) {
    per_point_ = static_cast<double>(every) / static_cast<double>(plan.period);
    period_points_ = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(plan.period / every));
  }
  std::vector<double> weights;
  for (const auto& [text, weight] : plan.picks) {
    texts_.push_back(text);
    weights.push_back(weight);
    most_bytes_ = std::max(most_bytes_, text.size());
  }
  if (!weights.empty()) weights_ = AliasTable(weights);
}

char* Signal::Write(std::uint64_t series, std::uint64_t n, char* to) const {
  const std::uint64_t key = Mix64(seed_ ^ series);
  switch (kind_) {
    case SignalKind::kWalk:
      return WriteNumber(Walk(key, n), to);
    case SignalKind::kSine:
      return WriteNumber(Sine(key, n), to);
    case SignalKind::kSteps: {
      const std::uint64_t drawn = Mix64(key + n / period_points_);
      return WriteNumber(plan_.levels[drawn % plan_.levels.size()], to);
    }
    case SignalKind::kCounter:
      return WriteNumber(static_cast<double>(Count(key, n)), to);
    case SignalKind::kSpike:
      return WriteNumber(Spike(key, n), to);
    case SignalKind::kPick: {
      const std::string& text = texts_[weights_.Pick(Mix64(key + n))];
      return CopyShort(text, to);
    }
  }
  return to;
}

double Signal::Walk(std::uint64_t key, std::uint64_t n) const {
  // The first one is a value by itself: nothing lies between points that are 1 apart.
  double sum = Balanced(Mix64(key + n));
  double height = 1;
  for (std::size_t level = 1; level < levels_; ++level) {
    height *= 4;
    const std::uint64_t shift = 4 * level, at = n >> shift;
    const std::uint64_t level_key = key + (std::uint64_t{level} << 56);
    // All levels begin at 0, so that the walk begins at its start.
    const double from = at == 0 ? 0 : Balanced(Mix64(level_key + at));
    const double to = Balanced(Mix64(level_key + at + 1));
    const double part = static_cast<double>(n & ((std::uint64_t{1} << shift) - 1)) /
                        static_cast<double>(std::uint64_t{1} << shift);
    sum += height * (from + (to - from) * part);
  }
  const double value = plan_.start + plan_.step * sum;
  if (value >= plan_.min && value <= plan_.max) return value;
  const double turns = (value - plan_.min) / (2 * range_);
  const double within = (turns - Floor(turns)) * 2 * range_;
  return plan_.min + (within > range_ ? 2 * range_ - within : within);
}

double Signal::Sine(std::uint64_t key, std::uint64_t n) const {
  const double turns = Unit(key) + per_point_ * static_cast<double>(n);
  double value = plan_.mean + plan_.amplitude * SineOfTurn(turns - Floor(turns));
  if (plan_.noise > 0) value += plan_.noise * Bell(Mix64(key + n));
  return value;
}

double Signal::Spike(std::uint64_t key, std::uint64_t n) const {
  const bool up = Unit(Mix64(key + (n / period_points_) + (1ULL << 60))) < plan_.part;
  double value = plan_.mean + (up ? plan_.amplitude : 0);
  if (plan_.noise > 0) value += plan_.noise * Bell(Mix64(key + n));
  return value;
}

// Never less than the one before: each lies in a step of its own.
std::uint64_t Signal::Count(std::uint64_t key, std::uint64_t n) const {
  const auto step = static_cast<std::uint64_t>(plan_.step);
  return static_cast<std::uint64_t>(plan_.start) + n * step + Mix64(key + n) % step;
}

// Rounded to its decimals; zeros at its end stay, as sensors send them.
char* Signal::WriteNumber(double value, char* to) const {
  const std::uint32_t decimals = kind_ == SignalKind::kCounter ? 0 : plan_.decimals;
  const double scaled = value * (decimals == 0 ? 1 : scale_);
  auto number = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
  if (number < 0) {
    *to++ = '-';
    number = -number;
  }
  std::array<char, kMaxDigits> digits;
  char* const end = digits.data() + kMaxDigits;
  char* first = end;
  // Few digits, so that this is faster than WriteDigits.
  for (auto rest = static_cast<std::uint64_t>(number); rest != 0; rest /= 10)
    *--first = static_cast<char>('0' + rest % 10);
  while (end - first <= static_cast<std::ptrdiff_t>(decimals)) *--first = '0';
  const auto whole = static_cast<std::size_t>(end - first) - decimals;
  to = CopyShort({first, whole}, to);
  if (decimals == 0) return to;
  *to++ = '.';
  return CopyShort({end - decimals, decimals}, to);
}

}  // namespace mbench
