// SPDX-License-Identifier: Apache-2.0
//
// The floor under the engine: what a loop in plain C costs that does an op of engine_cost.cc for
// nobody. It draws a record by a zipfian table, hashes it, writes its key, reads the clock before
// and after a batch, and counts four times. It has no drivers, no models, no connections that may
// be busy, no seconds, no errors; BM_NoopRead has, and should cost at most 1.3 times as much.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/rng.h"
#include "workloads/keys/zipf_table.h"

namespace mbench {
namespace {

constexpr std::uint64_t kRecords = 1'000'000;
constexpr std::uint64_t kOps = 200'000;

std::uint64_t Fnv(std::uint64_t number) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (int i = 0; i < 8; ++i) {
    hash = (hash ^ (number & 0xff)) * 0x100000001b3;
    number >>= 8;
  }
  return hash >> 63 ? ~hash + 1 : hash;
}

struct Key {
  std::array<char, 24> text{'u', 's', 'e', 'r'};
  std::size_t size = 0;

  void Write(std::uint64_t number) {
    std::array<char, 20> digits{};
    std::size_t count = 0;
    do digits[count++] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    for (std::size_t i = 0; i < count; ++i) text[4 + i] = digits[count - 1 - i];
    size = 4 + count;
  }
};

// Cells as in harness/stats/histogram.h, all of them there from the start.
struct Counts {
  std::vector<std::uint32_t> cells = std::vector<std::uint32_t>(33 * 1024);
  void Record(Ticks value) {
    const auto v = static_cast<std::uint64_t>(std::max<Ticks>(value, 0));
    const auto shift = static_cast<std::size_t>(std::bit_width(v | 2047)) - 11;
    ++cells[shift * 1024 + (v >> shift)];
  }
};

void BM_PlainLoop(benchmark::State& state) {
  Clock::Calibrate();
  const ZipfTable popularity(kRecords, 0.99);
  const auto batch = static_cast<std::size_t>(state.range(0));
  Rng rng(42);
  Counts response, service, lag, delay;
  std::vector<Key> keys(batch);
  for (auto _ : state) {
    Ticks free_since = Clock::Now();
    for (std::uint64_t op = 0; op < kOps; op += batch) {
      const Ticks planned = free_since;
      for (Key& key : keys) key.Write(Fnv(popularity.Draw(rng)));
      const Ticks started = Clock::Now();
      benchmark::DoNotOptimize(keys.data());
      benchmark::ClobberMemory();
      const Ticks finished = Clock::Now();
      for (std::size_t i = 0; i < batch; ++i) {
        response.Record(finished - planned);
        service.Record(finished - started);
        lag.Record(started - planned);
        delay.Record(started - std::max(planned, free_since));
      }
      free_since = finished;
    }
  }
  state.counters["ns_per_op"] =
      benchmark::Counter(static_cast<double>(state.iterations() * kOps) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_PlainLoop)->Arg(1)->Arg(16)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mbench
