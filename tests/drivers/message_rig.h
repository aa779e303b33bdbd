// SPDX-License-Identifier: Apache-2.0
//
// What tests of drivers of brokers share: an opened driver whose statements send messages, and what
// the conformance suite asks of drivers with verbs, asked of those.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/body_of.h"
#include "tests/drivers/answers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {

inline constexpr SessionPlan kMessagePlan{.connections = 16, .timeout = 10 * kSecond};

// A statement that sends to a topic, subject or queue, with what else it says.
inline StatementSpec Produce(const std::string& to, std::map<std::string, std::string> more = {},
                             std::vector<std::string> arguments = {}) {
  more["produce"] = to;
  return {.name = "value", .weight = 1, .body = BodyOf(more), .arguments = std::move(arguments)};
}

inline Op MessageOp(std::uint32_t slot = 0, std::span<const std::string_view> arguments = {}) {
  return {.kind = OpKind::kStatement, .slot = slot, .arguments = arguments};
}

inline std::vector<Op> MessageOps(std::size_t count) {
  std::vector<Op> ops;
  for (std::size_t i = 0; i < count; ++i)
    ops.push_back(MessageOp(static_cast<std::uint32_t>(7 * i)));
  return ops;
}

class MessageRig {
 public:
  MessageRig(const std::string& driver, const std::string& url, Options options = {}) {
    options["url"] = url;
    driver_ = MakeDriver(driver, options);
  }
  // "", or the message of what failed; its kind is in `kind`.
  std::string Open() {
    const auto facts = driver_->Open();
    if (facts) return "";
    kind = facts.error().kind;
    return facts.error().message;
  }
  // What is wrong with these statements, or "".
  std::string Refusal(std::vector<StatementSpec> statements) {
    const std::string opened = Open();
    return opened.empty() ? Prepare(*driver_, std::move(statements)) : opened;
  }
  // Opened, with these statements; nullptr: what is wrong was told.
  std::unique_ptr<Session> Start(std::vector<StatementSpec> statements,
                                 const SessionPlan& plan = kMessagePlan) {
    const std::string refusal = Refusal(std::move(statements));
    EXPECT_EQ(refusal, "");
    return refusal.empty() ? NewSession(plan) : nullptr;
  }
  std::unique_ptr<Session> NewSession(const SessionPlan& plan = kMessagePlan) {
    auto session = driver_->NewSession(plan);
    EXPECT_TRUE(session) << session.error().message;
    return session ? *std::move(session) : nullptr;
  }
  Driver& driver() { return *driver_; }
  ErrorKind kind = ErrorKind::kInvalid;

 private:
  std::unique_ptr<Driver> driver_;
};

// ---- what every driver has to do ----

inline void EveryOpHasOneCompletionWithItsSlot(Session& session, std::uint32_t least_sent) {
  const std::vector<Op> ops = MessageOps(300);
  const Ticks begin = Clock::Now();
  std::multiset<std::uint32_t> expected, seen;
  for (const Op& op : ops) expected.insert(op.slot);
  for (const Answer& answer : Do(session, ops)) {
    seen.insert(answer.slot);
    EXPECT_EQ(Told(session, answer), "ok");
    EXPECT_GE(answer.started, begin);
    EXPECT_LE(answer.started, answer.finished);
    EXPECT_LE(answer.finished, Clock::Now());
    EXPECT_GE(answer.bytes_sent, least_sent);
  }
  EXPECT_EQ(seen, expected);
}

// REQUIRES: it has two connections.
inline void TakesNoMoreOpsThanItHasConnectionsNorThanThereIsRoomFor(Session& session) {
  const std::vector<Op> ops = MessageOps(20);
  Completions done(64), small(1);
  const std::size_t taken = session.Submit(ops, done);
  EXPECT_GE(taken, 1u);
  EXPECT_LE(taken - done.View().size(), 2u) << "in flight";
  EXPECT_LE(session.Submit(ops, small), 1u);
}

inline void PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight(
    std::unique_ptr<Session> session) {
  Completions done(16);
  const std::vector<Op> ops = MessageOps(16);
  session->Submit(ops, done);
  const Ticks before = Clock::Now();
  session->Poll(before - 1, done);
  EXPECT_LT(Clock::Now() - before, kSecond);
  session.reset();
}

// REQUIRES: it is prepared.
inline void SessionsCanBeMadeAndUsedInSeveralThreadsAtTheSameTime(MessageRig& rig) {
  std::array<int, 3> answered{};
  std::vector<std::thread> threads;
  for (int& count : answered) {
    threads.emplace_back([&rig, &count] {
      const auto session = rig.NewSession({.connections = 4, .timeout = 10 * kSecond});
      for (const Answer& answer : Do(*session, MessageOps(50)))
        count += answer.outcome == Outcome::kOk ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(answered, ::testing::Each(50));
}

}  // namespace mbench::testing
