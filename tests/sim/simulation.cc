// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/simulation.h"

#include <memory>

#include "drivers/registry.h"
#include "harness/base/check.h"
#include "harness/engine/due_source.h"
#include "harness/engine/recorder.h"
#include "harness/engine/worker.h"
#include "harness/load/load_curve.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

RunPlan MakePlan(const SimulationOptions& options) {
  RunPlan plan;
  plan.load = options.load;
  plan.data.records = 1000;
  plan.data.value.fields = 1;
  plan.mix.weights[static_cast<std::size_t>(Verb::kRead)] = 1;
  plan.engine.seed = options.seed;
  return plan;
}

// The session of a thread that is stopped at times, somewhere in its loop: as by a busy host.
class Stopped final : public Session {
 public:
  Stopped(std::unique_ptr<Session> session, std::map<Ticks, Ticks> standstills, Ticks zero,
          FakeClock* clock)
      : session_(std::move(session)),
        standstills_(std::move(standstills)),
        zero_(zero),
        clock_(clock) {}

  std::size_t Submit(std::span<const Op> ops, Completions& done) override {
    return session_->Submit(ops, done);
  }
  void Poll(Ticks until, Completions& done) override {
    session_->Poll(until, done);
    const auto next = standstills_.begin();
    if (next == standstills_.end() || Clock::Now() < zero_ + next->first) return;
    clock_->Advance(next->second);
    standstills_.erase(next);
  }
  std::string DescribeError(std::uint16_t error) const override {
    return session_->DescribeError(error);
  }

 private:
  std::unique_ptr<Session> session_;
  std::map<Ticks, Ticks> standstills_;
  Ticks zero_;
  FakeClock* clock_;
};

std::uint64_t CountDue(ArrivalStream stream) {
  std::uint64_t due = 0;
  for (Ticks at = stream.Next(); at != kNever; at = stream.Next()) due += at >= 0 ? 1 : 0;
  return due;
}

}  // namespace

SimulationResult Simulate(const SimulationOptions& options) {
  FakeClock clock(kSecond);
  const RunPlan plan = MakePlan(options);
  const DriverInfo* sim = FindDriver("sim");
  const auto values = OptionValues::Parse(sim->options, options.server);
  MB_CHECK(values.has_value(), "{}", values.error().message);
  const std::unique_ptr<Driver> driver = sim->make(*values);
  MB_CHECK(driver->Open().has_value(), "sim does not open");
  auto session = driver->NewSession(
      {.connections = options.connections, .timeout = options.timeout, .seed = options.seed});

  const LoadCurve curve(plan.load);
  const auto steps =
      plan.load.model == LoadModel::kClosed ? ClientSteps(curve) : std::vector<ClientStep>();
  PhaseTimes times;
  times.begin = Clock::Now();
  times.zero = times.begin - curve.Begin();
  times.end = times.zero + curve.End();
  times.deadline = times.end + plan.load.drain;

  Stopped stopped(*std::move(session), options.standstills, times.zero, &clock);

  const ArrivalStream stream(&curve, plan.load.arrivals, options.seed, 0, 1);
  OpenSource open(stream, nullptr, times.zero);
  ClosedSource closed({.steps = steps, .think = plan.load.think, .zero = times.zero});
  const bool is_open = plan.load.model == LoadModel::kOpen;
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Recorder recorder(1);
  WorkerGauge gauge;
  Worker({.source = is_open ? static_cast<DueSource*>(&open) : &closed,
          .workload = &workload,
          .session = &stopped,
          .recorder = &recorder,
          .gauge = &gauge,
          .times = &times,
          .slots = options.connections})
      .Run();

  SimulationResult result;
  result.total.ops.resize(1);
  recorder.Take(&result.total);
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    result.account.ended[i] = result.read().response[i].TotalCount();
  }
  const std::uint64_t taken = gauge.planned;
  result.due = is_open ? CountDue(stream) : taken + closed.Waiting(times.End());
  result.account.offered = result.due;
  result.account.in_flight = taken - result.account.Ended();
  result.account.waiting = result.due - taken;
  return result;
}

}  // namespace mbench
