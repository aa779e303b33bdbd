// SPDX-License-Identifier: Apache-2.0
//
// The points that a fleet sends, in the order in which it sends them.
//
// Its places go through all series once for each tick of `every`: place k is series k % Series(),
// point k / Series(), due at start + that * every. The number of a place says when it is due, so a
// system that stalls gets its points late, and not fewer of them.
//
//     place        k  k+1 k+2 ...
//     sends        its own point, but for one that is missing or late
//                  and once more, for one that comes twice
//                  and the one that was due `late_by` before and was late
//
// All of it is a pure function of the seed and the place, whoever asks, in any order.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/fleet.h"
#include "workloads/fleet/signal.h"

namespace mbench {

struct FleetPoint {
  std::uint64_t series = 0;
  std::uint64_t number = 0;  // in its series
};

// Thread: any; immutable.
class Fleet {
 public:
  // Points that one place sends at most.
  static constexpr std::size_t kMostOfPlace = 4;

  Fleet(FleetPlan plan, std::uint64_t seed);

  const FleetPlan& Plan() const { return plan_; }
  std::uint64_t Series() const { return series_; }
  FleetPoint At(std::uint64_t place) const { return {place % series_, place / series_}; }

  // Of the place behind that of `point`.
  FleetPoint Next(FleetPoint point) const {
    if (++point.series < series_) return point;
    return {0, point.number + 1};
  }

  // What a place sends, of which `own` is the point: the first so many of `points`.
  std::size_t SentAt(const FleetPoint& own, std::span<FleetPoint, kMostOfPlace> points) const;

  // What so many places send at most.
  std::size_t MostSentBy(std::size_t places) const {
    return plain_ ? places : places * kMostOfPlace;
  }

  // Room for the columns of a point, for Write.
  std::size_t MostBytes() const { return most_bytes_; }
  // The value of a column: written at *to, which is moved behind it, or in the fleet itself.
  // `start`: of the fleet, in ns since 1970.
  std::string_view Write(const FleetPoint& point, std::size_t column, std::int64_t start,
                         char** to) const;

 private:
  // What is drawn for a point: 20 bits for each thing that may happen to it.
  std::uint64_t DrawOf(const FleetPoint& point) const;
  std::string_view WriteTag(const FleetPoint& point, std::size_t tag, char** to) const;
  std::uint64_t Generation(const FleetPoint& point, std::uint64_t value) const;

  const FleetPlan plan_;
  const std::uint64_t seed_, series_;
  std::uint64_t late_points_ = 0;             // how many points of a series later a late one comes
  bool plain_ = true;                         // each place sends its own point, and that is all
  std::uint64_t missing_, duplicate_, late_;  // of 2^20
  std::vector<std::uint64_t> strides_;        // by tag: series that differ in the tags behind it
  // Values of all tags, series by series, unless that would be too many: dividing takes longer than
  // all else that a tag needs.
  std::vector<std::string_view> values_;
  std::vector<Signal> signals_;
  std::size_t most_bytes_ = 0;
};

// What the workers of a run share of it. Thread: any.
class SharedFleet {
 public:
  SharedFleet(FleetPlan plan, std::uint64_t seed) : fleet_(std::move(plan), seed) {}

  const Fleet& Points() const { return fleet_; }
  // The next places, for one op.
  std::uint64_t Take(std::uint64_t places) {
    return next_.fetch_add(places, std::memory_order_relaxed);
  }
  // Places taken so far.
  std::uint64_t Taken() const { return next_.load(std::memory_order_relaxed); }
  // When its first point was due: as the plan says, else when this was asked first.
  std::int64_t Start();

 private:
  const Fleet fleet_;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<std::int64_t> start_{0};
};

}  // namespace mbench
