// SPDX-License-Identifier: Apache-2.0
//
// What the sessions of a run have written together, for the remarks on it and for the question what
// of it is there (verify: {writes: true}).
//
// A point is told by its series and its time, so what was acknowledged can be counted afterwards:
// there have to be as many points between the first and the last time as there were different ones.
// One that is sent twice in a row, as a fleet does with duplicates, counts once, and is a repeat to
// a system that keeps both.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>

#include "drivers/common/point_shape.h"

namespace mbench {

// Thread: any, once it is made.
class WriteTally {
 public:
  struct Written {
    std::atomic<std::uint64_t> points{0};   // different ones, acknowledged
    std::atomic<std::uint64_t> repeats{0};  // the same again
    std::atomic<std::int64_t> first{std::numeric_limits<std::int64_t>::max()};  // ns since 1970
    std::atomic<std::int64_t> last{std::numeric_limits<std::int64_t>::min()};
  };

  // From now on points are looked at. `statements`: as many as the run has.
  void Look(std::size_t statements) { written_ = std::make_unique<Written[]>(statements); }
  // REQUIRES: Look.
  const Written& Of(std::size_t statement) const { return written_[statement]; }

  // A batch was written as a whole.
  void Add(const PointShape& shape, std::size_t statement,
           std::span<const std::string_view> arguments);
  void AddPartial(std::uint64_t dropped) {
    partial_.fetch_add(1, std::memory_order_relaxed);
    dropped_.fetch_add(dropped, std::memory_order_relaxed);
  }
  std::uint64_t Partial() const { return partial_; }  // batches of which a part was written
  std::uint64_t Dropped() const { return dropped_; }  // points of those that were not

 private:
  std::atomic<std::uint64_t> partial_{0}, dropped_{0};
  std::unique_ptr<Written[]> written_;
};

}  // namespace mbench
