// SPDX-License-Identifier: Apache-2.0
//
// Ops that take messages out of a stream, against a real nats-server.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "drivers/observer.h"
#include "drivers/watcher.h"
#include "tests/drivers/answers.h"
#include "tests/drivers/nats/rig.h"
#include "tests/drivers/system/servers.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

// A stream with so many messages, half of them to SUBJECT.a and half to SUBJECT.b.
std::string Filled(const std::string& url, const std::string& subject, std::size_t messages) {
  const std::string stream = OwnName("S");
  const Words words = {{"value", "v"},
                       {"stream", fmt::format(R"({{"name": "{}", "storage": "memory"}})", stream)}};
  NatsRig rig(url, {{"pipeline", "16"}});
  const auto session = rig.Start({Produce(subject + ".a", words), Produce(subject + ".b", words)});
  std::vector<Op> ops = MessageOps(messages);
  for (std::size_t i = 0; i < ops.size(); i += 2) ops[i].statement = 1;
  for (const Answer& answer : Do(*session, ops)) EXPECT_EQ(answer.outcome, Outcome::kOk);
  return stream;
}

StatementSpec Consume(const std::string& words) {
  return {.name = "read", .weight = 1, .body = BodyOf({{"consume", words}})};
}

TEST(NatsPulls, ABacklogIsReadByManyConnectionsEachMessageOnceAndThenItIsOver) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  const std::string stream = Filled(server.Url(), OwnName("t"), 1'000);
  NatsRig rig(server.Url(), {{"pipeline", "2"}});
  const auto session = rig.Start({Consume(fmt::format(
      R"({{"stream": "{}", "group": "audit", "most": 30, "wait": "50ms", "until": "end"}})",
      stream))});
  ASSERT_TRUE(session);
  EXPECT_EQ(rig.driver().Observer()->Observe().at("group_audit_lag_messages"), 1'000);
  EXPECT_FALSE(rig.driver().Watchers()->Exhausted());
  std::uint64_t items = 0;
  for (const Answer& answer : Do(*session, MessageOps(60))) {
    EXPECT_THAT(Told(*session, answer), ::testing::AnyOf("ok", "not_found"));
    EXPECT_LE(answer.items, 30u);
    if (answer.outcome == Outcome::kOk) items += answer.items;
  }
  EXPECT_EQ(items, 1'000u);
  EXPECT_TRUE(rig.driver().Watchers()->Exhausted());
  EXPECT_EQ(rig.driver().Observer()->Observe().at("group_audit_lag_messages"), 0);
  EXPECT_THAT(rig.driver().Observer()->ExamineAfter().facts.at("group audit of stream " + stream),
              HasSubstr("1000 messages read, 1000 were there when it began, 0 delivered again; had "
                        "read what was there after"));
}

TEST(NatsPulls, AnOpThatFindsNothingSaysSoAndAFilterLeavesOthersOut) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  const std::string subject = OwnName("t"), stream = Filled(server.Url(), subject, 10);
  NatsRig rig(server.Url());
  const auto session = rig.Start(
      {Consume(
           fmt::format(R"({{"stream": "{}", "group": "half", "filter": "{}.a", "wait": "50ms"}})",
                       stream, subject)),
       Consume(fmt::format(R"({{"stream": "{}", "group": "new", "from": "end", "wait": "50ms"}})",
                           stream))});
  ASSERT_TRUE(session);
  EXPECT_EQ(Do(*session, MessageOp()).items, 5u);
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "not_found");
  Op from_now = MessageOp();
  from_now.statement = 1;
  EXPECT_EQ(Told(*session, Do(*session, from_now)), "not_found");
  EXPECT_FALSE(rig.driver().Watchers()->Exhausted()) << "nobody asked for an end";
}

TEST(NatsPulls, WhatComesWhileAnOpWaitsIsItsOwnAtOnce) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  const std::string subject = OwnName("t"), stream = Filled(server.Url(), subject, 2);
  NatsRig rig(server.Url());
  const auto session =
      rig.Start({Consume(fmt::format(
                     R"({{"stream": "{}", "group": "new", "from": "end", "wait": "8s"}})", stream)),
                 Produce(subject + ".a", {{"value", "v"}})});
  ASSERT_TRUE(session);
  std::vector<Op> ops = {MessageOp(1), MessageOp(2)};
  ops[1].statement = 1;
  const Ticks before = Clock::Now();
  for (const Answer& answer : Do(*session, ops)) {
    EXPECT_EQ(Told(*session, answer), "ok");
    EXPECT_EQ(answer.items, 1u);
  }
  EXPECT_LT(Clock::Now() - before, 7 * kSecond);
}

TEST(NatsPulls, AnOpThatRunsOutOfTimeLeavesItsMessagesToOthers) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  const std::string subject = OwnName("t"), stream = Filled(server.Url(), subject, 2);
  NatsRig rig(server.Url());
  const auto session =
      rig.Start({Consume(fmt::format(
                     R"({{"stream": "{}", "group": "new", "from": "end", "wait": "1m"}})", stream)),
                 Produce(subject + ".a", {{"value", "v"}})},
                {.connections = 1, .timeout = 200 * kMillisecond});
  ASSERT_TRUE(session);
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "timed_out");
  Op send = MessageOp();
  send.statement = 1;
  EXPECT_EQ(Told(*session, Do(*session, send)), "ok");
  EXPECT_EQ(Do(*session, MessageOp()).items, 1u) << "of the request that is listened to";
  EXPECT_EQ(session->Connections().lost, 0u);
}

TEST(NatsPulls, AStreamThatIsNotThereIsNamed) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  NatsRig rig(server.Url());
  EXPECT_EQ(rig.Open(), "");
  EXPECT_THAT(Prepare(rig.driver(), {Consume(R"({"stream": "NONE", "group": "audit"})")}),
              HasSubstr("statement 'read': there is no stream 'NONE', and nothing to read"));
}

}  // namespace
}  // namespace mbench::testing
