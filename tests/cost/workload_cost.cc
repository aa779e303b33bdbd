// SPDX-License-Identifier: Apache-2.0
//
// What the workload generators cost per draw, per key, per value and per whole operation.
#include <benchmark/benchmark.h>

#include <string>

#include "workloads/keys/key_text.h"
#include "workloads/values/value_maker.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

constexpr std::uint64_t kRecords = 1'000'000;

RunPlan Plan(KeyChoice choose, double read, double update) {
  RunPlan plan;
  plan.data.records = kRecords;
  plan.keys.choose = choose;
  plan.mix.weights[static_cast<std::size_t>(Verb::kRead)] = read;
  plan.mix.weights[static_cast<std::size_t>(Verb::kUpdate)] = update;
  return plan;
}

void ChooseKey(benchmark::State& state, KeyChoice choose) {
  const RunPlan plan = Plan(choose, 1, 0);
  const auto records = MakeSharedRecords(plan);
  KeyChooser chooser(plan, records.get());
  Rng rng(1);
  for (auto _ : state) benchmark::DoNotOptimize(chooser.Next(rng));
}
BENCHMARK_CAPTURE(ChooseKey, uniform, KeyChoice::kUniform);
BENCHMARK_CAPTURE(ChooseKey, sequential, KeyChoice::kSequential);
BENCHMARK_CAPTURE(ChooseKey, zipfian, KeyChoice::kZipfian);
BENCHMARK_CAPTURE(ChooseKey, scrambled, KeyChoice::kScrambled);
BENCHMARK_CAPTURE(ChooseKey, latest, KeyChoice::kLatest);
BENCHMARK_CAPTURE(ChooseKey, hotspot, KeyChoice::kHotspot);
BENCHMARK_CAPTURE(ChooseKey, exponential, KeyChoice::kExponential);

void MakeZipfTable(benchmark::State& state) {
  const auto ranks = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) {
    const ZipfTable table(ranks, 0.99);
    benchmark::DoNotOptimize(&table);
  }
}
BENCHMARK(MakeZipfTable)->Arg(1'000'000)->Arg(10'000'000'000)->Unit(benchmark::kMicrosecond);

void WriteKey(benchmark::State& state, KeyOrder order) {
  const KeyText text({.order = order});
  std::string key;
  Rng rng(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(text.Write(rng.Below(kRecords), &key));
  }
}
BENCHMARK_CAPTURE(WriteKey, hashed, KeyOrder::kHashed);
BENCHMARK_CAPTURE(WriteKey, ordered, KeyOrder::kOrdered);

void WriteRecord(benchmark::State& state, ValuePlan plan) {
  const ValueMaker maker(plan, 1);
  std::string value;
  std::uint64_t n = 0;
  for (auto _ : state) {
    maker.WriteRecord(n % kRecords, n, &value);
    benchmark::DoNotOptimize(value.data());
    ++n;
  }
}
BENCHMARK_CAPTURE(WriteRecord, ten_of_100_bytes, ValuePlan{});
BENCHMARK_CAPTURE(WriteRecord, one_of_100_bytes, ValuePlan{.fields = 1, .size = {}});
BENCHMARK_CAPTURE(WriteRecord, one_of_1000_bytes, ValuePlan{.fields = 1, .size = {.max = 1000}});
BENCHMARK_CAPTURE(WriteRecord, ten_of_1_to_100_bytes,
                  ValuePlan{.size = {.choose = SizeChoice::kUniform}});

void CheckRecord(benchmark::State& state) {
  const ValueMaker maker(ValuePlan{}, 1);
  std::string value;
  maker.WriteRecord(1, 1, &value);
  for (auto _ : state) benchmark::DoNotOptimize(maker.MatchesRecord(1, value));
}
BENCHMARK(CheckRecord);

void NextOp(benchmark::State& state, RunPlan plan) {
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Request request;
  for (auto _ : state) {
    workload.Next(&request);
    benchmark::DoNotOptimize(&request);
    workload.Done(request, Outcome::kOk);
  }
}
BENCHMARK_CAPTURE(NextOp, read, Plan(KeyChoice::kZipfian, 1, 0));
BENCHMARK_CAPTURE(NextOp, read_scrambled, Plan(KeyChoice::kScrambled, 1, 0));
BENCHMARK_CAPTURE(NextOp, update, Plan(KeyChoice::kZipfian, 0, 1));
BENCHMARK_CAPTURE(NextOp, half_read_half_update, Plan(KeyChoice::kZipfian, 50, 50));

void NextInsert(benchmark::State& state) {
  RunPlan plan = Plan(KeyChoice::kLatest, 0, 0);
  plan.mix.weights[static_cast<std::size_t>(Verb::kInsert)] = 1;
  NextOp(state, plan);
}
BENCHMARK(NextInsert);

}  // namespace
}  // namespace mbench
