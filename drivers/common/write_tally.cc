// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/write_tally.h"

#include <algorithm>
#include <charconv>
#include <functional>

namespace mbench {
namespace {

template <class Better>
void Improve(std::atomic<std::int64_t>* best, std::int64_t value, Better better) {
  std::int64_t known = best->load(std::memory_order_relaxed);
  while (better(value, known) && !best->compare_exchange_weak(known, value)) {
  }
}

}  // namespace

void WriteTally::Add(const PointShape& shape, std::size_t statement,
                     std::span<const std::string_view> arguments) {
  if (!written_ || !shape.time) return;
  const std::size_t of_point = shape.arguments;
  const std::size_t time = shape.time->OnlyArgument();
  std::uint64_t points = 0, repeats = 0;
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = -first;
  for (std::size_t at = 0; at + of_point <= arguments.size(); at += of_point) {
    const auto point = arguments.subspan(at, of_point);
    // Counted is the first field: a point without it is not seen there.
    if (const std::size_t first_field = shape.fields[0].OnlyArgument();
        first_field < point.size() && point[first_field].data() == nullptr)
      continue;
    if (at > 0 && std::ranges::equal(point, arguments.subspan(at - of_point, of_point))) {
      ++repeats;
      continue;
    }
    ++points;
    std::int64_t ns = 0;
    const char* const end = point[time].data() + point[time].size();
    if (std::from_chars(point[time].data(), end, ns).ec != std::errc()) continue;  // no time at all
    first = std::min(first, ns);
    last = std::max(last, ns);
  }
  if (points == 0) return;
  Written& written = written_[statement];
  written.points.fetch_add(points, std::memory_order_relaxed);
  written.repeats.fetch_add(repeats, std::memory_order_relaxed);
  Improve(&written.first, first, std::less<>());
  Improve(&written.last, last, std::greater<>());
}

}  // namespace mbench
