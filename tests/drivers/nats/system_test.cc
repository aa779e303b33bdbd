// SPDX-License-Identifier: Apache-2.0
//
// The driver against a real nats-server: what the conformance suite asks of drivers with verbs,
// then what is NATS' own; and against servers that misbehave.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>
#include <map>

#include "drivers/message_counts.h"
#include "drivers/observer.h"
#include "tests/drivers/answers.h"
#include "tests/drivers/nats/rig.h"
#include "tests/drivers/system/rude_server.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/watching.h"

namespace mbench::testing {
namespace {

using ::testing::AnyOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// ---- what every driver has to do ----

class NatsConformance : public ::testing::TestWithParam<bool> {
 protected:
  void Start(const SessionPlan& plan = kMessagePlan, const std::string& pipeline = "1") {
    if (!server_.why_not().empty()) GTEST_SKIP() << "skipped: " << server_.why_not();
    rig_ = std::make_unique<NatsRig>(server_.Url(), Options{{"pipeline", pipeline}});
    session_ = rig_->Start({Produce(OwnName("t"), To(GetParam(), {{"value", "v"}}))}, plan);
  }
  SharedServer server_{"nats"};
  std::unique_ptr<NatsRig> rig_;
  std::unique_ptr<Session> session_;
};
INSTANTIATE_TEST_SUITE_P(, NatsConformance, ::testing::Bool(), [](const auto& instance) {
  return instance.param ? "Core" : "JetStream";
});

TEST_P(NatsConformance, EveryOpHasOneCompletionWithItsSlot) {
  Start();
  if (session_) EveryOpHasOneCompletionWithItsSlot(*session_, 11);
}

TEST_P(NatsConformance, TakesNoMoreOpsThanItHasConnectionsNorThanThereIsRoomFor) {
  Start({.connections = 2, .timeout = 10 * kSecond});
  if (session_) TakesNoMoreOpsThanItHasConnectionsNorThanThereIsRoomFor(*session_);
}

TEST_P(NatsConformance, PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight) {
  Start();
  if (session_)
    PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight(std::move(session_));
}

TEST_P(NatsConformance, ManyMessagesMayBeOnOneConnectionAndOneAnswerIsForAllThatLeftTogether) {
  Start({.connections = 50, .timeout = 10 * kSecond}, "50");
  if (!session_) return;
  std::size_t ok = 0, received = 0;
  for (const Answer& answer : Do(*session_, MessageOps(5'000))) {
    ok += answer.outcome == Outcome::kOk ? 1 : 0;
    received += answer.bytes_received;
  }
  EXPECT_EQ(ok, 5'000u);
  EXPECT_EQ(session_->Connections().made, 1u);
  EXPECT_EQ(session_->Connections().lost, 0u);
  if (GetParam()) {
    EXPECT_LT(received, 5'000u * 6) << "a PONG has 6 bytes";
  }
}

TEST_P(NatsConformance, SessionsCanBeMadeAndUsedInSeveralThreadsAtTheSameTime) {
  Start();
  if (session_) SessionsCanBeMadeAndUsedInSeveralThreadsAtTheSameTime(*rig_);
}

// ---- messages ----

TEST_P(NatsConformance, MessagesComeOnceToOneOfAGroup) {
  if (!server_.why_not().empty()) GTEST_SKIP() << "skipped: " << server_.why_not();
  NatsRig rig(server_.Url());
  const std::string subject = OwnName("t");
  Words words = To(GetParam(), {{"value", "{machine}"},
                                {"headers", R"({"trace": "t-{machine}"})"},
                                {"consume", R"({"group": "alarms", "members": 2})"}});
  const auto session = rig.Start({Produce(subject + ".{machine}.t", words, {"machine"})});
  ASSERT_TRUE(session);
  Watching watching(rig.driver());
  static constexpr std::array<std::string_view, 3> kMachines = {"1", "2", "3"};
  std::vector<Op> ops;
  for (std::uint32_t i = 0; i < 300; ++i) ops.push_back(MessageOp(i, {&kMachines[i % 3], 1}));
  for (const Answer& answer : Do(*session, ops)) EXPECT_EQ(Told(*session, answer), "ok");
  watching.Finish();
  EXPECT_EQ(watching.seen, 300);
  EXPECT_THAT(watching.failed, IsEmpty());
  EXPECT_GT(watching.longest, 0);
  const auto remarks = rig.driver().Observer()->ExamineAfter();
  ASSERT_FALSE(remarks.facts.empty());
  EXPECT_THAT(remarks.facts.begin()->first,
              HasSubstr(fmt::format("group alarms of {}.*.t", subject)));
  EXPECT_THAT(remarks.facts.begin()->second,
              HasSubstr("300 messages acknowledged, 300 seen, 0 lost, 0 doubled, 0 out of order "
                        "within their key, 0 seen that were not acknowledged, 0 foreign"));
  EXPECT_EQ(rig.driver().Watchers()->Delivered().at(0), (MessageCounts{.acknowledged = 300}));
}

TEST_P(NatsConformance, OneThatReceivesAloneGetsThemInTheirOrder) {
  if (!server_.why_not().empty()) GTEST_SKIP() << "skipped: " << server_.why_not();
  NatsRig rig(server_.Url(), {{"pipeline", "20"}});
  const auto session =
      rig.Start({Produce(OwnName("t"), To(GetParam(), {{"value", "v"}, {"consume", "{}"}}))},
                {.connections = 40, .timeout = 10 * kSecond});
  ASSERT_TRUE(session);
  Watching watching(rig.driver());
  Do(*session, MessageOps(2000));
  watching.Finish();
  EXPECT_EQ(watching.seen, 2000);
  EXPECT_THAT(rig.driver().Observer()->ExamineAfter().facts.begin()->second,
              HasSubstr("0 out of order"));
}

TEST(NatsMessages, WhoReceivesNothingHasLostIt) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  NatsRig rig(server.Url());
  const auto session = rig.Start(
      {Produce(OwnName("t"), {{"value", "v"}, {"consume", R"({"filter": "somewhere.else"})"}})});
  Watching watching(rig.driver());
  Do(*session, MessageOps(10));
  EXPECT_EQ(rig.driver().Observer()->Observe()["consumers_value_lag_messages"], 10);
  watching.Finish(100 * kMillisecond);
  EXPECT_EQ(watching.failed["message lost"], 10);
  EXPECT_EQ(rig.driver().Watchers()->Delivered().at(0),
            (MessageCounts{.acknowledged = 10, .lost = 10}));
}

TEST(NatsMessages, OneAboveTheLimitOfTheServerFailsAndTheConnectionStays) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  NatsRig rig(server.Url());
  const auto session = rig.Start({Produce(OwnName("t"), {{"value", "{v}"}}, {"v"})});
  const std::string most(100'000, 'x'), more = most + "x";
  const std::string_view fits = most, does_not = more;
  EXPECT_THAT(Told(*session, Do(*session, MessageOp(0, {&does_not, 1}))), HasSubstr("max_payload"));
  EXPECT_EQ(Told(*session, Do(*session, MessageOp(0, {&fits, 1}))), "ok");
  EXPECT_EQ(session->Connections().lost, 0u);
}

TEST(NatsMessages, ValuesThatMakeASubjectOrAHeaderWrongFailAndTheConnectionStays) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  NatsRig rig(server.Url());
  const auto session =
      rig.Start({Produce("{subject}", {{"headers", R"({"of": "{subject}"})"}}, {"subject"}),
                 Produce("right", {{"headers", R"({"of": "{subject}"})"}}, {"subject"})});
  const std::string_view wild = "a.>", injected = "a\r\nPUB b 0", right = "a.b";
  EXPECT_THAT(Told(*session, Do(*session, MessageOp(0, {&wild, 1}))), HasSubstr("* or >"));
  EXPECT_THAT(Told(*session, Do(*session, MessageOp(0, {&injected, 1}))), HasSubstr("blank"));
  Op header = MessageOp(0, {&injected, 1});
  header.statement = 1;
  EXPECT_THAT(Told(*session, Do(*session, header)), HasSubstr("line break"));
  EXPECT_EQ(Told(*session, Do(*session, MessageOp(0, {&right, 1}))), "ok");
  EXPECT_EQ(session->Connections().lost, 0u);
}

TEST(NatsMessages, OneThatMayNotBeSentFailsAmongOthersThatMay) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  NatsRig rig(
      server.Url(),
      {{"user", server.Fact("READER")}, {"password", server.Fact("PASSWORD")}, {"pipeline", "30"}});
  const auto session = rig.Start({Produce("open.door", {{"value", "v"}}), Produce("closed.door")},
                                 {.connections = 30, .timeout = 10 * kSecond});
  ASSERT_TRUE(session);
  std::vector<Op> ops = MessageOps(30);
  for (std::size_t i = 0; i < ops.size(); i += 3) ops[i].statement = 1;
  std::map<std::string, int> told;
  for (const Answer& answer : Do(*session, ops)) {
    ++told[Told(*session, answer)];
    EXPECT_EQ(answer.outcome == Outcome::kFailed, answer.slot % 21 == 0);
  }
  EXPECT_EQ(told["ok"], 20);
  EXPECT_EQ(told["failed: permissions violation for publish to"], 10);
}

// ---- JetStream ----

TEST(NatsStreams, OneThatIsThereIsUsedAndOneOfOursGetsTheSubjectsItLacks) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  const std::string stream = OwnName("S"), first = OwnName("t"), second = OwnName("t");
  const std::string words = fmt::format(R"({{"name": "{}", "storage": "memory"}})", stream);
  for (const std::string& subject : {first, second, first}) {
    NatsRig rig(server.Url());
    const auto session = rig.Start({Produce(subject, {{"stream", words}})});
    EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "ok");
    EXPECT_EQ(rig.driver().Observer()->Examine({}).facts.at("stream " + stream),
              "memory storage, 1 replicas, retention limits, made by mbench");
  }
  NatsRig rig(server.Url());
  EXPECT_EQ(rig.Open(), "");
  EXPECT_THAT(Prepare(rig.driver(), {Produce(first, {{"stream", OwnName("S")}})}),
              HasSubstr("subjects overlap with an existing stream"));
}

TEST(NatsStreams, AMessageWithAnIdThatWasThereIsADuplicateAndNotWaitedFor) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  NatsRig rig(server.Url());
  const auto session = rig.Start({Produce(
      OwnName("t"),
      To(false, {{"value", "v"}, {"headers", R"({"Nats-Msg-Id": "7"})"}, {"consume", "{}"}}))});
  Watching watching(rig.driver());
  const Answer first = Do(*session, MessageOp()), second = Do(*session, MessageOp());
  EXPECT_EQ(first.items, 1u);
  EXPECT_EQ(second.outcome, Outcome::kOk);
  EXPECT_EQ(second.items, 0u);
  EXPECT_EQ(session->DescribeLabel(second.label), "duplicate");
  watching.Finish();
  EXPECT_EQ(watching.seen, 1);
  EXPECT_THAT(watching.failed, IsEmpty());
  EXPECT_EQ(rig.driver().Watchers()->Delivered().at(0), (MessageCounts{.acknowledged = 1}));
}

