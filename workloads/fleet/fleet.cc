// SPDX-License-Identifier: Apache-2.0
#include "workloads/fleet/fleet.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

#include "harness/base/rng.h"
#include "workloads/keys/decimal_digits.h"

namespace mbench {
namespace {

// What the seed is made for, beside values.
constexpr std::uint64_t kLots = 1, kJitter = 2, kChurn = 3;

// Lots of one point, of so many bits each.
constexpr int kLotBits = 20;
enum Lot { kMissing, kLate, kDuplicate };

bool Happens(std::uint64_t drawn, Lot lot, std::uint64_t part) {
  return (drawn >> (lot * kLotBits) & ((1U << kLotBits) - 1)) < part;
}

std::uint64_t PartOfLot(double part) {
  return static_cast<std::uint64_t>(part * (1U << kLotBits) + 0.5);
}

constexpr std::size_t kMostKeptValues = 4'000'000;

// Without zeros in front; returns its end.
char* WriteWhole(std::uint64_t number, char* to) {
  std::array<char, kMaxDigits> digits;
  WriteDigits(number, digits.data() + kMaxDigits);
  std::size_t first = 0;
  while (first + 1 < kMaxDigits && digits[first] == '0') ++first;
  std::memcpy(to, digits.data() + first, kMaxDigits - first);
  return to + kMaxDigits - first;
}

}  // namespace

Fleet::Fleet(FleetPlan plan, std::uint64_t seed)
    : plan_(std::move(plan)),
      seed_(Mix64(seed, 0xf1ee7)),
      series_(plan_.Series()),
      missing_(PartOfLot(plan_.missing)),
      duplicate_(PartOfLot(plan_.duplicate)),
      late_(PartOfLot(plan_.late)) {
  if (plan_.late > 0)
    late_points_ = static_cast<std::uint64_t>((plan_.late_by + plan_.every - 1) / plan_.every);
  plain_ = plan_.missing == 0 && plan_.duplicate == 0 && plan_.late == 0;
  std::uint64_t behind = series_;
  for (const FleetTag& tag : plan_.tags) {
    behind /= tag.values.size();
    strides_.push_back(behind);
    std::size_t longest = 0;
    for (const std::string& value : tag.values) longest = std::max(longest, value.size());
    most_bytes_ += longest + 1 + kMaxDigits;  // with a generation
  }
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    signals_.emplace_back(plan_.fields[i], Mix64(seed_, i), plan_.every);
    most_bytes_ += signals_.back().MostBytes();
  }
  most_bytes_ += kMaxDigits;
  if (series_ * plan_.tags.size() > kMostKeptValues) return;
  for (std::uint64_t series = 0; series < series_; ++series) {
    for (std::size_t tag = 0; tag < plan_.tags.size(); ++tag) {
      const std::vector<std::string>& values = plan_.tags[tag].values;
      values_.push_back(values[series / strides_[tag] % values.size()]);
    }
  }
}

std::uint64_t Fleet::DrawOf(const FleetPoint& point) const {
  return Mix64(Mix64(seed_ + kLots + (point.series << 8)) + point.number);
}

std::size_t Fleet::SentAt(const FleetPoint& own, std::span<FleetPoint, kMostOfPlace> points) const {
  points[0] = own;
  if (plain_) return 1;
  std::size_t count = 0;
  const auto send = [&](const FleetPoint& point, std::uint64_t drawn) {
    points[count++] = point;
    if (Happens(drawn, kDuplicate, duplicate_)) points[count++] = point;
  };
  const std::uint64_t drawn = DrawOf(own);
  if (!Happens(drawn, kMissing, missing_) && !Happens(drawn, kLate, late_)) send(own, drawn);
  if (late_ == 0 || own.number < late_points_) return count;
  const FleetPoint before{own.series, own.number - late_points_};
  const std::uint64_t drawn_before = DrawOf(before);
  if (!Happens(drawn_before, kMissing, missing_) && Happens(drawn_before, kLate, late_))
    send(before, drawn_before);
  return count;
}

std::string_view Fleet::Write(const FleetPoint& point, std::size_t column, std::int64_t start,
                              char** to) const {
  if (column < plan_.tags.size()) return WriteTag(point, column, to);
  char* const begin = *to;
  column -= plan_.tags.size();
  if (column < signals_.size()) {
    *to = signals_[column].Write(point.series, point.number, begin);
  } else {
    std::uint64_t at =
        static_cast<std::uint64_t>(start) + point.number * static_cast<std::uint64_t>(plan_.every);
    if (plan_.jitter > 0) {
      at += Mix64(Mix64(seed_ + kJitter, point.series) + point.number) %
            static_cast<std::uint64_t>(plan_.jitter);
    }
    *to = WriteWhole(at, begin);
  }
  return {begin, static_cast<std::size_t>(*to - begin)};
}

std::string_view Fleet::WriteTag(const FleetPoint& point, std::size_t tag, char** to) const {
  const bool churns = plan_.churn_every > 0 && tag == plan_.churn_tag;
  if (!churns && !values_.empty()) [[likely]]
    return values_[point.series * plan_.tags.size() + tag];
  const std::vector<std::string>& values = plan_.tags[tag].values;
  const std::uint64_t value = point.series / strides_[tag] % values.size();
  if (!churns) return values[value];
  const std::uint64_t generation = Generation(point, value);
  if (generation == 0) return values[value];
  char* const begin = *to;
  std::memcpy(begin, values[value].data(), values[value].size());
  char* end = begin + values[value].size();
  *end++ = '.';
  *to = WriteWhole(generation, end);
  return {begin, static_cast<std::size_t>(*to - begin)};
}

// Values are replaced one after the other, spread over the time in which all of them are.
std::uint64_t Fleet::Generation(const FleetPoint& point, std::uint64_t value) const {
  const auto life = static_cast<std::uint64_t>(plan_.churn_every);
  const std::uint64_t age = Mix64(seed_ + kChurn, value) % life;
  return (point.number * static_cast<std::uint64_t>(plan_.every) + age) / life;
}

std::int64_t SharedFleet::Start() {
  if (fleet_.Plan().start) return *fleet_.Plan().start;
  std::int64_t known = start_.load(std::memory_order_relaxed);
  if (known != 0) return known;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t mine = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  return start_.compare_exchange_strong(known, mine) ? mine : known;
}

}  // namespace mbench
