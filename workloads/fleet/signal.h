// SPDX-License-Identifier: Apache-2.0
//
// The values of one field of a fleet, as text. Each is a pure function of the seed, the number of
// the series and the number of the point in it: any of them can be made by itself, in any order.
//
// A walk cannot add up its steps then. It is the sum of noises that are each straight between
// random values 1, 16, 256 ... points apart, four times as high at each level: over n points it
// moves by about step * sqrt(n), as a walk does (the midpoint displacement of Fournier, Fussell and
// Carpenter, 1982, from above). What would leave min..max is mirrored back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/plan/fleet.h"
#include "workloads/alias_table.h"

namespace mbench {

// Thread: any; immutable.
class Signal {
 public:
  // `seed`: of the field. `every`: between two points.
  Signal(const SignalPlan& plan, std::uint64_t seed, Ticks every);

  // Bytes of a value at most.
  std::size_t MostBytes() const { return most_bytes_; }
  // Writes the value of point `n` of a series at `to`, which has room for MostBytes() and for 32
  // bytes at least; returns its end.
  char* Write(std::uint64_t series, std::uint64_t n, char* to) const;

 private:
  static constexpr std::size_t kLevels = 6;

  double Walk(std::uint64_t key, std::uint64_t n) const;
  double Sine(std::uint64_t key, std::uint64_t n) const;
  double Spike(std::uint64_t key, std::uint64_t n) const;
  std::uint64_t Count(std::uint64_t key, std::uint64_t n) const;
  char* WriteNumber(double value, char* to) const;

  SignalKind kind_;
  std::uint64_t seed_;
  SignalPlan plan_;
  double scale_ = 1;  // 10 to the power of decimals
  double range_ = 0;
  std::size_t levels_ = kLevels;  // of a walk
  double per_point_ = 0;          // part of a period
  std::uint64_t period_points_ = 1;
  AliasTable weights_;
  std::vector<std::string> texts_;  // of picks
  std::size_t most_bytes_ = 32;
};

}  // namespace mbench
