// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/recorder.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "drivers/registry.h"

namespace mbench {
namespace {

class NamedErrors : public Session {
 public:
  std::size_t Submit(std::span<const Op> /*ops*/, Completions& /*done*/) override { return 0; }
  void Poll(Ticks /*until*/, Completions& /*done*/) override {}
  std::string DescribeError(std::uint16_t error) const override {
    return "class " + std::to_string(error);
  }
};

Recorder::Sample SampleOf(Outcome outcome, std::uint16_t error = 0) {
  return {.op_index = 0,
          .outcome = outcome,
          .error = error,
          .planned = 1000,
          .started = 1300,
          .finished = 1800,
          .free_since = 1100};
}

Interval TakeAll(Recorder* recorder) {
  Interval interval;
  interval.ops.resize(1);
  recorder->Take(&interval);
  return interval;
}

TEST(Recorder, KeepsResponseServiceLagAndOwnDelayApart) {
  Recorder recorder(1);
  recorder.Enter();
  recorder.Add(SampleOf(Outcome::kOk));
  recorder.Leave();
  const Interval interval = TakeAll(&recorder);
  EXPECT_EQ(interval.ops[0].response[0].Max(), 800);
  EXPECT_EQ(interval.ops[0].service.Max(), 500);
  EXPECT_EQ(interval.lag.Max(), 300);
  EXPECT_EQ(interval.delay.Max(), 200);  // a slot was free from 1100 on
}

TEST(Recorder, IsEmptyAfterItWasTaken) {
  Recorder recorder(1);
  recorder.Enter();
  recorder.Add(SampleOf(Outcome::kOk));
  recorder.AddWarmup();
  recorder.Leave();
  EXPECT_EQ(TakeAll(&recorder).warmup_ops, 1u);
  const Interval again = TakeAll(&recorder);
  EXPECT_EQ(again.ops[0].Ended(), 0u);
  EXPECT_EQ(again.warmup_ops, 0u);
  EXPECT_TRUE(again.lag.Empty());
}

TEST(Recorder, CountsErrorsByTheNamesOfTheSession) {
  const NamedErrors session;
  Recorder recorder(1);
  recorder.SetNames(&session);
  for (int turn = 0; turn < 3; ++turn) {
    recorder.Enter();
    recorder.Add(SampleOf(Outcome::kFailed, 7));
    recorder.Add(SampleOf(Outcome::kRejected, 9));
    recorder.Leave();
    const Interval interval = TakeAll(&recorder);
    const std::map<std::string, std::uint64_t> expected = {{"class 7", 1}, {"class 9", 1}};
    EXPECT_EQ(interval.ops[0].errors, expected) << "turn " << turn;
    EXPECT_TRUE(interval.ops[0].service.Empty()) << "failed ops have no service time";
  }
}

// The handshake: nothing is lost or counted twice while the collector takes as fast as it can.
TEST(Recorder, LosesNothingWhileItIsTakenFrom) {
  constexpr std::uint64_t kSamples = 300'000;
  const NamedErrors session;
  Recorder recorder(1);
  recorder.SetNames(&session);
  std::atomic<bool> over{false};
  std::jthread worker([&] {
    for (std::uint64_t i = 0; i < kSamples; ++i) {
      recorder.Enter();
      const bool fails = i % 10 == 0;
      recorder.Add(SampleOf(fails ? Outcome::kFailed : Outcome::kOk, fails ? 1 : 0));
      recorder.Leave();
    }
    over = true;
  });
  Interval sum;
  sum.ops.resize(1);
  while (!over) recorder.Take(&sum);
  worker.join();
  recorder.Take(&sum);
  EXPECT_EQ(sum.ops[0].Ended(), kSamples);
  EXPECT_EQ(sum.ops[0].service.TotalCount(), kSamples - kSamples / 10);
  EXPECT_EQ(sum.ops[0].errors["class 1"], kSamples / 10);
}

}  // namespace
}  // namespace mbench
