// SPDX-License-Identifier: Apache-2.0
#include "workloads/generators/realistic.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "harness/base/date.h"
#include "workloads/generators/word_lists.h"

namespace mbench {
namespace {

constexpr double kKmPerDegree = 40'030.0 / 360;  // of the earth's mean circumference
constexpr double kRadian = std::numbers::pi / 180;

AliasTable NameTable(std::size_t names, bool weighted) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < names; ++i) weights.push_back(weighted ? NameWeight(i) : 1);
  return AliasTable(weights);
}

// Box and Muller, "A note on the generation of random normal deviates" (1958); the second of the
// pair is thrown away, or a value would depend on the one before.
double Normal(Rng& rng) {
  const double radius = std::sqrt(2 * rng.Exponential());
  return radius * std::cos(2 * std::numbers::pi * rng.Unit());
}

double DrawAmount(const GeneratorPlan& plan, Rng& rng) {
  switch (plan.shape) {
    case Shape::kUniform:
      return plan.min + (plan.max - plan.min) * rng.Unit();
    case Shape::kNormal:
      return plan.center + plan.spread * Normal(rng);
    case Shape::kLognormal:
      return plan.center * std::exp(plan.spread * Normal(rng));
    case Shape::kExponential:
      return plan.center * rng.Exponential();
  }
  return plan.center;
}

template <class... Values>
std::string_view Write(std::string* storage, fmt::format_string<Values...> format,
                       Values&&... values) {
  constexpr std::size_t kRoom = 128;
  if (storage->size() < kRoom) storage->resize(kRoom);
  const auto end =
      fmt::format_to_n(storage->data(), kRoom, format, std::forward<Values>(values)...);
  return std::string_view(*storage).substr(0, std::min(end.size, kRoom));
}

std::string_view WriteHex(std::uint64_t high, std::uint64_t low, std::string* storage) {
  return Write(storage, "{:016x}{:08x}", high, low & 0xffff'ffff);
}

struct Degrees {
  double longitude, latitude;
};

// Evenly by area: bands of a sphere have areas as the differences of the sines of their latitudes.
Degrees DrawInBox(const std::array<double, 4>& box, Rng& rng) {
  const auto [west, south, east, north] = box;
  const double low = std::sin(south * kRadian), high = std::sin(north * kRadian);
  const double sine = low + (high - low) * rng.Unit();
  return {west + (east - west) * rng.Unit(), std::asin(std::clamp(sine, -1.0, 1.0)) / kRadian};
}

Degrees DrawAround(const GeneratorPlan& plan, Rng& rng) {
  double east_km = 0, north_km = 0;
  if (plan.shape == Shape::kNormal) {
    east_km = plan.spread * Normal(rng);
    north_km = plan.spread * Normal(rng);
  } else {
    const double radius = plan.spread * std::sqrt(rng.Unit());
    const double angle = 2 * std::numbers::pi * rng.Unit();
    east_km = radius * std::cos(angle);
    north_km = radius * std::sin(angle);
  }
  const double latitude = std::clamp(plan.place[1] + north_km / kKmPerDegree, -90.0, 90.0);
  const double km_per_longitude = kKmPerDegree * std::max(std::cos(latitude * kRadian), 0.001);
  return {std::remainder(plan.place[0] + east_km / km_per_longitude, 360.0), latitude};
}

}  // namespace

People::People(bool weighted)
    : first_(NameTable(FirstNames().size(), weighted)),
      last_(NameTable(LastNames().size(), weighted)) {}

std::string_view People::WriteName(Rng& rng, std::string* storage) const {
  const std::string_view first = FirstNames()[first_.Pick(rng.Next())];
  return Write(storage, "{} {}", first, LastNames()[last_.Pick(rng.Next())]);
}

std::string_view People::WriteEmail(std::string_view domain, Rng& rng, std::string* storage) const {
  const std::string_view first = FirstNames()[first_.Pick(rng.Next())];
  const std::string_view last = LastNames()[last_.Pick(rng.Next())];
  const std::string_view email =
      Write(storage, "{}.{}{}@{}", first, last, rng.Below(10'000), domain);
  char* const begin = storage->data();
  std::transform(begin, begin + email.size(), begin, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return email;
}

std::string_view WriteAmount(const GeneratorPlan& plan, Rng& rng, std::string* storage) {
  constexpr int kTries = 20;
  double amount = DrawAmount(plan, rng);
  const auto fits = [&plan](double value) { return value >= plan.min && value <= plan.max; };
  for (int i = 0; i < kTries && !fits(amount); ++i) amount = DrawAmount(plan, rng);
  return Write(storage, "{:.{}f}", std::clamp(amount, plan.min, plan.max), plan.decimals);
}

std::string_view WriteDay(std::uint64_t day, bool with_time, Rng& rng, std::string* storage) {
  if (storage->size() < kDateSize) storage->resize(kDateSize);
  std::int64_t ms = (static_cast<std::int64_t>(day) - kDaysBefore1970) * kDayMs;
  if (with_time) ms += static_cast<std::int64_t>(rng.Below(kDayMs));
  return std::string_view(*storage).substr(0, WriteDate(ms, with_time, storage->data()));
}

std::string_view WritePoint(const GeneratorPlan& plan, Rng& rng, std::string* storage) {
  const Degrees at = plan.is_box ? DrawInBox(plan.place, rng) : DrawAround(plan, rng);
  return Write(storage, "[{:.6f},{:.6f}]", at.longitude, at.latitude);
}

std::string_view WriteObjectId(std::uint64_t place, Rng& rng, std::string* storage) {
  constexpr std::uint64_t kBegin = 1'704'067'200;  // 2024-01-01
  constexpr std::uint64_t kPerSecond = 1000;
  const std::uint64_t random = rng.Next();  // 40 bits of it: 32, and 8 before the counter
  const std::uint64_t high = (kBegin + place / kPerSecond) << 32 | random >> 32;
  return WriteHex(high, (random & 0xff) << 24 | (place & 0xff'ffff), storage);
}

std::string_view WriteRandomObjectId(Rng& rng, std::string* storage) {
  const std::uint64_t high = rng.Next();
  return WriteHex(high, rng.Next(), storage);
}

}  // namespace mbench
