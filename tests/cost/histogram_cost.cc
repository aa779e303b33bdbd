// SPDX-License-Identifier: Apache-2.0
//
// What measuring itself costs. Budget: 5 ns for a record, 32 KiB for a histogram (DESIGN section
// 12).
#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "harness/base/rng.h"
#include "harness/stats/hlog_codec.h"
#include "harness/stats/interval_log.h"

namespace mbench {
namespace {

// Latencies of an embedded store: exponential above 1 us, one in a thousand in milliseconds.
std::vector<Ticks> StoreLatencies(std::size_t count) {
  Rng rng(1);
  std::vector<Ticks> samples(count);
  for (Ticks& sample : samples)
    sample = static_cast<Ticks>((rng.Below(1000) == 0 ? 2e6 : 4e3) * (0.25 + rng.Exponential()));
  return samples;
}

IntervalHistogram OneSecond() {
  IntervalHistogram histogram;
  for (const Ticks sample : StoreLatencies(200'000)) histogram.Record(sample);
  return histogram;
}

Histogram OneSecondSum() {
  Histogram histogram;
  histogram.Add(OneSecond());
  return histogram;
}

void RecordOneCell(benchmark::State& state) {
  IntervalHistogram histogram;
  Ticks value = 4321;
  for (auto _ : state) {
    benchmark::DoNotOptimize(value);
    histogram.Record(value);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(RecordOneCell);

void RecordSpreadValues(benchmark::State& state) {
  IntervalHistogram histogram;
  histogram.Reserve(0, kSecond);
  const std::vector<Ticks> samples = StoreLatencies(1 << 16);
  std::size_t i = 0;
  for (auto _ : state) {
    histogram.Record(samples[i++ & 0xffff]);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(OneSecond().MemoryBytes());
}
BENCHMARK(RecordSpreadValues);

// Any power of two up to an hour is as likely as any other: no cache line is warm.
void RecordWholeRange(benchmark::State& state) {
  IntervalHistogram histogram;
  histogram.Reserve(0, kHour);
  Rng rng(2);
  std::vector<Ticks> samples(1 << 16);
  for (Ticks& sample : samples) sample = static_cast<Ticks>(rng.Next() >> (22 + rng.Below(42)));
  std::size_t i = 0;
  for (auto _ : state) {
    histogram.Record(samples[i++ & 0xffff]);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(RecordWholeRange);

void MergeInterval(benchmark::State& state) {
  const IntervalHistogram interval = OneSecond();
  Histogram sum;
  for (auto _ : state) {
    sum.Add(interval);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(MergeInterval);

void ClearInterval(benchmark::State& state) {
  IntervalHistogram interval = OneSecond();
  for (auto _ : state) {
    interval.Clear();
    benchmark::ClobberMemory();
  }
}
BENCHMARK(ClearInterval);

void Percentile99(benchmark::State& state) {
  const Histogram sum = OneSecondSum();
  for (auto _ : state) benchmark::DoNotOptimize(sum.ValueAtPercentile(99));
}
BENCHMARK(Percentile99);

void EncodeHistogram(benchmark::State& state) {
  const Histogram sum = OneSecondSum();
  HlogEncoder encoder;
  std::string text;
  for (auto _ : state) {
    text.clear();
    encoder.AppendTo(sum, &text);
  }
  state.counters["characters"] = static_cast<double>(text.size());
}
BENCHMARK(EncodeHistogram)->Unit(benchmark::kMicrosecond);

void DecodeHistogram(benchmark::State& state) {
  std::string text;
  HlogEncoder().AppendTo(OneSecondSum(), &text);
  HlogDecoder decoder;
  Histogram histogram;
  for (auto _ : state)
    if (!decoder.Decode(text, &histogram)) state.SkipWithError("cannot be decoded");
}
BENCHMARK(DecodeHistogram)->Unit(benchmark::kMicrosecond);

// A second of a run with two ops: response, service, lag, delay and total.
Interval TwoOps() {
  Interval interval{.begin = 0, .end = kSecond};
  interval.ops.resize(2);
  for (OpStats& op : interval.ops) op.response[0] = op.service = OneSecondSum();
  interval.lag = interval.delay = OneSecondSum();
  return interval;
}
const std::array<std::string, 2> kNames = {"read", "update"};

void EncodeInterval(benchmark::State& state) {
  const Interval interval = TwoOps();
  IntervalLogWriter writer;
  if (!writer.Open("/dev/null", {})) return state.SkipWithError("/dev/null cannot be written");
  for (auto _ : state)
    if (!writer.Append(interval, kNames)) state.SkipWithError("a line was not taken");
}
BENCHMARK(EncodeInterval)->Unit(benchmark::kMicrosecond);

// Per interval; a run of 24 hours has 86400.
void ReadLog(benchmark::State& state) {
  constexpr int kIntervals = 200;
  std::string folder = std::filesystem::temp_directory_path() / "mbench_cost_XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return state.SkipWithError("no temporary folder");
  const std::string path = folder + "/latency.hlog";
  IntervalLogWriter writer;
  bool written = writer.Open(path, {}).has_value();
  const Interval two_ops = TwoOps();
  for (int i = 0; i < kIntervals; ++i) written &= writer.Append(two_ops, kNames).has_value();
  if (!written) state.SkipWithError("the log was not written");
  Interval interval;
  for (auto _ : state) {
    IntervalLogReader reader;
    if (!reader.Open(path)) state.SkipWithError("the log was not read");
    while (reader.NextInterval(kNames, &interval).value_or(false)) continue;
  }
  std::filesystem::remove_all(folder);
  using Counter = benchmark::Counter;
  state.counters["per_interval"] =
      Counter(kIntervals, Counter::kIsIterationInvariantRate | Counter::kInvert);
}
BENCHMARK(ReadLog)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mbench
