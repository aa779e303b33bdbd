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

void Add(Recorder* recorder, Outcome outcome, std::uint16_t error = 0, std::uint16_t label = 0) {
  recorder->Add(
      {.op_index = 0, .outcome = outcome, .planned = 1000, .started = 1300, .free_since = 1100},
      {.bytes_sent = 10,
       .bytes_received = 200,
       .items = 3,
       .error = error,
       .label = label,
       .finished = 1800});
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
  Add(&recorder, Outcome::kOk);
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
  Add(&recorder, Outcome::kOk);
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
    Add(&recorder, Outcome::kFailed, 7);
    Add(&recorder, Outcome::kRejected, 9);
    recorder.Leave();
    const Interval interval = TakeAll(&recorder);
    const std::map<std::string, std::uint64_t> expected = {{"class 7", 1}, {"class 9", 1}};
    EXPECT_EQ(interval.ops[0].errors, expected) << "turn " << turn;
    EXPECT_TRUE(interval.ops[0].service.Empty()) << "failed ops have no service time";
  }
}

TEST(Recorder, AddsUpWhatOpsMovedAndItemsOfThoseThatEndedWell) {
  const NamedErrors session;
  Recorder recorder(1);
  recorder.SetNames(&session);
  recorder.Enter();
  Add(&recorder, Outcome::kOk);
  Add(&recorder, Outcome::kFailed, 7);
  Add(&recorder, Outcome::kNotFound);
  recorder.AddHalf(0, {.bytes_sent = 1, .bytes_received = 2, .items = 9});
  recorder.Leave();
  EXPECT_EQ(TakeAll(&recorder).ops[0].moved,
            (Moved{.bytes_sent = 31, .bytes_received = 602, .items = 3}));
  EXPECT_EQ(TakeAll(&recorder).ops[0].moved, Moved{}) << "it was taken";
}

TEST(Recorder, LabelsAndStepsMoveBytesToo) {
  const NamedErrors session;
  PartNames parts({"pay"});
  Recorder recorder(1, &parts);
  recorder.SetNames(&session);
  recorder.Enter();
  Add(&recorder, Outcome::kOk, 0, 5);
  recorder.AddStep({.op_index = 0,
                    .outcome = Outcome::kOk,
                    .error = 0,
                    .label = 6,
                    .started = 1300,
                    .finished = 1400,
                    .bytes_sent = 4,
                    .bytes_received = 50,
                    .items = 2});
  recorder.Leave();
  const Interval interval = TakeAll(&recorder);
  EXPECT_EQ(interval.ops[0].moved.bytes_sent, 10u) << "a step is no op";
  EXPECT_EQ(interval.parts.at("pay:5").moved,
            (Moved{.bytes_sent = 10, .bytes_received = 200, .items = 3}));
  EXPECT_EQ(interval.parts.at("pay:6").moved,
            (Moved{.bytes_sent = 4, .bytes_received = 50, .items = 2}));
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
      Add(&recorder, fails ? Outcome::kFailed : Outcome::kOk, fails ? 1 : 0);
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
  EXPECT_EQ(sum.ops[0].moved.bytes_received, 200 * kSamples);
  EXPECT_EQ(sum.ops[0].moved.items, 3 * (kSamples - kSamples / 10));
}

}  // namespace
}  // namespace mbench
