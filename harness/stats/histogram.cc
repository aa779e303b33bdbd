// SPDX-License-Identifier: Apache-2.0
//
// Everything of a histogram that is not on the way of an op.
//
// Sums go page by page over plain arrays, which the compiler turns into vector code; a page that
// was never made costs one comparison.
#include "harness/stats/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "harness/base/check.h"

namespace mbench {
namespace {

template <class Page>
std::uint64_t Sum(const Page& page) {
  return std::accumulate(page.begin(), page.end(), std::uint64_t{0});
}

template <class Page>
bool IsZero(const Page& page) {
  return std::all_of(page.begin(), page.end(), [](auto count) { return count == 0; });
}

// How many samples, from the lowest up, reach the percentile: HdrHistogram's rounding. The
// percentile is first moved down by the smallest step, because 99.9 % of 41000 samples, which is
// 40959, comes out as 40959.00000000001 and would be rounded up to one sample more.
std::uint64_t CountAtPercentile(double percentile, std::uint64_t total) {
  const double below = std::nextafter(percentile, -std::numeric_limits<double>::infinity());
  const double wanted = std::clamp(below, 0.0, 100.0) * static_cast<double>(total) / 100.0;
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(wanted)));
}

}  // namespace

template <class Count>
BasicHistogram<Count>::BasicHistogram(const BasicHistogram& other) {
  *this = other;
}

template <class Count>
BasicHistogram<Count>& BasicHistogram<Count>::operator=(const BasicHistogram& other) {
  if (this == &other) return *this;
  Clear();
  Add(other);
  return *this;
}

template <class Count>
typename BasicHistogram<Count>::Page* BasicHistogram<Count>::MakePage(std::size_t number) {
  pages_[number] = std::make_unique<Page>();  // zeros
  return pages_[number].get();
}

template <class Count>
void BasicHistogram<Count>::Reserve(Ticks lowest, Ticks highest) {
  const std::size_t last = IndexOf(highest) / kPageCells;
  for (std::size_t number = IndexOf(lowest) / kPageCells; number <= last; ++number)
    if (pages_[number] == nullptr) MakePage(number);
}

template <class Count>
template <class Other>
void BasicHistogram<Count>::Add(const BasicHistogram<Other>& other) {
  static_assert(sizeof(Count) >= sizeof(Other), "a sum of 64-bit counts needs 64 bits");
  for (std::size_t number = 0; number < kPages; ++number) {
    if (other.pages_[number] == nullptr) continue;
    const auto& from = *other.pages_[number];
    if (pages_[number] == nullptr && IsZero(from)) continue;
    Page& to = pages_[number] == nullptr ? *MakePage(number) : *pages_[number];
    for (std::size_t i = 0; i < kPageCells; ++i) to[i] += from[i];
  }
}

template <class Count>
template <class Other>
void BasicHistogram<Count>::Subtract(const BasicHistogram<Other>& other) {
  static_assert(sizeof(Count) >= sizeof(Other), "as for Add");
  for (std::size_t number = 0; number < kPages; ++number) {
    if (other.pages_[number] == nullptr || IsZero(*other.pages_[number])) continue;
    MB_CHECK(pages_[number] != nullptr, "nothing was added to page {}", number);
    const auto& from = *other.pages_[number];
    Page& to = *pages_[number];
    bool enough = true;
    for (std::size_t i = 0; i < kPageCells; ++i) {
      enough &= to[i] >= from[i];
      to[i] -= from[i];
    }
    MB_CHECK(enough, "more is taken from page {} than was added", number);
  }
}

template <class Count>
void BasicHistogram<Count>::Clear() {
  for (auto& page : pages_)
    if (page != nullptr) page->fill(0);
}

template <class Count>
bool BasicHistogram<Count>::Empty() const {
  return std::all_of(pages_.begin(), pages_.end(),
                     [](const auto& page) { return page == nullptr || IsZero(*page); });
}

template <class Count>
std::uint64_t BasicHistogram<Count>::TotalCount() const {
  std::uint64_t total = 0;
  for (const auto& page : pages_)
    if (page != nullptr) total += Sum(*page);
  return total;
}

template <class Count>
Ticks BasicHistogram<Count>::ValueAtPercentile(double percentile) const {
  const std::uint64_t total = TotalCount();
  if (total == 0) return 0;
  // The binary fraction may ask for more than there is when the count has more than 53 bits.
  std::uint64_t left = std::min(CountAtPercentile(percentile, total), total);
  for (std::size_t number = 0; number < kPages; ++number) {
    if (pages_[number] == nullptr) continue;
    const Page& page = *pages_[number];
    const std::uint64_t in_page = Sum(page);
    if (in_page < left) {
      left -= in_page;
      continue;
    }
    std::size_t i = 0;
    for (; page[i] < left; ++i) left -= page[i];
    const std::size_t index = number * kPageCells + i;
    return percentile == 0 ? LowestOf(index) : HighestOf(index);
  }
  return 0;
}

template <class Count>
std::uint64_t BasicHistogram<Count>::CountAbove(Ticks value) const {
  if (value < 0) return TotalCount();
  const std::size_t first = IndexOf(value) + 1;
  std::uint64_t above = 0;
  for (std::size_t number = first / kPageCells; number < kPages; ++number) {
    if (pages_[number] == nullptr) continue;
    const Page& page = *pages_[number];
    const std::size_t skip = number == first / kPageCells ? first % kPageCells : 0;
    above = std::accumulate(page.begin() + static_cast<std::ptrdiff_t>(skip), page.end(), above);
  }
  return above;
}

template <class Count>
Ticks BasicHistogram<Count>::Min() const {
  return ValueAtPercentile(0);
}

template <class Count>
Ticks BasicHistogram<Count>::Max() const {
  for (std::size_t number = kPages; number-- > 0;) {
    if (pages_[number] == nullptr) continue;
    for (std::size_t i = kPageCells; i-- > 0;)
      if ((*pages_[number])[i] != 0) return HighestOf(number * kPageCells + i);
  }
  return 0;
}

template <class Count>
double BasicHistogram<Count>::Mean() const {
  double sum = 0;
  double total = 0;
  ForEachCell([&](std::size_t index, Count count) {
    const Ticks middle = LowestOf(index) + ((Ticks{1} << ShiftOf(index)) >> 1);
    sum += static_cast<double>(middle) * static_cast<double>(count);
    total += static_cast<double>(count);
  });
  return total == 0 ? 0 : sum / total;
}

template <class Count>
bool BasicHistogram<Count>::operator==(const BasicHistogram& other) const {
  for (std::size_t number = 0; number < kPages; ++number) {
    const Page* a = pages_[number].get();
    const Page* b = other.pages_[number].get();
    if (a != nullptr && b != nullptr ? *a != *b : (a && !IsZero(*a)) || (b && !IsZero(*b)))
      return false;
  }
  return true;
}

template <class Count>
std::size_t BasicHistogram<Count>::MemoryBytes() const {
  const auto made =
      std::count_if(pages_.begin(), pages_.end(), [](const auto& page) { return page != nullptr; });
  return sizeof(*this) + static_cast<std::size_t>(made) * sizeof(Page);
}

template class BasicHistogram<std::uint32_t>;
template class BasicHistogram<std::uint64_t>;
template void IntervalHistogram::Add(const IntervalHistogram&);
template void IntervalHistogram::Subtract(const IntervalHistogram&);
template void Histogram::Add(const IntervalHistogram&);
template void Histogram::Subtract(const IntervalHistogram&);
template void Histogram::Add(const Histogram&);
template void Histogram::Subtract(const Histogram&);

}  // namespace mbench
