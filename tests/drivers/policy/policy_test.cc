// SPDX-License-Identifier: Apache-2.0
//
// Ops that are tried again, and a breaker that lets none through.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "drivers/policy/policy_session.h"
#include "harness/base/clock.h"

namespace mbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Ends the n-th attempt as it was told, in the Poll after it was submitted; then well.
class ToldSession final : public Session {
 public:
  explicit ToldSession(std::deque<Completion> attempts) : attempts_(std::move(attempts)) {}

  std::size_t Submit(std::span<const Op> ops, Completions& done) override {
    (void)done;
    for (const Op& op : ops) in_flight_.push_back(op);
    given += ops.size();
    return ops.size();
  }
  void Poll(Ticks until, Completions& done) override {
    const Ticks now = Clock::Now();
    if (in_flight_.empty()) Clock::SleepUntil(until);
    for (const Op& op : std::exchange(in_flight_, {})) {
      Completion completion = {.bytes_sent = 10, .bytes_received = 20};
      if (!attempts_.empty()) {
        completion = attempts_.front();
        attempts_.pop_front();
      }
      completion.slot = op.slot;
      completion.started = now;
      completion.finished = now + kMillisecond;
      done.Add(completion);
    }
  }
  std::string DescribeError(std::uint16_t code) const override {
    return "error " + std::to_string(code);
  }
  std::string DescribeLabel(std::uint16_t code) const override {
    return "label " + std::to_string(code);
  }

  std::size_t given = 0;

 private:
  std::deque<Completion> attempts_;
  std::vector<Op> in_flight_;
};

constexpr Completion kFails = {
    .bytes_sent = 10, .bytes_received = 5, .error = 7, .outcome = Outcome::kFailed};
constexpr Completion kRejects = {
    .bytes_sent = 10, .bytes_received = 5, .error = 8, .outcome = Outcome::kRejected};
constexpr Completion kTimesOut = {.bytes_sent = 10, .outcome = Outcome::kTimedOut};

class Rig {
 public:
  Rig(std::deque<Completion> attempts, const RetryPolicy& retry, CircuitBreaker* breaker = nullptr,
      bool fail_fast = false)
      : done(4) {
    auto inner = std::make_unique<ToldSession>(std::move(attempts));
    session_of = inner.get();
    session = std::make_unique<PolicySession>(
        std::move(inner), SessionPlan{.connections = 4, .fail_fast = fail_fast, .seed = 1}, retry,
        breaker, &counts);
  }
  // How an op ends, and what was told until then.
  Completion Do(std::uint32_t slot = 3) {
    const Op op = {.slot = slot};
    steps.clear();
    done.Clear();
    EXPECT_EQ(session->Submit({&op, 1}, done), 1u);
    for (int turns = 0; turns < 1000; ++turns) {
      for (const StepDone& step : done.Steps()) steps.push_back(step);
      if (!done.View().empty()) return done.View()[0];
      done.Clear();
      session->Poll(Clock::Now() + kSecond, done);
    }
    ADD_FAILURE() << "it does not end";
    return {};
  }

  FakeClock clock;
  RetryCounts counts;
  Completions done;
  std::vector<StepDone> steps;
  std::unique_ptr<PolicySession> session;
  ToldSession* session_of = nullptr;
};

RetryPolicy Retry(std::uint32_t times) {
  return {.times = times, .backoff = 100 * kMillisecond, .most = 300 * kMillisecond, .jitter = 0};
}

TEST(Retry, AnOpEndsWithItsLastAttemptAndHasTheOthersAsSteps) {
  Rig rig({kFails, kRejects}, Retry(3));
  const Ticks begin = Clock::Now();
  const Completion completion = rig.Do();
  EXPECT_EQ(completion.outcome, Outcome::kOk);
  EXPECT_EQ(completion.slot, 3u);
  EXPECT_EQ(completion.started, begin);
  EXPECT_GE(completion.finished - begin, 300 * kMillisecond) << "100 ms, then 200 ms";
  EXPECT_EQ(completion.bytes_sent, 30u);
  EXPECT_EQ(completion.bytes_received, 30u);
  EXPECT_EQ(rig.session->DescribeLabel(completion.label), "2 retries");
  ASSERT_THAT(rig.steps, SizeIs(3));
  EXPECT_EQ(rig.steps[0].outcome, Outcome::kFailed);
  EXPECT_EQ(rig.session->DescribeError(rig.steps[0].error), "error 7");
  EXPECT_EQ(rig.steps[1].outcome, Outcome::kRejected);
  EXPECT_EQ(rig.steps[2].outcome, Outcome::kOk);
  for (const StepDone& step : rig.steps) {
    EXPECT_EQ(step.slot, 3u);
    EXPECT_EQ(rig.session->DescribeLabel(step.label), "attempt");
  }
  EXPECT_EQ(rig.counts.retries, 2u);
  EXPECT_EQ(rig.counts.ops, 1u);
  EXPECT_EQ(rig.counts.recovered, 1u);
}

TEST(Retry, AnOpThatEndsWellAtOnceIsAsWithoutIt) {
  Rig rig({{.error = 0, .label = 4, .outcome = Outcome::kNotFound}}, Retry(3));
  const Completion completion = rig.Do();
  EXPECT_EQ(completion.outcome, Outcome::kNotFound);
  EXPECT_EQ(rig.session->DescribeLabel(completion.label), "label 4");
  EXPECT_THAT(rig.steps, IsEmpty());
  EXPECT_EQ(rig.counts.retries, 0u);
}

