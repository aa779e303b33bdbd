// SPDX-License-Identifier: Apache-2.0
//
// Latency histogram with the buckets of HdrHistogram: 1 ns to 1 h, three significant decimal digits.
//
// Values below 2048 have a cell each. Above, every power of two is cut into 1024 cells, so a cell is never
// wider than 1/1024 of its value:
//
//     shift = max(0, bit_width(value) - 11)        index = shift * 1024 + (value >> shift)
//
// This is HdrHistogram's layout for lowestDiscernibleValue 1, highestTrackableValue 3.6e12 and
// numberOfSignificantValueDigits 3 (Tene, http://hdrhistogram.org), index for index.
//
// Cells are kept in pages of one power of two each, made when first needed: latencies of one kind of op
// span a few powers of two, so a histogram takes 4 KiB (32-bit counts) for each of them and not 132 KiB.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>

#include "harness/base/clock.h"

namespace mbench {

inline constexpr Ticks kHighestTrackable = kHour;

// Count: std::uint32_t while recording (one interval of one thread), std::uint64_t for sums.
// Thread: one at a time.
template <class Count>
class BasicHistogram {
 public:
  static constexpr std::size_t kPageCells = 1024;
  static constexpr std::size_t kPages = 33;  // 0..2047 ns take two
  static constexpr std::size_t kCells = kPages * kPageCells;

  // Values below 0 count as 0, values above one hour as one hour.
  void Record(Ticks value) { ++Cell(IndexOf(value)); }
  void RecordMany(Ticks value, Count count) { Cell(IndexOf(value)) += count; }

  template <class Other>
  void Add(const BasicHistogram<Other>& other);
  // Takes away what was added before. REQUIRES: no cell becomes negative.
  template <class Other>
  void Subtract(const BasicHistogram<Other>& other);
  // Empty again, with its pages kept: recording into it allocates nothing that was there before.
  void Clear();

  bool Empty() const { return TotalCount() == 0; }
  std::uint64_t TotalCount() const;
  // The highest value that is in the same cell as the value at this percentile (0..100), as HdrHistogram
  // answers; 0 when empty.
  Ticks ValueAtPercentile(double percentile) const;
  // Samples in cells that lie wholly above `value`.
  std::uint64_t CountAbove(Ticks value) const;
  Ticks Min() const;  // lowest value of the lowest cell in use
  Ticks Max() const;  // highest value of the highest cell in use
  double Mean() const;  // of the cells' middles

  // Every cell in use, ascending: visit(index, count).
  template <class Visit>
  void ForEachCell(Visit visit) const;

  static std::size_t IndexOf(Ticks value);
  static Ticks LowestOf(std::size_t index);
  static Ticks HighestOf(std::size_t index);

  std::size_t MemoryBytes() const;

 private:
  template <class Other>
  friend class BasicHistogram;
  using Page = std::array<Count, kPageCells>;

  Count& Cell(std::size_t index);

  std::array<std::unique_ptr<Page>, kPages> pages_;
};

using IntervalHistogram = BasicHistogram<std::uint32_t>;
using Histogram = BasicHistogram<std::uint64_t>;

}  // namespace mbench
