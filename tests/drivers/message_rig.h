// SPDX-License-Identifier: Apache-2.0
//
// What tests of drivers of brokers share: an opened driver whose statements send messages.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/body_of.h"
#include "tests/drivers/statement_conformance.h"

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

inline std::vector<Op> MessageOps(std::size_t count) { return StatementOps(count); }

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

// One more thing that every driver has to do. REQUIRES: it is prepared.
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
