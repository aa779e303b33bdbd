// SPDX-License-Identifier: Apache-2.0
//
// What every driver has to do, whatever it drives.
#include <gmock/gmock.h>

#include <set>
#include <thread>

#include "drivers/registry.h"
#include "tests/drivers/conformance/subjects.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

using Conformance = ConformanceTest;
INSTANTIATE_TEST_SUITE_P(, Conformance, ::testing::ValuesIn(AllSubjects()), SubjectName);

// One of each kind after the other, with slots that are not 0, 1, 2, ...
std::vector<Op> MixedOps(std::size_t count) {
  constexpr OpKind kKinds[] = {OpKind::kInsert, OpKind::kRead, OpKind::kUpdate, OpKind::kScan,
                               OpKind::kDelete};
  std::vector<Op> ops;
  for (std::size_t i = 0; i < count; ++i) {
    ops.push_back({.kind = kKinds[i % std::size(kKinds)],
                   .slot = static_cast<std::uint32_t>(1000 + 7 * i),
                   .scan_limit = 3,
                   .key = "key",
                   .value = "value"});
  }
  return ops;
}

TEST_P(Conformance, ItsLanguageSaysWhetherItCanBeObserved) {
  EXPECT_EQ(FindDriver(GetParam().driver)->language.observes, driver_->Observer() != nullptr);
}

TEST_P(Conformance, EveryOpHasOneCompletionWithItsSlot) {
  const auto session = NewSession({.connections = Connections()});
  const std::vector<Op> ops = MixedOps(200);
  std::multiset<std::uint32_t> expected, seen;
  for (const Op& op : ops) expected.insert(op.slot);
  for (const Answer& answer : Do(*session, ops)) seen.insert(answer.slot);
  EXPECT_EQ(seen, expected);
}

TEST_P(Conformance, AnOpStartsBeforeItFinishesAndFinishesBeforeItIsReported) {
  const auto session = NewSession({.connections = Connections()});
  const Ticks begin = Clock::Now();
  for (const Answer& answer : Do(*session, MixedOps(50))) {
    EXPECT_GE(answer.started, begin);
    EXPECT_LE(answer.started, answer.finished);
    EXPECT_LE(answer.finished, Clock::Now());
  }
}

TEST_P(Conformance, TakesNoMoreOpsThanThereIsRoomForTheirCompletions) {
  const auto session = NewSession({.connections = facts_.blocking ? 1u : 100u});
  const std::vector<Op> ops = MixedOps(20);
  Completions done(3);
  std::size_t taken = 0;
  std::size_t ended = 0;
  while (ended < ops.size()) {
    done.Clear();
    taken += session->Submit(std::span(ops).subspan(taken), done);
    if (done.Empty()) session->Poll(Clock::Now() + kHour, done);
    ended += done.View().size();
    ASSERT_LE(taken, ended + 3);
  }
  EXPECT_EQ(taken, ended);
}

TEST_P(Conformance, TakesNoMoreOpsThanItHasConnections) {
  const auto session = NewSession({.connections = 2});
  const std::vector<Op> ops = MixedOps(20);
  Completions done(64);
  const std::size_t taken = session->Submit(ops, done);
  EXPECT_LE(taken - done.View().size(), 2u) << "in flight";
}

TEST_P(Conformance, PollWithATimeInThePastReturnsAtOnce) {
  if (!TimeIsFake()) return;
  const auto session = NewSession();
  Completions done(4);
  const Op op{.kind = OpKind::kRead, .key = "key"};
  ASSERT_EQ(session->Submit({&op, 1}, done), 1u);
  const Ticks before = Clock::Now();
  session->Poll(before - 1, done);
  EXPECT_LT(Clock::Now() - before, kMicrosecond);
}

TEST_P(Conformance, PollWithoutAReplyReturnsAtTheGivenTime) {
  if (!TimeIsFake()) return;
  const auto session = NewSession();
  Completions done(4);
  const Op op{.kind = OpKind::kRead, .key = "key"};
  ASSERT_EQ(session->Submit({&op, 1}, done), 1u);
  const Ticks until = Clock::Now() + kMicrosecond;
  session->Poll(until, done);
  EXPECT_LT(Clock::Now(), until + kMicrosecond);
}

