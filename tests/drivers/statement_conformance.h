// SPDX-License-Identifier: Apache-2.0
//
// What the conformance suite asks of drivers with verbs, asked of those that know statements only.
// Each function is a test of a session whose first statement has no arguments.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <vector>

#include "tests/drivers/answers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {

inline std::vector<Op> StatementOps(std::size_t count) {
  std::vector<Op> ops;
  for (std::size_t i = 0; i < count; ++i)
    ops.push_back({.kind = OpKind::kStatement, .slot = static_cast<std::uint32_t>(7 * i)});
  return ops;
}

inline void EveryOpHasOneCompletionWithItsSlot(Session& session, std::uint32_t least_sent) {
  const std::vector<Op> ops = StatementOps(300);
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
  const std::vector<Op> ops = StatementOps(20);
  Completions done(64), small(1);
  const std::size_t taken = session.Submit(ops, done);
  EXPECT_GE(taken, 1u);
  EXPECT_LE(taken - done.View().size(), 2u) << "in flight";
  EXPECT_LE(session.Submit(ops, small), 1u);
}

inline void PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight(
    std::unique_ptr<Session> session) {
  Completions done(16);
  const std::vector<Op> ops = StatementOps(16);
  session->Submit(ops, done);
  const Ticks before = Clock::Now();
  session->Poll(before - 1, done);
  EXPECT_LT(Clock::Now() - before, kSecond);
  session.reset();
}

}  // namespace mbench::testing
