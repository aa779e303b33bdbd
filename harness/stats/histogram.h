// SPDX-License-Identifier: Apache-2.0
//
// Latency histogram with the buckets of HdrHistogram: 1 ns to 1 h, three significant digits.
//
// Values below 2048 have a cell each. Above, every power of two is cut into 1024 cells, so a cell
// is never wider than 1/1024 of its value:
//
//     shift = max(0, bit_width(value) - 11)        index = shift * 1024 + (value >> shift)
//
// This is HdrHistogram's layout for lowestDiscernibleValue 1, highestTrackableValue 3.6e12 and
// numberOfSignificantValueDigits 3 (Tene, http://hdrhistogram.org), index for index.
//
// Cells are kept in pages of one power of two each, made when first needed: latencies of one kind
// of op span a few powers of two, so a histogram takes 4 KiB (32-bit counts) for each of them and
// not 132 KiB.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
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

  BasicHistogram() = default;
  BasicHistogram(const BasicHistogram& other);  // copies the pages in use
  BasicHistogram& operator=(const BasicHistogram& other);
  BasicHistogram(BasicHistogram&&) noexcept = default;
  BasicHistogram& operator=(BasicHistogram&&) noexcept = default;

  // Values below 0 count as 0, values above one hour as one hour. Allocates when the value is the
  // first in its power of two, unless that was reserved.
  [[gnu::always_inline]] void Record(Ticks value) { ++Cell(IndexOf(value)); }
  void RecordMany(Ticks value, Count count) { Cell(IndexOf(value)) += count; }
  // REQUIRES: index < kCells.
  void RecordAt(std::size_t index, Count count) { Cell(index) += count; }

  // Makes the pages for lowest..highest now, so that recording such values allocates nothing.
  void Reserve(Ticks lowest, Ticks highest);

  // Into 64-bit counts from either, into 32-bit counts from 32-bit counts. REQUIRES: the sums fit.
  template <class Other>
  void Add(const BasicHistogram<Other>& other);
  // Takes away what was added before. REQUIRES: no cell becomes negative.
  template <class Other>
  void Subtract(const BasicHistogram<Other>& other);
  // Empty again, with its pages kept: recording into it allocates nothing that was there before.
  void Clear();

  bool Empty() const;
  std::uint64_t TotalCount() const;
  // The highest value that is in the same cell as the value at this percentile (0..100), as
  // HdrHistogram 2.1.11 and later answers: the smallest value that at least this part of the
  // samples does not exceed; for 0 the lowest value of the lowest cell in use; 0 when empty.
  Ticks ValueAtPercentile(double percentile) const;
  // Samples in cells that lie wholly above `value`.
  std::uint64_t CountAbove(Ticks value) const;
  Ticks Min() const;    // lowest value of the lowest cell in use; 0 when empty
  Ticks Max() const;    // highest value of the highest cell in use; 0 when empty
  double Mean() const;  // of the cells' middles; 0 when empty

  // Every cell in use, ascending: visit(index, count).
  template <class Visit>
  void ForEachCell(Visit visit) const;

  // Same counts in every cell; whether a page was made for an empty power of two does not matter.
  bool operator==(const BasicHistogram& other) const;

  static constexpr std::size_t IndexOf(Ticks value);
  static constexpr Ticks LowestOf(std::size_t index);
  static constexpr Ticks HighestOf(std::size_t index);

  std::size_t MemoryBytes() const;

 private:
  template <class Other>
  friend class BasicHistogram;
  using Page = std::array<Count, kPageCells>;

  Count& Cell(std::size_t index) {
    Page* page = pages_[index / kPageCells].get();
    if (page == nullptr) [[unlikely]]
      page = MakePage(index / kPageCells);
    return (*page)[index % kPageCells];
  }
  [[gnu::noinline, gnu::cold]] Page* MakePage(std::size_t number);

  static constexpr int ShiftOf(std::size_t index) {
    return index < 2 * kPageCells ? 0 : static_cast<int>(index / kPageCells) - 1;
  }

  std::array<std::unique_ptr<Page>, kPages> pages_;
};

using IntervalHistogram = BasicHistogram<std::uint32_t>;
using Histogram = BasicHistogram<std::uint64_t>;

template <class Count>
constexpr std::size_t BasicHistogram<Count>::IndexOf(Ticks value) {
  auto v = static_cast<std::uint64_t>(value);
  if (v > static_cast<std::uint64_t>(kHighestTrackable)) [[unlikely]]
    v = value < 0 ? 0 : static_cast<std::uint64_t>(kHighestTrackable);
  // The lowest eleven bits set give shift 0 to all values below 2048 without a branch.
  const auto shift = static_cast<std::size_t>(std::bit_width(v | (2 * kPageCells - 1))) - 11;
  return shift * kPageCells + static_cast<std::size_t>(v >> shift);
}

template <class Count>
constexpr Ticks BasicHistogram<Count>::LowestOf(std::size_t index) {
  const int shift = ShiftOf(index);
  return static_cast<Ticks>(index - static_cast<std::size_t>(shift) * kPageCells) << shift;
}

template <class Count>
constexpr Ticks BasicHistogram<Count>::HighestOf(std::size_t index) {
  return LowestOf(index) + (Ticks{1} << ShiftOf(index)) - 1;
}

template <class Count>
template <class Visit>
void BasicHistogram<Count>::ForEachCell(Visit visit) const {
  for (std::size_t number = 0; number < kPages; ++number) {
    if (pages_[number] == nullptr) continue;
    const Page& page = *pages_[number];
    for (std::size_t i = 0; i < kPageCells; ++i)
      if (page[i] != 0) visit(number * kPageCells + i, page[i]);
  }
}

extern template class BasicHistogram<std::uint32_t>;
extern template class BasicHistogram<std::uint64_t>;

}  // namespace mbench
