// SPDX-License-Identifier: Apache-2.0
#include "harness/doctor/self_test.h"

#include <sys/prctl.h>

#include <algorithm>
#include <memory>

#include "drivers/registry.h"
#include "harness/base/units.h"
#include "harness/doctor/loopback.h"
#include "harness/engine/conductor.h"

namespace mbench {
namespace {

constexpr int kWakeUps = 500;
constexpr Ticks kNap = 500 * kMicrosecond;
constexpr Ticks kLoops = 400 * kMillisecond;
constexpr Ticks kRun = 400 * kMillisecond;
constexpr int kLoopTurns = 100'000;

Ticks PercentileOf(std::vector<Ticks>* values, std::size_t percent) {
  if (values->empty()) return 0;
  std::sort(values->begin(), values->end());
  return (*values)[(values->size() - 1) * percent / 100];
}

double TestClock() {
  constexpr int kReadings = 100'000;
  const Ticks begin = Clock::Now();
  for (int i = 0; i < kReadings; ++i) (void)Clock::Now();
  return static_cast<double>(Clock::Now() - begin) / kReadings;
}

// What an op of the open model may be late by on an idle core.
void TestWaking(SelfTest* test) {
  prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  std::vector<Ticks> late;
  for (int i = 0; i < kWakeUps; ++i) {
    const Ticks until = Clock::Now() + kNap;
    Clock::SleepUntil(until);
    late.push_back(Clock::Now() - until);
  }
  test->wake_p50 = PercentileOf(&late, 50);
  test->wake_p99 = PercentileOf(&late, 99);
}

// Whatever makes one turn longer than another is not the work.
void TestLoop(SelfTest* test) {
  std::vector<Ticks> took;
  volatile std::uint64_t sink = 0;
  std::uint64_t state = 1;
  for (const Ticks begin = Clock::Now(); Clock::Now() - begin < kLoops;) {
    const Ticks from = Clock::Now();
    for (int i = 0; i < kLoopTurns; ++i)
      state = state * 6364136223846793005u + 1442695040888963407u;
    sink = state;
    took.push_back(Clock::Now() - from);
  }
  (void)sink;
  test->loop_p50 = PercentileOf(&took, 50);
  test->loop_p99 = PercentileOf(&took, 99);
}

struct Nobody : RunObserver {
  void OnLoad(std::uint64_t /*done*/, std::uint64_t /*records*/) override {}
  Status OnStart(std::int64_t /*zero_ns*/) override { return {}; }
  Status OnInterval(const Interval& /*interval*/) override { return {}; }
};

double NoopRate() {
  const DriverInfo* const info = FindDriver("noop");
  const auto options = info == nullptr
                           ? OptionValues()
                           : OptionValues::Parse(info->options, {}).value_or(OptionValues());
  if (info == nullptr) return 0;
  RunPlan plan;
  plan.name = "self-test";
  plan.driver.use = "noop";
  plan.data.records = 1000;
  plan.load.stages = {{.over = kRun, .from = 32}};
  plan.mix.weights[static_cast<std::size_t>(Verb::kRead)] = 1;
  const std::unique_ptr<Driver> driver = info->make(options);
  const Result<DriverFacts> facts = driver->Open();
  if (!facts) return 0;
  Nobody nobody;
  const Result<RunOutcome> outcome = Conductor(plan, *facts, driver.get(), &nobody).Run();
  if (!outcome || outcome->measured <= 0) return 0;
  return static_cast<double>(outcome->account.Ended()) / ToSeconds(outcome->measured);
}

Finding RateRow(std::string name, double rate, std::string why) {
  Finding row{.name = std::move(name), .why = std::move(why)};
  row.state = rate > 0 ? FindingState::kWell : FindingState::kUnknown;
  if (rate > 0) row.is = FormatRate(rate);
  return row;
}

}  // namespace

SelfTest TestHost() {
  SelfTest test;
  test.clock_read_ns = TestClock();
  TestWaking(&test);
  TestLoop(&test);
  test.noop_per_s = NoopRate();
  test.loopback_per_s = LoopbackRate(kRun);
  return test;
}

std::vector<Finding> Findings(const SelfTest& test) {
  const auto well_if = [](bool well) { return well ? FindingState::kWell : FindingState::kMind; };
  const double spread =
      test.loop_p50 == 0 ? 0 : ToSeconds(test.loop_p99) / ToSeconds(test.loop_p50) - 1;
  return {
      {.name = "clock",
       .state = well_if(Clock::Name() == "tsc"),
       .is = fmt::format("{}, {:.1f} ns a reading", Clock::Name(), test.clock_read_ns),
       .right = "tsc",
       .why = "each operation reads it twice"},
      {.name = "lag",
       .state = well_if(test.wake_p99 <= kMillisecond),
       .is = fmt::format("a thread wakes {} late (p50), {} (p99)", FormatDuration(test.wake_p50),
                         FormatDuration(test.wake_p99)),
       .right = "p99 below 1 ms",
       .why = "operations of the open model are late by this"},
      {.name = "noise",
       .state = well_if(spread <= 0.1),
       .is = fmt::format("1 of 100 equal loops of {} takes {}", FormatDuration(test.loop_p50),
                         spread <= 1 ? fmt::format("{:.1f} % longer", spread * 100)
                                     : fmt::format("{:.0f} times as long", spread + 1)),
       .right = "10 % or less",
       .why = "so much of a difference between two measurements is the host's own"},
      RateRow("noop", test.noop_per_s,
              "mbench makes no more operations a second than this, whatever the system does"),
      RateRow("loopback", test.loopback_per_s,
              "one thread gets no more answers a second than this over TCP, without a pipeline"),
  };
}

}  // namespace mbench
