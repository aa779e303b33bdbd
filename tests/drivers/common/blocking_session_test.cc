// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/blocking_session.h"

#include <gtest/gtest.h>

#include <vector>

namespace mbench {
namespace {

// Each op takes as many nanoseconds as its scan limit says.
class SlowSession : public BlockingSession {
 public:
  SlowSession(const SessionPlan& plan, FakeClock* clock) : BlockingSession(plan), clock_(clock) {}
  std::string DescribeError(std::uint16_t) const override { return ""; }

 private:
  Completion Execute(const Op& op) override {
    clock_->Advance(op.scan_limit);
    return {.bytes_sent = 5, .error = 3, .outcome = Outcome::kFailed};
  }
  FakeClock* const clock_;
};

class BlockingSessionTest : public ::testing::Test {
 protected:
  FakeClock clock_{1000};
  Completions done_{3};
  const std::vector<Op> ops_{{.slot = 8, .scan_limit = 100},
                             {.slot = 9, .scan_limit = 200},
                             {.slot = 5, .scan_limit = 1},
                             {.slot = 6, .scan_limit = 1}};
};

TEST_F(BlockingSessionTest, TimesEachOpByItself) {
  SlowSession session({}, &clock_);
  session.Submit(ops_, done_);
  ASSERT_EQ(done_.View().size(), 3u);
  EXPECT_EQ(done_.View()[0].started, 1000);
  EXPECT_EQ(done_.View()[0].finished, 1100);
  EXPECT_EQ(done_.View()[1].started, 1100);
  EXPECT_EQ(done_.View()[1].finished, 1300);
  EXPECT_EQ(done_.View()[1].slot, 9u);
  EXPECT_EQ(done_.View()[1].bytes_sent, 5u);
  EXPECT_EQ(done_.View()[1].error, 3);
}

TEST_F(BlockingSessionTest, StopsWhenTheCompletionsAreFull) {
  SlowSession session({}, &clock_);
  EXPECT_EQ(session.Submit(ops_, done_), 3u);
  EXPECT_EQ(session.Submit(ops_, done_), 0u);
}

TEST_F(BlockingSessionTest, AnOpThatWasTooSlowIsTimedOutAndKeepsItsTrueTime) {
  SlowSession session({.timeout = 150}, &clock_);
  session.Submit(ops_, done_);
  EXPECT_EQ(done_.View()[0].outcome, Outcome::kFailed);
  EXPECT_EQ(done_.View()[1].outcome, Outcome::kTimedOut);
  EXPECT_EQ(done_.View()[1].finished - done_.View()[1].started, 200);
}

TEST_F(BlockingSessionTest, HandsOutOneValueAtATime) {
  SlowSession session({.want_values = true}, &clock_);
  EXPECT_EQ(session.Submit(ops_, done_), 1u);
}

TEST(BlockingSession, ReadsTheClockTwicePerOp) {
  FakeClock clock(0, 1);  // counts its readings
  SlowSession session({}, &clock);
  Completions done(10);
  session.Submit(std::vector<Op>(10), done);
  EXPECT_EQ(Clock::Now(), 20);
}

// Tells of as many steps as the scan limit says.
class SteppingSession : public BlockingSession {
 public:
  explicit SteppingSession(const SessionPlan& plan) : BlockingSession(plan) {}
  std::string DescribeError(std::uint16_t) const override { return ""; }

 private:
  Completion Execute(const Op& op) override {
    for (std::uint32_t i = 1; i <= op.scan_limit; ++i) {
      AddStep({.label = static_cast<std::uint16_t>(i), .outcome = Outcome::kOk});
    }
    return {.label = 99};
  }
};

TEST_F(BlockingSessionTest, StepsAreToldWithTheSlotOfTheirOp) {
  SteppingSession session({});
  const std::vector<Op> ops{{.slot = 4, .scan_limit = 2}, {.slot = 5, .scan_limit = 4}};
  EXPECT_EQ(session.Submit(ops, done_), 2u) << "steps take no room from completions";
  std::vector<int> told;
  for (const StepDone& step : done_.Steps())
    told.push_back(static_cast<int>(step.slot * 100 + step.label));
  EXPECT_EQ(told, (std::vector<int>{401, 402, 501, 502, 503, 504}));
  ASSERT_EQ(done_.View().size(), 2u);
  EXPECT_EQ(done_.View()[1].label, 99u);
  done_.Clear();
  EXPECT_TRUE(done_.Empty());
}

}  // namespace
}  // namespace mbench