TEST(NatsStreams, WhatIsNotDeliveredYetIsTheLagOfTheGroup) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  NatsRig rig(server.Url());
  const auto session = rig.Start(
      {Produce(OwnName("t"), To(false, {{"value", "v"}, {"consume", R"({"group": "slow"})"}}))});
  const auto watchers = rig.driver().Watchers()->NewWatchers(kMessagePlan);  // that nobody polls
  ASSERT_TRUE(watchers) << watchers.error().message;
  for (const Answer& answer : Do(*session, MessageOps(20))) EXPECT_EQ(answer.outcome, Outcome::kOk);
  const SystemFigures figures = rig.driver().Observer()->Observe();
  EXPECT_EQ(figures.at("group_slow_lag_messages"), 20);
}

TEST(NatsStreams, AConsumerOfOthersIsLeftAloneAndOneOfOursIsMadeAnew) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  const std::string stream = OwnName("S"), subject = OwnName("t");
  const Words words = {{"value", "v"},
                       {"stream", fmt::format(R"({{"name": "{}", "storage": "memory"}})", stream)},
                       {"consume", R"({"group": "billing"})"}};
  for (int run = 0; run < 2; ++run) {  // the first one ends without a word
    NatsRig rig(server.Url());
    const auto session = rig.Start({Produce(subject, words)});
    Watching watching(rig.driver());
    EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "ok");
    watching.Finish();
    EXPECT_EQ(watching.seen, 1);
    if (run == 1) rig.driver().Observer()->ExamineAfter();
  }
  // One without our mark, by a request of its own.
  NatsRig other(server.Url());
  const auto session = other.Start(
      {Produce(fmt::format("$JS.API.CONSUMER.DURABLE.CREATE.{}.billing", stream),
               {{"value", fmt::format(R"({{"stream_name": "{}", "config": {{"durable_name": )"
                                      R"("billing", "ack_policy": "explicit"}}}})",
                                      stream)}})});
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "ok");
  NatsRig rig(server.Url());
  const auto unused = rig.Start({Produce(subject, words)});
  const auto watchers = rig.driver().Watchers()->NewWatchers(kMessagePlan);
  ASSERT_FALSE(watchers);
  EXPECT_THAT(watchers.error().message, HasSubstr("that we did not make"));
}

