// SPDX-License-Identifier: Apache-2.0
//
// The driver against a real Mosquitto: what the conformance suite asks of drivers with verbs, then
// what is MQTT's own; and against servers that misbehave.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>
#include <atomic>

#include "drivers/message_counts.h"
#include "drivers/observer.h"
#include "tests/drivers/message_rig.h"
#include "tests/drivers/system/rude_server.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/watching.h"

namespace mbench::testing {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::array<const char*, 2> kVersions = {"5", "3.1.1"};

std::string OwnTopic() {
  static std::atomic<int> number{0};
  return fmt::format("test/{}/{}", getpid(), ++number);
}

class MqttRig : public MessageRig {
 public:
  explicit MqttRig(const std::string& url, const Options& options = {})
      : MessageRig("mqtt", url, options) {}
};

// ---- what every driver has to do ----

class MqttConformance : public ::testing::TestWithParam<std::tuple<const char*, int>> {
 protected:
  void Start(const SessionPlan& plan = kMessagePlan) {
    if (!server_.why_not().empty()) GTEST_SKIP() << "skipped: " << server_.why_not();
    const auto& [version, qos] = GetParam();
    rig_ = std::make_unique<MqttRig>(server_.Url(), Options{{"version", version}});
    session_ =
        rig_->Start({Produce(OwnTopic(), {{"value", "v"}, {"qos", std::to_string(qos)}})}, plan);
  }
  SharedServer server_{"mosquitto"};
  std::unique_ptr<MqttRig> rig_;
  std::unique_ptr<Session> session_;
};
INSTANTIATE_TEST_SUITE_P(, MqttConformance,
                         ::testing::Combine(::testing::ValuesIn(kVersions),
                                            ::testing::Values(0, 1, 2)),
                         [](const auto& instance) {
                           return fmt::format("V{}Qos{}", std::get<0>(instance.param)[0],
                                              std::get<1>(instance.param));
                         });

TEST_P(MqttConformance, EveryOpHasOneCompletionWithItsSlot) {
  Start();
  if (session_) EveryOpHasOneCompletionWithItsSlot(*session_, 11);
}

TEST_P(MqttConformance, TakesNoMoreOpsThanItHasConnectionsNorThanThereIsRoomFor) {
  Start({.connections = 2, .timeout = 10 * kSecond});
  if (session_) TakesNoMoreOpsThanItHasConnectionsNorThanThereIsRoomFor(*session_);
}

TEST_P(MqttConformance, PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight) {
  Start();
  if (session_)
    PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight(std::move(session_));
}

TEST_P(MqttConformance, SessionsCanBeMadeAndUsedInSeveralThreadsAtTheSameTime) {
  Start();
  if (session_) SessionsCanBeMadeAndUsedInSeveralThreadsAtTheSameTime(*rig_);
}

TEST(MqttConnections, ManyMessagesMayBeOnOneConnection) {
  MBENCH_NEEDS(SharedServer, server, "mosquitto");
  for (const char* qos : {"0", "1", "2"}) {
    MqttRig rig(server.Url(), {{"pipeline", "50"}});
    const auto session = rig.Start({Produce(OwnTopic(), {{"value", "v"}, {"qos", qos}})},
                                   {.connections = 50, .timeout = 10 * kSecond});
    // Numbers of packets begin anew behind 65,535.
    const std::size_t count = qos == "1"s ? 70'000 : 1'000;
    std::size_t ok = 0;
    for (const Answer& answer : Do(*session, MessageOps(count)))
      ok += answer.outcome == Outcome::kOk ? 1 : 0;
    EXPECT_EQ(ok, count);
    EXPECT_EQ(session->Connections().made, 1u);
    EXPECT_EQ(session->Connections().lost, 0u);
  }
}

// ---- messages ----

TEST(MqttMessages, ComeOnceToOneOfAGroupWithEveryVersionAndQos) {
  MBENCH_NEEDS(SharedServer, server, "mosquitto");
  for (const char* version : kVersions) {
    for (const char* qos : {"0", "1", "2"}) {
      MqttRig rig(server.Url(), {{"version", version}});
      const std::string topic = OwnTopic();
      const auto session = rig.Start({Produce(topic + "/{machine}/t",
                                              {{"value", "{machine}"},
                                               {"qos", qos},
                                               {"consume", R"({"group": "alarms", "members": 2})"}},
                                              {"machine"})});
      Watching watching(rig.driver());
      static constexpr std::array<std::string_view, 3> kMachines = {"1", "2", "3"};
      std::vector<Op> ops;
      for (std::uint32_t i = 0; i < 300; ++i) ops.push_back(MessageOp(i, {&kMachines[i % 3], 1}));
      for (const Answer& answer : Do(*session, ops)) EXPECT_EQ(Told(*session, answer), "ok");
      watching.Finish();
      EXPECT_EQ(watching.seen, 300) << version << " " << qos;
      EXPECT_THAT(watching.failed, IsEmpty());
      EXPECT_GT(watching.longest, 0);
      const auto remarks = rig.driver().Observer()->ExamineAfter();
      EXPECT_THAT(
          remarks.facts.at(fmt::format("group alarms of {}/+/t", topic)),
          HasSubstr("300 messages acknowledged, 300 seen, 0 lost, 0 doubled, 0 out of order "
                    "within their key, 0 seen that were not acknowledged, 0 foreign"));
      EXPECT_EQ(rig.driver().Watchers()->Delivered().at(0), (MessageCounts{.acknowledged = 300}));
    }
  }
}

TEST(MqttMessages, OneThatReceivesAloneGetsThemInTheOrderOfTheirTopic) {
  MBENCH_NEEDS(SharedServer, server, "mosquitto");
  MqttRig rig(server.Url(), {{"pipeline", "20"}});
  const std::string topic = OwnTopic();
  const auto session = rig.Start({Produce(topic, {{"value", "v"}, {"consume", "{}"}})},
                                 {.connections = 40, .timeout = 10 * kSecond});
  Watching watching(rig.driver());
  Do(*session, MessageOps(2000));
  watching.Finish();
  EXPECT_EQ(watching.seen, 2000);
  EXPECT_THAT(rig.driver().Observer()->ExamineAfter().facts.at("consumers of " + topic),
              HasSubstr("0 out of order"));
}

TEST(MqttMessages, ARetainedOneComesToWhoSubscribesLaterAndIsNotTakenForOurs) {
  MBENCH_NEEDS(SharedServer, server, "mosquitto");
  const std::string topic = OwnTopic();
  {
    MqttRig rig(server.Url());
    const auto session = rig.Start({Produce(topic, {{"value", "kept"}, {"retain", "true"}})});
    EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "ok");
  }
  MqttRig rig(server.Url());
  const auto session =
      rig.Start({Produce(topic, {{"retain", "true"}, {"consume", R"({"qos": 1})"}})});
  Watching watching(rig.driver());
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "ok") << "which takes it away";
  watching.Finish();
  EXPECT_EQ(watching.seen, 1);
  EXPECT_THAT(rig.driver().Observer()->ExamineAfter().facts.at("consumers of " + topic),
              HasSubstr("1 foreign"));
}

