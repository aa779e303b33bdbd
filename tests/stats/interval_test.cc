// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/interval.h"

#include <gtest/gtest.h>

namespace mbench {
namespace {

Histogram& Response(OpStats* op, Outcome outcome) {
  return op->response[static_cast<std::size_t>(outcome)];
}

// One op in each outcome, each with a response time of its own.
OpStats OneOfEach() {
  OpStats op;
  for (std::size_t i = 0; i < kOutcomes; ++i) op.response[i].Record(static_cast<Ticks>(100 + i));
  return op;
}

TEST(OpStats, PercentilesAreMadeOfAnswersAndTimeOutsOnly) {
  const Histogram answered = OneOfEach().Answered();
  EXPECT_EQ(answered.TotalCount(), 3);
  EXPECT_EQ(answered.CountAbove(100 + static_cast<Ticks>(Outcome::kNotFound)), 1);
  EXPECT_EQ(answered.Max(), 100 + static_cast<Ticks>(Outcome::kTimedOut));
}

TEST(OpStats, EveryOutcomeEnds) { EXPECT_EQ(OneOfEach().Ended(), kOutcomes); }

TEST(OpStats, AddingSumsHistogramsAndErrorClasses) {
  OpStats sum = OneOfEach();
  sum.errors = {{"closed", 1}};
  OpStats other = OneOfEach();
  other.errors = {{"closed", 2}, {"busy", 5}};
  other.service.Record(9);
  sum.Add(other);
  EXPECT_EQ(sum.Count(Outcome::kFailed), 2);
  EXPECT_EQ(sum.service.TotalCount(), 1);
  EXPECT_EQ(sum.errors, (std::map<std::string, std::uint64_t>{{"busy", 5}, {"closed", 3}}));
}

TEST(Account, BalancesOnlyWhenEveryOfferedOpIsSomewhere) {
  Account account{.offered = 10, .ended = {4, 1, 0, 2, 0, 0}, .in_flight = 2, .waiting = 1};
  EXPECT_EQ(account.Ended(), 7);
  EXPECT_TRUE(account.Balances());
  account.waiting = 0;
  EXPECT_FALSE(account.Balances());
}

TEST(Interval, AddingToANewOneCopies) {
  Interval second{.begin = 5 * kSecond, .end = 6 * kSecond};
  second.ops.push_back(OneOfEach());
  second.offered = 6;
  second.planned_level = 100;
  second.host.busy = 0.5;
  Interval total;
  total.Add(second);
  EXPECT_EQ(total.begin, 5 * kSecond);
  EXPECT_EQ(total.end, 6 * kSecond);
  EXPECT_EQ(total.ops.at(0).Ended(), kOutcomes);
  EXPECT_EQ(total.offered, 6);
  EXPECT_EQ(total.planned_level, 100);
  EXPECT_DOUBLE_EQ(total.host.busy, 0.5);
}

TEST(Interval, AddingSumsCountsAndKeepsTheStateOfTheLaterOne) {
  Interval total{.begin = 0, .end = kSecond, .offered = 10, .planned_level = 100, .in_flight = 4};
  total.lag.Record(5);
  total.Add({.begin = kSecond,
             .end = 2 * kSecond,
             .offered = 20,
             .planned_level = 200,
             .in_flight = 7,
             .warmup_ops = 3});
  EXPECT_EQ(total.begin, 0);
  EXPECT_EQ(total.end, 2 * kSecond);
  EXPECT_EQ(total.offered, 30);
  EXPECT_EQ(total.warmup_ops, 3);
  EXPECT_EQ(total.planned_level, 200);
  EXPECT_EQ(total.in_flight, 7);
  EXPECT_EQ(total.lag.TotalCount(), 1);
}

TEST(Interval, BusyIsWeightedByTimeAndCpuIsSummed) {
  Interval total{
      .begin = 0, .end = 3 * kSecond, .host = {.client_cpu_s = 3, .busy = 0.2, .rss_bytes = 10}};
  total.Add({.begin = 3 * kSecond,
             .end = 4 * kSecond,
             .host = {.client_cpu_s = 1, .busy = 1.0, .steal = 0.4, .rss_bytes = 7}});
  EXPECT_DOUBLE_EQ(total.host.busy, 0.4);
  EXPECT_DOUBLE_EQ(total.host.steal, 0.1);
  EXPECT_DOUBLE_EQ(total.host.client_cpu_s, 4);
  EXPECT_EQ(total.host.rss_bytes, 10);
}

TEST(OpStats, TimedOutOpsCountWithTheTimeAfterWhichTheyWereGivenUp) {
  OpStats op;
  Response(&op, Outcome::kOk).RecordMany(kMillisecond, 98);
  Response(&op, Outcome::kTimedOut).RecordMany(kSecond, 2);
  EXPECT_GE(op.Answered().ValueAtPercentile(99), kSecond);
}

}  // namespace
}  // namespace mbench
