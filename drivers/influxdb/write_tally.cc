// SPDX-License-Identifier: Apache-2.0
#include "drivers/influxdb/write_tally.h"

#include <algorithm>
#include <charconv>
#include <functional>

namespace mbench::influx {
namespace {

template <class Better>
void Improve(std::atomic<std::int64_t>* best, std::int64_t value, Better better) {
  std::int64_t known = best->load(std::memory_order_relaxed);
  while (better(value, known) && !best->compare_exchange_weak(known, value)) {
  }
}

}  // namespace

void WriteTally::Add(const Request& request, std::size_t statement,
                     std::span<const std::string_view> arguments) {
  if (!written_ || !request.shape.time) return;
  const std::size_t of_point = request.shape.arguments;
  const std::size_t time = request.shape.time->OnlyArgument();
  std::uint64_t points = 0;
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = -first;
  for (std::size_t at = 0; at + of_point <= arguments.size(); at += of_point) {
    const auto point = arguments.subspan(at, of_point);
    if (at > 0 && std::ranges::equal(point, arguments.subspan(at - of_point, of_point))) continue;
    // Counted is the first field: a point without it is not seen there.
    if (const auto first_field = request.shape.fields[0].OnlyArgument();
        first_field < point.size() && point[first_field].data() == nullptr)
      continue;
    std::int64_t ns = 0;
    std::from_chars(point[time].data(), point[time].data() + point[time].size(), ns);
    first = std::min(first, ns);
    last = std::max(last, ns);
    ++points;
  }
  if (points == 0) return;
  Written& written = written_[statement];
  written.points.fetch_add(points, std::memory_order_relaxed);
  Improve(&written.first, first, std::less<>());
  Improve(&written.last, last, std::greater<>());
}

}  // namespace mbench::influx