TEST_P(Conformance, AnOpThatTakesLongerThanTheTimeoutIsTimedOut) {
  if (!TimeIsFake()) return;
  constexpr Ticks kTimeout = kStep - 2;
  const auto session = NewSession({.connections = Connections(), .timeout = kTimeout});
  Completions done(1);
  for (const Op& op : MixedOps(20)) {
    done.Clear();
    ASSERT_EQ(session->Submit({&op, 1}, done), 1u);
    if (done.Empty()) session->Poll(Clock::Now() + kHour, done);
    ASSERT_FALSE(done.Empty());
    const Completion& completion = done.View().front();
    const Ticks took = completion.finished - completion.started;
    // Without a system there is nothing to wait for.
    const bool too_long = took >= kTimeout && !facts_.is_null;
    EXPECT_EQ(completion.outcome == Outcome::kTimedOut, too_long) << took;
  }
}

TEST_P(Conformance, SessionsCanBeMadeAndUsedInSeveralThreadsAtTheSameTime) {
  clock_.reset();  // with a fake one a thread that waits for another would not wait at all
  std::vector<std::thread> threads;
  std::array<int, 4> answered{};
  for (std::size_t t = 0; t < answered.size(); ++t) {
    threads.emplace_back([this, t, &answered] {
      const auto session = NewSession({.connections = Connections()});
      const std::string key = "key" + std::to_string(t);
      for (int i = 0; i < 50; ++i) {
        const OpKind kind = i == 0 ? OpKind::kInsert : i % 2 == 0 ? OpKind::kRead : OpKind::kUpdate;
        const Answer answer = Do(*session, {.kind = kind, .key = key, .value = "value"});
        answered[t] += answer.outcome == Outcome::kOk ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(answered, ::testing::Each(50));
}

TEST_P(Conformance, ASessionCanBeDestroyedWithOpsInFlight) {
  auto session = NewSession({.connections = Connections()});
  {
    Completions done(64);
    const std::string key(40, 'k'), value(400, 'v');
    std::vector<Op> ops = MixedOps(10);
    for (Op& op : ops) op.key = key, op.value = value;
    ASSERT_GT(session->Submit(ops, done), 0u);
    session.reset();
  }  // from here on the sanitizer tells who still touches what the ops and completions were
  // The next one does not meet what the first one left.
  session = NewSession({.connections = Connections()});
  const Op op{.kind = OpKind::kInsert, .slot = 77, .key = "key", .value = "value"};
  EXPECT_EQ(Do(*session, op).slot, 77u);
}

TEST_P(Conformance, TellsWhatItIs) {
  EXPECT_FALSE(facts_.system.empty());
  EXPECT_EQ(driver_->Store() != nullptr, GetParam().stores);
  const DriverInfo* info = FindDriver(GetParam().driver);
  EXPECT_FALSE(info->about.empty());
}

TEST_P(Conformance, AnUnknownOptionIsRefusedByName) {
  const DriverInfo* info = FindDriver(GetParam().driver);
  const auto values = OptionValues::Parse(info->options, {{"colour_of_the_server", "red"}});
  ASSERT_FALSE(values);
  EXPECT_THAT(values.error().message, HasSubstr("colour_of_the_server"));
}

TEST_P(Conformance, ABadValueIsRefusedWithTheNameOfItsOption) {
  const DriverInfo* info = FindDriver(GetParam().driver);
  for (const OptionSpec& spec : info->options) {
    if (spec.type == OptionType::kText || spec.type == OptionType::kPath) continue;
    Options given{{std::string(spec.name), "-1 of those"}};
    if (!GetParam().path.empty()) given.emplace("path", directory_ / GetParam().path);
    const auto values = OptionValues::Parse(info->options, given);
    ASSERT_FALSE(values) << spec.name;
    EXPECT_THAT(values.error().message, HasSubstr(spec.name));
  }
}

TEST_P(Conformance, EveryOptionHasAHelpAndAFallbackThatIsRight) {
  for (const OptionSpec& spec : FindDriver(GetParam().driver)->options) {
    EXPECT_FALSE(spec.help.empty()) << spec.name;
    if (spec.required || spec.fallback.empty()) continue;
    const Status checked = OptionValues::Check(spec, spec.fallback);
    EXPECT_TRUE(checked) << spec.name << ": " << checked.error().message;
  }
}

}  // namespace
}  // namespace mbench::testing
