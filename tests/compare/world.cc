// SPDX-License-Identifier: Apache-2.0
#include "tests/compare/world.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "reports/compare/random.h"
#include "reports/compare/run_blocks.h"

namespace mbench {
namespace {

constexpr double kSlowestFrom = 1.645;  // 95 % of a normal distribution lie below
constexpr double kMedianNs = 1e6;

// Calls visit(second, log latency) for every request of a run.
template <class Visit>
void Simulate(const World& world, const Planted& planted, Rng* rng, Visit visit) {
  const double run = world.run_deviation * DrawNormal(rng);
  const double fresh = std::sqrt(1 - world.second_memory * world.second_memory);
  double second = DrawNormal(rng);
  for (int i = 0; i < world.seconds; ++i) {
    const double level = run + world.second_deviation * second + planted.all;
    const double expected = world.requests_per_s * std::exp(-level);
    const auto requests = static_cast<int>(expected + rng->Unit());
    for (int k = 0; k < requests; ++k) {
      const double request = DrawNormal(rng);
      const double tail = request > kSlowestFrom ? planted.tail : 0;
      visit(i, level + world.request_deviation * request + tail);
    }
    second = world.second_memory * second + fresh * DrawNormal(rng);
  }
}

RunResult EmptyRun(const World& world) {
  RunResult run;
  run.name = "simulated";
  run.op_names = {"read"};
  run.provenance.plan_json = R"({"load":{"clients":8}})";
  run.provenance.driver = "simulated";
  run.planned_length = run.measured_length = world.seconds * kSecond;
  return run;
}

}  // namespace

RunSample SimulateRun(const World& world, const Planted& planted, Rng* rng) {
  RunResult run = EmptyRun(world);
  RunBlocks blocks(run);
  const Ticks length = BlockLength(run.measured_length);
  Interval interval;  // one per block: what is summed there anyway
  const auto hand_over = [&] {
    if (interval.ops.empty()) return;
    blocks.Add(interval);
    AddInterval(interval, &run);
  };
  Simulate(world, planted, rng, [&](int second, double log_latency) {
    const Ticks begin = second * kSecond / length * length;
    if (interval.ops.empty() || interval.begin != begin) {
      hand_over();
      interval = {};
      interval.begin = begin;
      interval.end = std::min(begin + length, run.measured_length);
      interval.ops.resize(1);
    }
    interval.ops[0].response[0].Record(static_cast<Ticks>(kMedianNs * std::exp(log_latency)));
  });
  hand_over();
  SampleOptions options;
  options.seed = rng->Next();
  options.resamples = 30;  // a variance is all that is taken from them
  return MakeSample(run, blocks, options);
}

Sides InterleaveRuns(const World& world, std::size_t runs, const Planted& planted_b, Rng* rng) {
  Sides sides;
  for (std::size_t i = 0; i < 2 * runs; ++i) {
    const bool is_b = i % 4 == 1 || i % 4 == 2;
    RunSample run = SimulateRun(world, is_b ? planted_b : Planted{}, rng);
    run.started_at = DrawnRun(0, i).started_at;
    (is_b ? sides.b : sides.a).push_back(std::move(run));
  }
  return sides;
}

}  // namespace mbench
