// SPDX-License-Identifier: Apache-2.0
//
// What the workload generators cost per draw, per key, per value and per whole operation.
#include <benchmark/benchmark.h>

#include <string>

#include "drivers/common/point_lines.h"
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

// ---- points of a fleet, made and written as lines, without a server ----

// A walk and a text, as in workloads/scenarios/iot-influx.yaml.
RunPlan FleetOf(std::uint32_t batch) {
  FleetPlan fleet;
  fleet.tags = {{"site", {"site-1", "site-2"}},
                {"machine", {"m-1", "m-22", "m-333"}},
                {"sensor", {"vibration", "temperature", "current", "speed", "pressure"}}};
  fleet.fields = {
      {.name = "value", .start = 20, .step = 0.1, .min = 0, .max = 100},
      {.name = "quality", .kind = SignalKind::kPick, .picks = {{"good", 99}, {"bad", 1}}}};
  fleet.every = 10 * kMillisecond;
  fleet.late = 0.01;
  fleet.late_by = 30 * kSecond;
  fleet.missing = 0.001;
  RunPlan plan;
  plan.mix.fleet = std::make_shared<FleetPlan>(fleet);
  plan.mix.statements = {{.name = "ingest",
                          .weight = 1,
                          .arguments = {"value", "quality", "site", "machine", "sensor", "time"},
                          .batch = batch}};
  return plan;
}

PointColumn ColumnOf(const StatementSpec& statement, const std::string& name, ValueType type) {
  const std::string text = "{" + name + "}";
  return {.name = name, .value = *TextTemplate::Parse(text, statement.arguments), .type = type};
}

void MakePointsAsLines(benchmark::State& state, bool lines) {
  constexpr std::uint32_t kBatch = 5000;
  const RunPlan plan = FleetOf(kBatch);
  const StatementSpec& ingest = plan.mix.statements[0];
  PointShape shape{.table = "sensors", .arguments = ingest.arguments.size()};
  for (const char* const tag : {"site", "machine", "sensor"})
    shape.tags.push_back(ColumnOf(ingest, tag, ValueType::kText));
  shape.fields = {ColumnOf(ingest, "value", ValueType::kDouble),
                  ColumnOf(ingest, "quality", ValueType::kText)};
  shape.time = ColumnOf(ingest, "time", ValueType::kInteger);
  const PointLines writer(shape, TimeUnit::kMilliseconds);
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Request request;
  std::string out;
  std::size_t points = 0;
  for (auto _ : state) {
    workload.Next(&request);
    out.clear();
    points += lines ? writer.AppendTo(request.op.arguments, &out)
                    : shape.PointsIn(request.op.arguments.size());
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["per_point"] = benchmark::Counter(
      static_cast<double>(points), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(MakePointsAsLines, made, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(MakePointsAsLines, made_and_written, true)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mbench