TEST(NatsStreams, AServerWithoutJetStreamIsNamed) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  NatsRig rig(server.Fact("TLS_URL"),
              {{"token", server.Fact("TOKEN")}, {"tls_ca", server.Fact("CA")}});
  EXPECT_EQ(rig.Open(), "");
  EXPECT_THAT(Prepare(rig.driver(), {Produce("a", {{"stream", "S"}})}),
              HasSubstr("start nats-server with -js"));
}

// ---- TLS, rights, what the server says of itself ----

TEST(NatsTls, SpeaksItWithATokenAndFailsWithoutEither) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  const std::string url = server.Fact("TLS_URL");
  const Options right = {{"token", server.Fact("TOKEN")}, {"tls_ca", server.Fact("CA")}};
  NatsRig rig(url, right);
  const auto session =
      rig.Start({Produce(OwnName("t"), {{"value", std::string(50'000, 'x')}, {"consume", "{}"}})});
  ASSERT_TRUE(session);
  Watching watching(rig.driver());
  for (const Answer& answer : Do(*session, MessageOps(50))) EXPECT_EQ(Told(*session, answer), "ok");
  watching.Finish();
  EXPECT_EQ(watching.seen, 50);
  Options options = right;
  options["token"] = "not that one";
  EXPECT_THAT(NatsRig(url, options).Open(), HasSubstr("authorization violation; look at user"));
  options = right;
  options["tls_ca"] = server.Fact("OTHER_CA");
  EXPECT_THAT(NatsRig(url, options).Open(), HasSubstr("certificate"));
  EXPECT_THAT(NatsRig("nats" + url.substr(3)).Open(), HasSubstr("say tls://"));
  EXPECT_THAT(NatsRig("tls" + server.Url().substr(4), right).Open(), HasSubstr("say nats://"));
}

TEST(NatsRights, AWrongPasswordAndASubjectThatNobodyMayHearAreNamed) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  EXPECT_THAT(NatsRig(server.Url(), {{"user", "mbench"}, {"password", "wrong"}}).Open(),
              HasSubstr("authorization violation; look at user and password"));
  NatsRig rig(server.Url(),
              {{"user", server.Fact("READER")}, {"password", server.Fact("PASSWORD")}});
  const auto session = rig.Start({Produce("open.door", {{"consume", "{}"}})});
  const auto watchers = rig.driver().Watchers()->NewWatchers(kMessagePlan);
  ASSERT_FALSE(watchers);
  EXPECT_THAT(watchers.error().message,
              HasSubstr("permissions violation for subscription to; allow the user"));
}

TEST(NatsFigures, TheServerSaysHowItIsAtItsPortForMonitoring) {
  MBENCH_NEEDS(SharedServer, server, "nats");
  NatsRig rig(server.Url(), {{"monitor", server.Fact("MONITOR")}});
  const auto session = rig.Start({Produce(OwnName("t"))});
  EXPECT_THAT(rig.driver().Observer()->Examine({}).warnings, IsEmpty());
  const SystemFigures figures = rig.driver().Observer()->Observe();
  EXPECT_GE(figures.at("connections"), 16);
  EXPECT_GT(figures.at("memory_bytes"), 100'000);
  NatsRig elsewhere(server.Url(), {{"monitor", "http://127.0.0.1:1"}});
  EXPECT_EQ(elsewhere.Open(), "");
  const auto remarks = elsewhere.driver().Observer()->Examine({});
  ASSERT_EQ(remarks.warnings.size(), 1u);
  EXPECT_THAT(remarks.warnings[0], HasSubstr("connection refused"));
}

// ---- servers that are none, or go away ----

const std::string kInfo = "INFO {\"version\":\"2.9.10\",\"max_payload\":1000,\"headers\":true}\r\n";

std::string Url(const RudeServer& server) {
  return fmt::format("nats://127.0.0.1:{}", server.port());
}

TEST(NatsFaults, NobodyAnHttpServerAndOneThatIsSilentOrClosesAreNamed) {
  NatsRig nobody("nats://127.0.0.1:1");
  EXPECT_THAT(nobody.Open(), HasSubstr("connection refused; start nats-server there"));
  EXPECT_EQ(nobody.kind, ErrorKind::kUnreachable);
  RudeServer http({.greeting = "HTTP/1.1 400 Bad Request\r\n\r\n"});
  EXPECT_THAT(NatsRig(Url(http)).Open(), HasSubstr("this is not NATS; give the port"));
  RudeServer silent({});
  NatsRig waiting(Url(silent));
  waiting.driver().SetTimeout(300 * kMillisecond);
  EXPECT_THAT(waiting.Open(), HasSubstr("no answer in time; a NATS server speaks first"));
  RudeServer closes(
      {.request_end = "PING\r\n", .replies = {"x"}, .cut_after = 0, .greeting = kInfo});
  EXPECT_THAT(NatsRig(Url(closes)).Open(), HasSubstr("connection closed by the server"));
  RudeServer bad_info({.greeting = "INFO {\r\n"});
  EXPECT_THAT(NatsRig(Url(bad_info)).Open(), HasSubstr("this is not NATS"));
}

TEST(NatsFaults, WhatStandsBetweenTheInfoAndTlsIsNotBelieved) {
  const std::string info = "INFO {\"headers\":true,\"tls_required\":true}\r\n";
  RudeServer server({.greeting = info + "PONG\r\n"});
  NatsRig rig("tls" + Url(server).substr(4));
  EXPECT_THAT(rig.Open(), AnyOf(HasSubstr("this is not NATS"), HasSubstr("TLS handshake failed")));
}

TEST(NatsFaults, OneThatNeverAnswersPingMakesMessagesTimeOutAndKeepsItsConnection) {
  RudeServer server({.request_end = "PING\r\n", .replies = {"PONG\r\n", ""}, .greeting = kInfo});
  NatsRig rig(Url(server));
  const auto session = rig.Start({Produce("t", {{"value", "v"}})},
                                 {.connections = 1, .timeout = 200 * kMillisecond});
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "timed_out");
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "timed_out");
  EXPECT_EQ(session->Connections().lost, 0u);
}

TEST(NatsFaults, ALateAnswerIsNotTakenForThatOfTheNextMessage) {
  RudeServer server({.request_end = "PING\r\n", .replies = {"PONG\r\n", ""}, .greeting = kInfo});
  NatsRig rig(Url(server));
  const auto session = rig.Start({Produce("t", {{"value", "v"}})},
                                 {.connections = 1, .timeout = 300 * kMillisecond});
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "timed_out");
  // The answer of the first one comes with the second message, whose own never does.
  server.Behave({.request_end = "PING\r\n", .replies = {"PONG\r\n"}, .greeting = kInfo});
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "timed_out");
}

TEST(NatsFaults, HalfAMessageAbsurdLengthsAndGarbageFailTheMessageAndTheNextOneGoesOn) {
  for (const std::string& reply :
       {std::string("MSG a 1 99999999999\r\n"), std::string("MSG a 1 5\r\nhe"),
        std::string("MSG a 1 5\r\nhello\r\n"), Garbage(100), std::string("PONG\r\nPONG\r\n\r\n")}) {
    RudeServer server({.request_end = "PING\r\n",
                       .replies = {"PONG\r\n", reply},
                       .close_after_replies = 2,
                       .greeting = kInfo});
    NatsRig rig(Url(server));
    const auto session =
        rig.Start({Produce("t", {{"value", "v"}})}, {.connections = 1, .timeout = 5 * kSecond});
    ASSERT_TRUE(session);
    const Outcome outcome = Do(*session, MessageOp()).outcome;
    EXPECT_EQ(outcome, reply.starts_with("PONG") ? Outcome::kOk : Outcome::kFailed) << reply;
    server.Behave({.request_end = "PING\r\n", .replies = {"PONG\r\n"}, .greeting = kInfo});
    std::string told;
    for (const Ticks end = Clock::Now() + kMinute; told != "ok" && Clock::Now() < end;)
      told = Told(*session, Do(*session, MessageOp()));
    EXPECT_EQ(told, "ok");
  }
}

TEST(NatsFaults, WhatAServerSaysBeforeItClosesIsTheReason) {
  RudeServer server({.request_end = "PING\r\n",
                     .replies = {"PONG\r\n", "-ERR 'Maximum Payload Violation'\r\n"},
                     .close_after_replies = 2,
                     .greeting = kInfo});
  NatsRig rig(Url(server));
  const auto session =
      rig.Start({Produce("t", {{"value", "v"}})}, {.connections = 1, .timeout = 5 * kSecond});
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "failed: maximum payload violation");
}

