// SPDX-License-Identifier: Apache-2.0
//
// A fleet: machines that send a point of each of their series at fixed times, as the section
// `fleet:` of a workload file says it (harness/config/read_fleet.cc).
//
// Its columns stand for the placeholders of statements: one for each tag, one for each field, and
// the time. All of a point follows from the seed, the number of its series and its number in that
// (workloads/fleet/fleet.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/names.h"
#include "harness/base/value_type.h"

namespace mbench {

enum class SignalKind : std::uint8_t { kWalk, kSine, kSteps, kCounter, kSpike, kPick };
template <>
inline constexpr auto kNamesOf<SignalKind> = Names("walk", "sine", "steps", "counter", "spike",
                                                   "pick");

// The values of a field over time. Which members count depends on the kind:
//   walk     from `start` on, changing by about `step` from point to point, within min..max
//   sine     `mean` +- `amplitude` in each `period`; every series begins elsewhere in it
//   steps    one of `levels`, another one after each `period`
//   counter  a whole number from `start` on that grows by `step` on average
//   spike    `mean`, and `amplitude` more for the time `period`, `part` of the time
//   pick     one of texts, with weights
struct SignalPlan {
  std::string name;
  SignalKind kind = SignalKind::kWalk;
  double start = 0, step = 1, min = -1e12, max = 1e12;
  double mean = 0, amplitude = 0, noise = 0;  // noise: deviation of what is added (sine, spike)
  double part = 0;
  Ticks period = 0;
  std::vector<double> levels = {};
  std::vector<std::pair<std::string, double>> picks = {};
  std::uint32_t decimals = 2;
};

struct FleetTag {
  std::string name;
  std::vector<std::string> values;
};

struct FleetPlan {
  std::vector<FleetTag> tags;
  std::vector<SignalPlan> fields;
  Ticks every = 0;  // a point of each series
  // When the first points were due, in ns since 1970; nothing: when they are first asked for.
  std::optional<std::int64_t> start;
  Ticks jitter = 0;  // a point bears a time up to so much later than it was due
  double missing = 0, duplicate = 0;
  double late = 0;  // this part of the points is sent `late_by` after its time
  Ticks late_by = 0;
  std::size_t churn_tag = 0;  // each of its values is replaced by a new one, in turn,
  Ticks churn_every = 0;      // after this time; 0: never

  static constexpr std::string_view kTime = "time";  // the name of the last column
  static constexpr std::size_t kMostSeries = 100'000'000;

  std::uint64_t Series() const;
  double PointsPerSecond() const;
  // Tags, fields, the time.
  std::size_t Columns() const { return tags.size() + fields.size() + 1; }
  std::string_view ColumnName(std::size_t column) const;
  ValueType ColumnType(std::size_t column) const;
  // Its number; Columns(): there is none.
  std::size_t FindColumn(std::string_view name) const;
};

}  // namespace mbench