TEST(MqttMessages, WhoReceivesNothingHasLostIt) {
  MBENCH_NEEDS(SharedServer, server, "mosquitto");
  MqttRig rig(server.Url());
  const auto session = rig.Start(
      {Produce(OwnTopic(), {{"value", "v"}, {"consume", R"({"filter": "somewhere/else"})"}})});
  Watching watching(rig.driver());
  Do(*session, MessageOps(10));
  EXPECT_EQ(rig.driver().Observer()->Observe()["consumers_value_lag_messages"], 10);
  watching.Finish(100 * kMillisecond);
  EXPECT_EQ(watching.failed["message lost"], 10);
  EXPECT_EQ(rig.driver().Watchers()->Delivered().at(0),
            (MessageCounts{.acknowledged = 10, .lost = 10}));
}

TEST(MqttMessages, OneAboveTheLimitOfTheBrokerFails) {
  MBENCH_NEEDS(SharedServer, server, "mosquitto");
  MqttRig rig(server.Url());
  const auto session = rig.Start({Produce(OwnTopic(), {{"value", std::string(200'000, 'x')}})});
  EXPECT_THAT(Told(*session, Do(*session, MessageOp())), HasSubstr("message too large"));
}

TEST(MqttMessages, ATopicThatItsValuesMakeWrongFailsAndTheConnectionStays) {
  MBENCH_NEEDS(SharedServer, server, "mosquitto");
  MqttRig rig(server.Url());
  const auto session = rig.Start({Produce("{topic}", {{"value", "v"}}, {"topic"})});
  const std::string_view wild = "a/+/b", right = "a/b";
  EXPECT_THAT(Told(*session, Do(*session, MessageOp(0, {&wild, 1}))), HasSubstr("+ or #"));
  EXPECT_EQ(Told(*session, Do(*session, MessageOp(0, {&right, 1}))), "ok");
  EXPECT_EQ(session->Connections().lost, 0u);
}

// ---- TLS, rights ----

Options Tls(const Server& server, const std::string& password) {
  return {{"user", server.Fact("USER")}, {"password", password}, {"tls_ca", server.Fact("CA")}};
}

TEST(MqttTls, SpeaksItAndLogsInAndIsToldWhatItMayNot) {
  MBENCH_NEEDS(SharedServer, server, "mosquitto");
  for (const char* version : kVersions) {
    Options options = Tls(server, server.Fact("PASSWORD"));
    options["version"] = version;
    MqttRig rig(server.Fact("TLS_URL"), options);
    const auto session =
        rig.Start({Produce(OwnTopic(), {{"value", std::string(50'000, 'x')}, {"qos", "2"}})});
    ASSERT_TRUE(session);
    for (const Answer& answer : Do(*session, MessageOps(50)))
      EXPECT_EQ(Told(*session, answer), "ok");
  }
  MqttRig rig(server.Fact("TLS_URL"), Tls(server, server.Fact("PASSWORD")));
  const auto session = rig.Start({Produce("closed/door", {{"value", "v"}})});
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "failed: not authorized");
}

TEST(MqttTls, AWrongPasswordACertificateThatIsNotTrustedAndNoTlsAreNamed) {
  MBENCH_NEEDS(SharedServer, server, "mosquitto");
  MqttRig wrong(server.Fact("TLS_URL"), Tls(server, "not that one"));
  EXPECT_THAT(wrong.Open(), HasSubstr("look at user and password"));
  Options stranger = Tls(server, server.Fact("PASSWORD"));
  stranger["tls_ca"] = server.Fact("OTHER_CA");
  EXPECT_THAT(MqttRig(server.Fact("TLS_URL"), stranger).Open(), HasSubstr("certificate"));
  std::string plain = server.Fact("TLS_URL");
  plain.erase(4, 1);  // mqtts -> mqtt
  MqttRig rig(plain);
  rig.driver().SetTimeout(2 * kSecond);
  EXPECT_THAT(rig.Open(), HasSubstr("mqtts://"));
}

// ---- servers that are none, or go away ----

TEST(MqttFaults, NobodyAnHttpServerAndOneThatIsSilentOrClosesAreNamed) {
  MqttRig nobody("mqtt://127.0.0.1:1");
  EXPECT_THAT(nobody.Open(), HasSubstr("connection refused; start a broker there"));
  EXPECT_EQ(nobody.kind, ErrorKind::kUnreachable);
  RudeServer http({.request_end = "", .replies = {"HTTP/1.1 400 Bad Request\r\n\r\n"}});
  EXPECT_THAT(MqttRig(fmt::format("mqtt://127.0.0.1:{}", http.port())).Open(),
              HasSubstr("this is not MQTT"));
  RudeServer silent({.request_end = ""});
  MqttRig rig(fmt::format("mqtt://127.0.0.1:{}", silent.port()));
  rig.driver().SetTimeout(500 * kMillisecond);
  EXPECT_THAT(rig.Open(), HasSubstr("no answer in time"));
  RudeServer closes({.request_end = "", .replies = {"x"}, .cut_after = 0});
  EXPECT_THAT(MqttRig(fmt::format("mqtt://127.0.0.1:{}", closes.port())).Open(),
              HasSubstr("connection closed by the server"));
}

const std::string kConnack = "\x20\x03\0\0\0"s;

TEST(MqttFaults, OneThatAnswersNoMessageMakesThemTimeOutAndKeepsItsConnection) {
  RudeServer server({.request_end = "", .replies = {kConnack, ""}});
  MqttRig rig(fmt::format("mqtt://127.0.0.1:{}", server.port()));
  const auto session = rig.Start({Produce("t", {{"value", "v"}})},
                                 {.connections = 1, .timeout = 200 * kMillisecond});
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "timed_out");
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "timed_out");
  EXPECT_EQ(session->Connections().lost, 0u);
}

TEST(MqttFaults, GarbageAndAHangUpFailTheMessageAndTheNextOneGoesOn) {
  RudeServer server({.request_end = "", .replies = {kConnack, Garbage(100)}});
  MqttRig rig(fmt::format("mqtt://127.0.0.1:{}", server.port()));
  const auto session =
      rig.Start({Produce("t", {{"value", "v"}})}, {.connections = 1, .timeout = 5 * kSecond});
  EXPECT_EQ(Do(*session, MessageOp()).outcome, Outcome::kFailed);
  server.Behave({.request_end = "", .replies = {kConnack}, .close_after_replies = 1});
  EXPECT_EQ(Do(*session, MessageOp()).outcome, Outcome::kFailed);
  EXPECT_GE(session->Connections().lost, 1u);
}

// It remembers, from an earlier connection, a message whose PUBCOMP it has not got.
TEST(MqttFaults, AnEarlierMessageMayBeFinishedBeforeTheSubscriptionIsConfirmed) {
  const std::string pubrel = "\x62\x02\0\x01"s, suback = "\x90\x04\0\x01\0\0"s;
  RudeServer server({.request_end = "", .replies = {kConnack + pubrel, suback, ""}});
  MqttRig rig(fmt::format("mqtt://127.0.0.1:{}", server.port()));
  const auto session = rig.Start({Produce("t", {{"value", "v"}, {"consume", "{}"}})});
  ASSERT_NE(session, nullptr);
  auto watchers = rig.driver().Watchers()->NewWatchers(kMessagePlan);
  EXPECT_TRUE(watchers) << watchers.error().message;
}

TEST(MqttFaults, ABrokerThatIsKilledAndBackIsUsedAgain) {
  MBENCH_NEEDS(OwnServer, server, "mosquitto");
  MqttRig rig(server.Url());
  const auto session = rig.Start({Produce("t", {{"value", "v"}, {"consume", "{}"}})},
                                 {.connections = 4, .timeout = 2 * kSecond, .fail_fast = true});
  Watching watching(rig.driver());
  for (const Answer& answer : Do(*session, MessageOps(20))) EXPECT_EQ(answer.outcome, Outcome::kOk);
  server.Kill();
  for (const Answer& answer : Do(*session, MessageOps(4)))
    EXPECT_EQ(answer.outcome, Outcome::kFailed);
  server.Start();
  std::string told;
  for (const Ticks end = Clock::Now() + kMinute; told != "ok" && Clock::Now() < end;)
    told = Told(*session, Do(*session, MessageOp()));
  EXPECT_EQ(told, "ok");
  watching.Finish(kSecond);
  EXPECT_GE(watching.seen, 20);
}

TEST(MqttFaults, ABrokerThatIsPausedMakesMessagesTimeOutAndTheirLateAnswersAreLeftAside) {
  MBENCH_NEEDS(OwnServer, server, "mosquitto");
  MqttRig rig(server.Url());
  const auto session = rig.Start({Produce("t", {{"value", "v"}, {"qos", "2"}})},
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