TEST(NatsFaults, AServerThatIsKilledAndBackIsUsedAgainAndAStreamGoesOn) {
  MBENCH_NEEDS(OwnServer, server, "nats");
  NatsRig rig(server.Url());
  const auto session = rig.Start(
      {Produce("t", {{"value", "v"}, {"consume", "{}"}}),
       Produce("kept", {{"value", "v"}, {"stream", "KEPT"}, {"consume", R"({"group": "g"})"}})},
      {.connections = 4, .timeout = 2 * kSecond, .fail_fast = true});
  Watching watching(rig.driver());
  std::vector<Op> ops = MessageOps(40);
  for (std::size_t i = 0; i < ops.size(); i += 2) ops[i].statement = 1;
  for (const Answer& answer : Do(*session, ops)) EXPECT_EQ(answer.outcome, Outcome::kOk);
  server.Kill();
  for (const Answer& answer : Do(*session, MessageOps(4)))
    EXPECT_EQ(answer.outcome, Outcome::kFailed);
  server.Start();
  for (std::uint16_t statement = 0; statement < 2; ++statement) {
    std::string told;
    Op op = MessageOp();
    op.statement = statement;
    for (const Ticks end = Clock::Now() + kMinute; told != "ok" && Clock::Now() < end;)
      told = Told(*session, Do(*session, op));
    EXPECT_EQ(told, "ok");
  }
  watching.Finish(5 * kSecond);
  EXPECT_GE(watching.seen, 40);
  EXPECT_EQ(rig.driver().Watchers()->Delivered().at(1).lost, 0u) << "the stream keeps them";
  EXPECT_THAT(rig.driver().Observer()->ExamineAfter().warnings,
              Each(Not(HasSubstr("ten minutes"))));
}

TEST(NatsFaults, AServerThatIsPausedMakesMessagesTimeOutAndTheirLateAnswersAreLeftAside) {
  MBENCH_NEEDS(OwnServer, server, "nats");
  NatsRig rig(server.Url());
  const auto session = rig.Start({Produce("t", {{"value", "v"}})},
                                 {.connections = 4, .timeout = 300 * kMillisecond});
  server.Pause();
  for (const Answer& answer : Do(*session, MessageOps(4)))
    EXPECT_EQ(answer.outcome, Outcome::kTimedOut);
  server.Resume();
  std::string told;
  for (const Ticks end = Clock::Now() + kMinute; told != "ok" && Clock::Now() < end;)
    told = Told(*session, Do(*session, MessageOp()));
  EXPECT_EQ(told, "ok");
  EXPECT_EQ(session->Connections().lost, 0u);
}

}  // namespace
}  // namespace mbench::testing