TEST(Retry, EndsAfterSoManyAndWaitsNoLongerThanIsSaid) {
  Rig rig({kFails, kFails, kFails, kFails, kFails}, Retry(4));
  const Ticks begin = Clock::Now();
  const Completion completion = rig.Do();
  EXPECT_EQ(completion.outcome, Outcome::kFailed);
  EXPECT_EQ(rig.session->DescribeError(completion.error), "error 7");
  EXPECT_EQ(rig.session_of->given, 5u);
  EXPECT_GE(completion.finished - begin, (100 + 200 + 300 + 300) * kMillisecond);
  EXPECT_LT(completion.finished - begin, 1000 * kMillisecond);
  EXPECT_EQ(rig.counts.recovered, 0u);
}

TEST(Retry, OnlyAfterTheOutcomesThatItIsFor) {
  RetryPolicy retry = Retry(3);
  retry.failed = false;
  Rig rig({kFails, kTimesOut}, retry);
  EXPECT_EQ(rig.Do().outcome, Outcome::kFailed);
  EXPECT_EQ(rig.session_of->given, 1u);
  EXPECT_EQ(rig.Do().outcome, Outcome::kOk);
  EXPECT_EQ(rig.session_of->given, 3u);
}

TEST(Retry, WhatMayHaveBeenDoneIsNotSaidToHaveFailed) {
  Rig rig({kTimesOut, kFails}, Retry(1));
  EXPECT_EQ(rig.Do().outcome, Outcome::kTimedOut);
}

TEST(Retry, JitterShortensEachWaitByAPartOfIt) {
  RetryPolicy retry = Retry(100);
  retry.most = retry.backoff;
  retry.jitter = 0.5;
  Rig rig(std::deque<Completion>(100, kFails), retry);
  const Ticks begin = Clock::Now();
  const Completion completion = rig.Do();
  EXPECT_GT(completion.finished - begin, 60 * 100 * kMillisecond);
  EXPECT_LT(completion.finished - begin, 90 * 100 * kMillisecond);
}

TEST(Breaker, OpensAfterFailuresInARowAndClosesWhenATrialEndsWell) {
  CircuitBreaker breaker({.open_after = 2, .open_for = 100, .half_open = 1});
  breaker.Note(*breaker.Admit(0), true, 0);
  breaker.Note(*breaker.Admit(1), false, 1);
  breaker.Note(*breaker.Admit(2), true, 2);
  EXPECT_TRUE(breaker.Admit(3)) << "not two in a row";
  breaker.Note(*breaker.Admit(4), true, 4);
  EXPECT_FALSE(breaker.Admit(103));
  const auto trial = breaker.Admit(104);
  ASSERT_TRUE(trial);
  EXPECT_FALSE(breaker.Admit(105)) << "one tries, all others wait";
  breaker.Note(*trial, false, 110);
  EXPECT_TRUE(breaker.Admit(111));
  const CircuitBreaker::Counts counts = breaker.Look(200);
  EXPECT_EQ(counts.opened, 1u);
  EXPECT_EQ(counts.refused, 2u);
  EXPECT_EQ(counts.open, 106);
  EXPECT_FALSE(counts.is_open);
}

TEST(Breaker, OpensAnewWhenATrialFails) {
  CircuitBreaker breaker({.open_after = 1, .open_for = 100, .half_open = 3});
  breaker.Note(*breaker.Admit(0), true, 0);
  const auto first = breaker.Admit(100), second = breaker.Admit(100);
  breaker.Note(*first, false, 110);
  breaker.Note(*second, true, 110);
  EXPECT_FALSE(breaker.Admit(209));
  EXPECT_TRUE(breaker.Admit(210));
  EXPECT_EQ(breaker.Look(210).opened, 2u);
}

TEST(Breaker, AnAttemptFromBeforeSaysNothingOfTheStateAfterIt) {
  CircuitBreaker breaker({.open_after = 1, .open_for = 100, .half_open = 1});
  const auto before = breaker.Admit(0), late = breaker.Admit(0);
  breaker.Note(*before, true, 0);
  const auto trial = breaker.Admit(100);
  breaker.Note(*late, true, 101);
  breaker.Note(*trial, false, 102);
  EXPECT_TRUE(breaker.Admit(103));
}

TEST(Breaker, RefusesWithAnErrorOfItsOwnAndLeavesTheSystemAlone) {
  CircuitBreaker breaker({.open_after = 1, .open_for = kSecond, .half_open = 1});
  Rig rig({kFails}, {}, &breaker, true);
  EXPECT_EQ(rig.Do().outcome, Outcome::kFailed);
  const Completion refused = rig.Do();
  EXPECT_EQ(refused.outcome, Outcome::kRejected);
  EXPECT_EQ(rig.session->DescribeError(refused.error), "refused by the circuit breaker");
  EXPECT_EQ(refused.finished - refused.started, 0);
  EXPECT_EQ(rig.session_of->given, 1u);
}

TEST(Breaker, AClientWhoWouldOnlyAskAgainHearsOfItWhenItMayTry) {
  CircuitBreaker breaker({.open_after = 1, .open_for = kSecond, .half_open = 1});
  Rig rig({kFails}, {}, &breaker);
  rig.Do();
  const Completion refused = rig.Do();
  EXPECT_EQ(refused.outcome, Outcome::kRejected);
  EXPECT_NEAR(static_cast<double>(refused.finished - refused.started), kSecond, 20 * kMillisecond);
  EXPECT_EQ(rig.Do().outcome, Outcome::kOk);
}

TEST(Breaker, ARetryThatIsRefusedEndsTheOp) {
  CircuitBreaker breaker({.open_after = 1, .open_for = kSecond, .half_open = 1});
  Rig rig({kFails}, Retry(3), &breaker);
  const Completion completion = rig.Do();
  EXPECT_EQ(completion.outcome, Outcome::kRejected);
  EXPECT_EQ(rig.session_of->given, 1u);
}

}  // namespace
}  // namespace mbench
