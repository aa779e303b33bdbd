// SPDX-License-Identifier: Apache-2.0
//
// The driver around the simulated server: what is not in the contract of all drivers.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

class SimDriverTest : public ::testing::Test {
 protected:
  std::unique_ptr<Session> Start(const Options& options, const SessionPlan& plan = {}) {
    driver_ = MakeDriver("sim", options);
    const auto facts = driver_->Open();
    EXPECT_TRUE(facts) << facts.error().message;
    return driver_->NewSession(plan).value();
  }

  FakeClock clock_;
  std::unique_ptr<Driver> driver_;
};

std::vector<Op> Reads(std::uint32_t count) {
  std::vector<Op> ops;
  for (std::uint32_t i = 0; i < count; ++i)
    ops.push_back({.kind = OpKind::kRead, .slot = i, .key = "key"});
  return ops;
}

TEST_F(SimDriverTest, RepliesCarryTheirOwnTimeHoweverLateTheyAreFetched) {
  const auto session = Start({{"service", "1ms"}, {"distribution", "constant"}});
  Completions done(4);
  session->Submit(Reads(1), done);
  clock_.Advance(kSecond);
  session->Poll(0, done);
  ASSERT_EQ(done.View().size(), 1u);
  EXPECT_EQ(done.View()[0].finished, kMillisecond);
}

TEST_F(SimDriverTest, NoReplyIsSeenBeforeItsTime) {
  const auto session = Start({{"service", "1ms"}, {"distribution", "constant"}});
  Completions done(4);
  session->Submit(Reads(1), done);
  session->Poll(kMillisecond - 1, done);
  EXPECT_TRUE(done.Empty());
  EXPECT_EQ(Clock::Now(), kMillisecond - 1);
  session->Poll(kHour, done);
  EXPECT_EQ(done.View().size(), 1u);
  EXPECT_EQ(Clock::Now(), kMillisecond) << "no longer than to the first reply";
}

TEST_F(SimDriverTest, RepliesComeInTheOrderOfTheirTimes) {
  const auto session =
      Start({{"distribution", "lognormal"}, {"capacity", "100"}}, {.connections = 100});
  Ticks last = 0;
  for (const Answer& answer : Do(*session, Reads(1000))) {
    EXPECT_GE(answer.finished, last);
    last = answer.finished;
  }
}

TEST_F(SimDriverTest, AnHourPassesInAMoment) {
  const auto session = Start({{"service", "1s"}, {"distribution", "constant"}, {"capacity", "1"}});
  Do(*session, Reads(3600));
  EXPECT_EQ(Clock::Now(), kHour);
}

TEST_F(SimDriverTest, SessionsShareTheServer) {
  const auto one = Start({{"service", "1ms"}, {"distribution", "constant"}, {"capacity", "1"}});
  const auto two = driver_->NewSession({}).value();
  Completions done(4);
  one->Submit(Reads(1), done);
  two->Submit(Reads(1), done);
  two->Poll(kHour, done);
  ASSERT_EQ(done.View().size(), 1u);
  EXPECT_EQ(done.View()[0].finished, 2 * kMillisecond)
      << "waits behind the other session's request";
}

TEST_F(SimDriverTest, TheSameSeedDrawsTheSameTimes) {
  std::vector<Ticks> runs[2];
  for (auto& run : runs) {
    const auto session = Start({{"distribution", "lognormal"}}, {.seed = 7});
    for (const Answer& answer : Do(*session, Reads(100)))
      run.push_back(answer.finished - answer.started);
  }
  EXPECT_EQ(runs[0], runs[1]);
  const auto session = Start({{"distribution", "lognormal"}}, {.seed = 8});
  const Answer other = Do(*session, Reads(1))[0];
  EXPECT_NE(other.finished - other.started, runs[0][0]);
}

TEST_F(SimDriverTest, EveryOpTimesOutExactlyWhenTheServerNeverAnswers) {
  const auto session =
      Start({{"never_answers", "true"}}, {.connections = 4, .timeout = 3 * kSecond});
  for (const Answer& answer : Do(*session, Reads(20))) {
    EXPECT_EQ(answer.outcome, Outcome::kTimedOut);
    EXPECT_EQ(answer.finished - answer.started, 3 * kSecond);
  }
}

TEST_F(SimDriverTest, DeathOfTheServerEndsEveryOp) {
  const auto session = Start({{"die_at", "10ms"}, {"service", "4ms"}, {"distribution", "constant"}},
                             {.connections = 4});
  int answered = 0;
  std::map<std::string, int> errors;
  for (const Answer& answer : Do(*session, Reads(40))) {
    answered += answer.outcome == Outcome::kOk ? 1 : 0;
    if (answer.error != 0) ++errors[session->DescribeError(answer.error)];
  }
  EXPECT_EQ(answered, 8) << "two rounds of four";
  EXPECT_EQ(errors,
            (std::map<std::string, int>{{"connection lost", 4}, {"connection refused", 28}}));
}

TEST_F(SimDriverTest, ErrorsAndRejectionsHaveNames) {
  const auto failing = Start({{"error_rate", "100%"}});
  EXPECT_EQ(failing->DescribeError(Do(*failing, Reads(1))[0].error), "simulated error");
  const auto full = Start({{"capacity", "1"}, {"reject_above", "1"}}, {.connections = 8});
  const auto answers = Do(*full, Reads(8));
  const auto rejected = std::ranges::find(answers, Outcome::kRejected, &Answer::outcome);
  ASSERT_NE(rejected, answers.end());
  EXPECT_EQ(full->DescribeError(rejected->error), "queue full");
}

TEST_F(SimDriverTest, OptionsThatCannotBeRightAreRefusedByName) {
  const std::pair<const char*, const char*> kCases[] = {
      {"stalls", "sometimes"}, {"capacity", "0"}, {"capacity", "10M"}, {"service", "2h"}};
  for (const auto& [name, value] : kCases) {
    const auto facts = MakeDriver("sim", {{name, value}})->Open();
    ASSERT_FALSE(facts) << name;
    EXPECT_EQ(facts.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(facts.error().message, HasSubstr(name));
  }
}

}  // namespace
}  // namespace mbench::testing
