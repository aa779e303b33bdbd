// SPDX-License-Identifier: Apache-2.0
//
// What tests of the driver nats against servers share.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/body_of.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {

inline constexpr SessionPlan kPlan{.connections = 16, .timeout = 10 * kSecond};

inline std::string OwnName(std::string_view what) {
  static std::atomic<int> number{0};
  return fmt::format("{}_{}_{}", what, getpid(), ++number);
}

using Words = std::map<std::string, std::string>;

inline StatementSpec Produce(const std::string& subject, Words more = {},
                             std::vector<std::string> arguments = {}) {
  more["produce"] = subject;
  return {.name = "value", .weight = 1, .body = BodyOf(more), .arguments = std::move(arguments)};
}

// The words of a statement that goes to a stream of its own; `core`: to none.
inline Words To(bool core, Words more = {}) {
  if (!core) more["stream"] = fmt::format(R"({{"name": "{}", "storage": "memory"}})", OwnName("S"));
  return more;
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

class NatsRig {
 public:
  explicit NatsRig(const std::string& url, Options options = {}) {
    options["url"] = url;
    driver_ = MakeDriver("nats", options);
  }
  std::string Open() {
    const auto facts = driver_->Open();
    if (facts) return "";
    kind = facts.error().kind;
    return facts.error().message;
  }
  // Opened, with these statements; nullptr: what is wrong was told.
  std::unique_ptr<Session> Start(std::vector<StatementSpec> statements,
                                 const SessionPlan& plan = kPlan) {
    const std::string opened = Open();
    EXPECT_EQ(opened, "");
    if (!opened.empty()) return nullptr;
    EXPECT_EQ(Prepare(*driver_, std::move(statements)), "");
    return NewSession(plan);
  }
  std::unique_ptr<Session> NewSession(const SessionPlan& plan = kPlan) {
    auto session = driver_->NewSession(plan);
    EXPECT_TRUE(session) << session.error().message;
    return session ? *std::move(session) : nullptr;
  }
  Driver& driver() { return *driver_; }
  ErrorKind kind = ErrorKind::kInvalid;

 private:
  std::unique_ptr<Driver> driver_;
};

}  // namespace mbench::testing
