// SPDX-License-Identifier: Apache-2.0
//
// What the harness adds to an op: the whole hot loop of one worker against a driver that does
// nothing, with everything on: schedule, key choice and text, values, stamps, response, service,
// lag and delay histograms.
//
// Budgets: read 60 ns one by one, 40 ns in batches of 16; 50/50 read and update of 10 x 100 B 100
// ns.
#include <benchmark/benchmark.h>

#include <memory>

#include "drivers/registry.h"
#include "harness/engine/due_source.h"
#include "harness/engine/worker.h"

namespace mbench {
namespace {

constexpr std::uint64_t kOps = 200'000;

RunPlan PlanOf(double updates) {
  RunPlan plan;
  plan.data.records = 1'000'000;
  plan.keys.choose = KeyChoice::kZipfian;
  plan.mix.weights[static_cast<std::size_t>(Verb::kRead)] = 1 - updates;
  plan.mix.weights[static_cast<std::size_t>(Verb::kUpdate)] = updates;
  return plan;
}

// `slots` connections of one worker.
void RunNoop(benchmark::State& state, const RunPlan& plan, LoadModel model, std::uint32_t slots) {
  Clock::Calibrate();
  const DriverInfo* info = FindDriver("noop");
  const std::unique_ptr<Driver> driver = info->make(*OptionValues::Parse(info->options, {}));
  const auto session = driver->NewSession({.connections = slots});
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Recorder recorder(OpNames(plan.mix).size());
  WorkerGauge gauge;

  LoadPlan load;
  load.model = LoadModel::kOpen;
  // Due faster than it can go, so that the worker never waits.
  load.stages = {{.over = kSecond, .from = static_cast<double>(kOps)}};
  const LoadCurve curve(load);
  const std::vector<ClientStep> steps = {{0, slots}};

  for (auto _ : state) {
    PhaseTimes times;
    times.zero = Clock::Now() - kMinute;
    times.end = model == LoadModel::kOpen ? times.zero + kSecond : kNever;
    times.deadline = kNever;
    OpenSource open(ArrivalStream(&curve, Arrivals::kConstant, 1, 0, 1), nullptr, times.zero);
    ClosedSource closed({.steps = steps, .zero = times.zero, .ops = kOps});
    const bool is_open = model == LoadModel::kOpen;
    Worker({.source = is_open ? static_cast<DueSource*>(&open) : &closed,
            .workload = &workload,
            .session = session->get(),
            .recorder = &recorder,
            .gauge = &gauge,
            .times = &times,
            .slots = slots})
        .Run();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kOps));
  state.counters["ns_per_op"] =
      benchmark::Counter(static_cast<double>(state.iterations() * kOps) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_NoopRead(benchmark::State& state) {
  RunNoop(state, PlanOf(0), LoadModel::kClosed, static_cast<std::uint32_t>(state.range(0)));
}
BENCHMARK(BM_NoopRead)->Arg(1)->Arg(16)->Unit(benchmark::kMillisecond);

void BM_NoopReadOpen(benchmark::State& state) {
  RunNoop(state, PlanOf(0), LoadModel::kOpen, static_cast<std::uint32_t>(state.range(0)));
}
BENCHMARK(BM_NoopReadOpen)->Arg(1)->Arg(16)->Unit(benchmark::kMillisecond);

void BM_NoopHalfUpdates(benchmark::State& state) {
  RunNoop(state, PlanOf(0.5), LoadModel::kClosed, static_cast<std::uint32_t>(state.range(0)));
}
BENCHMARK(BM_NoopHalfUpdates)->Arg(1)->Arg(16)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mbench
