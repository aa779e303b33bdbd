// SPDX-License-Identifier: Apache-2.0
//
// The driver against a real RabbitMQ: what the conformance suite asks of drivers with verbs, then
// what is RabbitMQ's own; and against servers that misbehave. RabbitMQ takes long to start, so all
// tests share one; what it does when it is out of memory, gone or back, rude servers play.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <map>

#include "drivers/message_counts.h"
#include "drivers/observer.h"
#include "drivers/rabbitmq/amqp_frames.h"
#include "tests/drivers/message_rig.h"
#include "tests/drivers/system/rude_server.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/watching.h"

namespace mbench::testing {
namespace {

using namespace std::string_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Queues stay, so other runs of this test have others.
std::string OwnQueue() {
  static std::atomic<int> number{0};
  return fmt::format("test.{}.{:x}.{}", getpid(), Clock::Now() & 0xffffff, ++number);
}

std::string From(const std::string& queue, const std::string& more = "") {
  return fmt::format(R"({{"queue": "{}"{}}})", queue, more);
}

class Rig : public MessageRig {
 public:
  explicit Rig(const std::string& url, const Options& options = {})
      : MessageRig("rabbitmq", url, options) {}
};

// ---- what every driver has to do ----

class RabbitConformance : public ::testing::Test {
 protected:
  void Start(const SessionPlan& plan = kMessagePlan) {
    if (!server_.why_not().empty()) GTEST_SKIP() << "skipped: " << server_.why_not();
    rig_ = std::make_unique<Rig>(server_.Url());
    session_ = rig_->Start({Produce(OwnQueue(), {{"value", "v"}})}, plan);
  }
  SharedServer server_{"rabbitmq"};
  std::unique_ptr<Rig> rig_;
  std::unique_ptr<Session> session_;
};

TEST_F(RabbitConformance, EveryOpHasOneCompletionWithItsSlot) {
  Start();
  if (session_) EveryOpHasOneCompletionWithItsSlot(*session_, 51);
}

TEST_F(RabbitConformance, TakesNoMoreOpsThanItHasConnectionsNorThanThereIsRoomFor) {
  Start({.connections = 2, .timeout = 10 * kSecond});
  if (session_) TakesNoMoreOpsThanItHasConnectionsNorThanThereIsRoomFor(*session_);
}

TEST_F(RabbitConformance, PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight) {
  Start();
  if (session_)
    PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight(std::move(session_));
}

TEST_F(RabbitConformance, SessionsCanBeMadeAndUsedInSeveralThreadsAtTheSameTime) {
  Start();
  if (session_) SessionsCanBeMadeAndUsedInSeveralThreadsAtTheSameTime(*rig_);
}

TEST(RabbitConnections, OneConfirmMayBeForManyMessagesOfOneConnection) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  Rig rig(server.Url(), {{"pipeline", "50"}});
  const auto session = rig.Start({Produce(OwnQueue(), {{"value", "v"}, {"persistent", "false"}})},
                                 {.connections = 50, .timeout = 10 * kSecond});
  std::size_t ok = 0;
  for (const Answer& answer : Do(*session, MessageOps(3000)))
    ok += answer.outcome == Outcome::kOk ? 1 : 0;
  EXPECT_EQ(ok, 3000u);
  EXPECT_EQ(session->Connections().made, 1u);
  EXPECT_EQ(session->Connections().lost, 0u);
}

// ---- messages ----

TEST(RabbitMessages, ComeOnceToTheConsumersOfAQueueOfEveryType) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  for (const char* type : {"classic", "quorum", "stream"}) {
    Rig rig(server.Url(), {{"pipeline", "10"}});
    const std::string queue = OwnQueue();
    const auto session = rig.Start({Produce(
        queue, {{"value", std::string(5000, 'x')}, {"type", type}, {"consume", From(queue)}})});
    ASSERT_TRUE(session);
    Watching watching(rig.driver());
    for (const Answer& answer : Do(*session, MessageOps(300)))
      EXPECT_EQ(Told(*session, answer), "ok");
    watching.Finish();
    EXPECT_EQ(watching.seen, 300) << type;
    EXPECT_THAT(watching.failed, IsEmpty());
    EXPECT_GT(watching.longest, 0);
    EXPECT_THAT(
        rig.driver().Observer()->ExamineAfter().facts.at("queue " + queue),
        HasSubstr("300 messages acknowledged, 300 seen, 0 lost, 0 doubled, 0 out of order within "
                  "their key, 0 seen that were not acknowledged, 0 foreign, 0 redelivered"))
        << type;
    EXPECT_EQ(rig.driver().Watchers()->Delivered().at(0), (MessageCounts{.acknowledged = 300}));
    EXPECT_THAT(rig.driver().Observer()->Examine({}).facts.at("queue " + queue + " is"),
                HasSubstr(type));
  }
}

TEST(RabbitMessages, ComeThroughAnExchangeToSeveralConsumersOfAQueueWithoutAcknowledgements) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  Rig rig(server.Url());
  const std::string queue = OwnQueue();
  const auto session =
      rig.Start({Produce(queue + ".{machine}.t",
                         {{"value", "{machine}"},
                          {"exchange", "test-exchange"},
                          {"consume", From(queue, R"(, "members": 2, "ack_every": 0)")}},
                         {"machine"})});
  ASSERT_TRUE(session);
  Watching watching(rig.driver());
  static constexpr std::array<std::string_view, 3> kMachines = {"1", "2", "3"};
  std::vector<Op> ops;
  for (std::uint32_t i = 0; i < 300; ++i) ops.push_back(MessageOp(i, {&kMachines[i % 3], 1}));
  for (const Answer& answer : Do(*session, ops)) EXPECT_EQ(Told(*session, answer), "ok");
  watching.Finish();
  EXPECT_EQ(watching.seen, 300);
  EXPECT_THAT(watching.failed, IsEmpty());
}

TEST(RabbitMessages, OneThatGoesToNoQueueFailsAndIsNotWaitedFor) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  Rig rig(server.Url(), {{"pipeline", "10"}});
  const std::string queue = OwnQueue();
  const auto session =
      rig.Start({Produce("{key}",
                         {{"exchange", "test-exchange"},
                          {"value", "v"},
                          {"consume", From(queue, fmt::format(R"(, "bind": "{}")", queue))}},
                         {"key"})});
  ASSERT_TRUE(session);
  Watching watching(rig.driver());
  const std::string_view bound = queue, other = "to-nobody";
  std::vector<Op> ops;
  for (std::uint32_t i = 0; i < 40; ++i)
    ops.push_back(MessageOp(i, {i % 2 == 0 ? &bound : &other, 1}));
  for (const Answer& answer : Do(*session, ops))
    EXPECT_EQ(Told(*session, answer),
              answer.slot % 2 == 0
                  ? "ok"
                  : "failed: came back, for no queue is there for it (312 NO_ROUTE)");
  watching.Finish();
  EXPECT_EQ(watching.seen, 20);
  EXPECT_EQ(rig.driver().Watchers()->Delivered().at(0), (MessageCounts{.acknowledged = 20}));
  EXPECT_EQ(session->Connections().lost, 0u);
}

TEST(RabbitMessages, AQueueThatIsFullRejectsThem) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  Rig rig(server.Url());
  const auto session = rig.Start({Produce("full", {{"value", "v"}})});
  ASSERT_TRUE(session);
  Do(*session, MessageOp());
  const Answer answer = Do(*session, MessageOp());
  EXPECT_EQ(answer.outcome, Outcome::kRejected);
  EXPECT_THAT(session->DescribeError(answer.error), HasSubstr("full"));
}

TEST(RabbitMessages, OneAboveTheLimitOfTheServerFailsAndTheNextOneGoesOn) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  Rig rig(server.Url());
  const auto session = rig.Start({Produce(OwnQueue(), {{"value", "{text}"}}, {"text"})},
                                 {.connections = 1, .timeout = 10 * kSecond});
  const std::string large(1'500'000, 'x');
  const std::string_view too_large = large, right = std::string_view(large).substr(0, 900'000);
  EXPECT_THAT(Told(*session, Do(*session, MessageOp(0, {&too_large, 1}))),
              HasSubstr("larger than configured max size 1000000"));
  EXPECT_EQ(Told(*session, Do(*session, MessageOp(0, {&right, 1}))), "ok");
}

TEST(RabbitMessages, WhatNobodyTakesWaitsInTheQueueAndIsLostForTheRun) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  Rig rig(server.Url());
  const std::string queue = OwnQueue(), elsewhere = OwnQueue();
  const auto session = rig.Start({Produce(elsewhere, {{"value", "v"}, {"consume", From(queue)}})});
  ASSERT_TRUE(session);
  Watching watching(rig.driver());
  Do(*session, MessageOps(10));
  EXPECT_EQ(rig.driver().Observer()->Observe()["group_" + queue + "_lag_messages"], 10);
  watching.Finish(100 * kMillisecond);
  EXPECT_EQ(watching.failed["message lost"], 10);
}

// ---- whose queues they are ----

TEST(RabbitQueues, WhatIsLeftInOneOfOursIsTakenAwayAsForeign) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  const std::string queue = OwnQueue();
  {
    Rig rig(server.Url());
    const auto session = rig.Start({Produce(queue, {{"value", "left"}})});
    for (const Answer& answer : Do(*session, MessageOps(5))) EXPECT_THAT(answer, IsOk());
  }
  Rig rig(server.Url());
  const auto session = rig.Start({Produce(queue, {{"value", "v"}, {"consume", From(queue)}})});
  ASSERT_TRUE(session);
  EXPECT_EQ(rig.driver().Observer()->Observe()["group_" + queue + "_lag_messages"], 5);
  Watching watching(rig.driver());
  Do(*session, MessageOps(10));
  watching.Finish();
  EXPECT_EQ(watching.seen, 10);
  EXPECT_THAT(rig.driver().Observer()->ExamineAfter().facts.at("queue " + queue),
              HasSubstr("5 foreign"));
}

// `full` was not made by us, and holds a message once another test, or this one, has sent it.
TEST(RabbitQueues, OneOfOthersWithMessagesIsNotReceivedFrom) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  Rig rig(server.Url());
  const auto session = rig.Start({Produce("full", {{"value", "v"}})});
  Do(*session, MessageOp());
  EXPECT_THAT(rig.Refusal({Produce("full", {{"value", "v"}, {"consume", From("full")}})}),
              HasSubstr("the queue 'full' was not made by mbench and has 1 messages"));
}

TEST(RabbitQueues, OneOfAnotherTypeIsRefusedAndUsedAsItIsWhenNothingIsSaid) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  const std::string queue = OwnQueue();
  EXPECT_EQ(Rig(server.Url()).Refusal({Produce(queue, {{"type", "quorum"}})}), "");
  EXPECT_EQ(Rig(server.Url()).Refusal({Produce(queue, {{"type", "quorum"}})}), "");
  EXPECT_THAT(Rig(server.Url()).Refusal({Produce(queue, {{"type", "stream"}})}),
              HasSubstr("is there and is a quorum one, not stream; say type: quorum"));
  Rig rig(server.Url());
  const auto session = rig.Start({Produce(queue, {{"value", "v"}})});
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "ok");
  EXPECT_EQ(rig.driver().Observer()->Examine({}).facts.at("queue " + queue + " is"), "quorum");
}

TEST(RabbitQueues, TheTypeThatOneStatementSaysIsThatOfAllThatNameTheQueue) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  const std::string queue = OwnQueue();
  Rig rig(server.Url());
  StatementSpec later = Produce(queue, {{"type", "quorum"}});
  later.name = "later";
  EXPECT_EQ(rig.Refusal({Produce(queue), later}), "");
  EXPECT_THAT(rig.driver().Observer()->Examine({}).facts.at("queue " + queue + " is"),
              HasSubstr("quorum"));
}

// ---- TLS, rights, vhosts ----

Options Tls(const Server& server, const std::string& password) {
  return {{"user", server.Fact("USER")}, {"password", password}, {"tls_ca", server.Fact("CA")}};
}

TEST(RabbitTls, SpeaksItAndLogsInAndIsToldWhatItMayNot) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  const Options options = Tls(server, server.Fact("PASSWORD"));
  const std::string url = server.Fact("TLS_URL"), queue = OwnQueue();
  Rig rig(url, options);
  const auto session =
      rig.Start({Produce(queue, {{"value", std::string(300'000, 'x')}, {"consume", From(queue)}})});
  ASSERT_TRUE(session);
  Watching watching(rig.driver());
  for (const Answer& answer : Do(*session, MessageOps(30))) EXPECT_EQ(Told(*session, answer), "ok");
  watching.Finish();
  EXPECT_EQ(watching.seen, 30);
  EXPECT_THAT(Rig(url, options).Refusal({Produce("closed.too", {{"value", "v"}})}),
              HasSubstr("is not there, and this user may not make it: 403 ACCESS_REFUSED"));
}

TEST(RabbitTls, AWrongPasswordAVhostThatIsNotThereACertificateThatIsNotTrustedAndNoTlsAreNamed) {
  MBENCH_NEEDS(SharedServer, server, "rabbitmq");
  const std::string url = server.Fact("TLS_URL"), right = server.Fact("PASSWORD");
  Rig wrong(url, Tls(server, "not that one"));
  EXPECT_THAT(wrong.Open(), HasSubstr("look at user and password"));
  EXPECT_EQ(wrong.kind, ErrorKind::kUnreachable);
  EXPECT_THAT(Rig(url + "/nowhere", Tls(server, right)).Open(),
              HasSubstr("vhost nowhere not found; name another one in url"));
  EXPECT_THAT(Rig(url + "/own", Tls(server, right)).Open(), HasSubstr("let the user in"));
  EXPECT_EQ(Rig(server.Url() + "/own").Open(), "");
  EXPECT_EQ(Rig(server.Url() + "/%2F").Open(), "");
  Options stranger = Tls(server, right);
  stranger["tls_ca"] = server.Fact("OTHER_CA");
  EXPECT_THAT(Rig(url, stranger).Open(), HasSubstr("certificate"));
  std::string plain = url;
  plain.erase(4, 1);  // amqps -> amqp
  Rig rig(plain);
  rig.driver().SetTimeout(2 * kSecond);
  EXPECT_THAT(rig.Open(), HasSubstr("amqps://"));
}

// ---- servers that are none, or go away ----

std::string UrlOf(const RudeServer& server) {
  return fmt::format("amqp://127.0.0.1:{}", server.port());
}

// A frame of the connection (channel 0) or of the channel, with a method.
std::string FrameOf(amqp::Method method, std::uint8_t channel, const std::string& arguments = "") {
  std::string frame;
  amqp::AppendPlain(method, channel, &frame);
  frame.resize(11);
  frame[6] = static_cast<char>(4 + arguments.size());
  return frame + arguments + '\xce';
}

const std::string kStart =
    FrameOf(amqp::Method::kStart, 0, "\0\x09\0\0\0\0\0\0\0\5PLAIN\0\0\0\5en_US"s);
const std::string kTune = FrameOf(amqp::Method::kTune, 0, "\7\xff\0\2\0\0\0\x3c"s);
const std::string kOpened = FrameOf(amqp::Method::kOpenOk, 0, "\0"s);
const std::string kChannel = FrameOf(amqp::Method::kChannelOpenOk, 1, "\0\0\0\0"s);
const std::string kConfirms = FrameOf(amqp::Method::kConfirmSelectOk, 1);

TEST(RabbitFaults, NobodyAnHttpServerAndOneThatIsSilentOrClosesAreNamed) {
  Rig nobody("amqp://127.0.0.1:1");
  EXPECT_THAT(nobody.Open(), HasSubstr("connection refused; start a server there"));
  EXPECT_EQ(nobody.kind, ErrorKind::kUnreachable);
  RudeServer http({.request_end = "", .replies = {"HTTP/1.1 400 Bad Request\r\n\r\n"}});
  EXPECT_THAT(Rig(UrlOf(http)).Open(), HasSubstr("this is not AMQP; give the port"));
  RudeServer older({.request_end = "", .replies = {"AMQP\1\1\0\x09"s}});
  EXPECT_THAT(Rig(UrlOf(older)).Open(), HasSubstr("another version of AMQP"));
  RudeServer closes({.request_end = "", .replies = {"x"}, .cut_after = 0});
  EXPECT_THAT(Rig(UrlOf(closes)).Open(), HasSubstr("connection closed by the server"));
  RudeServer kerberos({.request_end = "",
                       .replies = {FrameOf(amqp::Method::kStart, 0,
                                           "\0\x09\0\0\0\0\0\0\0\6GSSAPI\0\0\0\5en_US"s)}});
  EXPECT_THAT(Rig(UrlOf(kerberos)).Open(), HasSubstr("no user with a password"));
}

TEST(RabbitFaults, AHelloThatIsCutOffTooLargeOrNoneEndsTheAttempt) {
  RudeServer server({.request_end = "", .replies = {kStart}, .cut_after = 9});
  EXPECT_THAT(Rig(UrlOf(server)).Open(), HasSubstr("connection closed by the server"));
  server.Behave({.request_end = "", .replies = {"\1\0\0\x7f\xff\xff\xff"s}});
  EXPECT_THAT(Rig(UrlOf(server)).Open(), HasSubstr("this is not AMQP"));
  std::string bad_end = kStart;
  bad_end.back() = '\0';
  server.Behave({.request_end = "", .replies = {bad_end}});
  EXPECT_THAT(Rig(UrlOf(server)).Open(), HasSubstr("this is not AMQP"));
  server.Behave({.request_end = "", .replies = {kTune}});
  EXPECT_THAT(Rig(UrlOf(server)).Open(), HasSubstr("this is not AMQP")) << "tune before start";
  server.Behave({.request_end = "", .replies = {kStart, ""}});
  Rig rig(UrlOf(server));
  rig.driver().SetTimeout(300 * kMillisecond);
  EXPECT_THAT(rig.Open(), HasSubstr("no answer in time")) << "and no tune";
}

const std::string kCloseOk = FrameOf(amqp::Method::kCloseOk, 0);

// One to whom messages may be sent; the n-th gets the n-th of `answers`, later ones the last. The
// queue is drawn, so that it is not asked for.
class RudeRabbit {
 public:
  explicit RudeRabbit(const std::vector<std::string>& answers, Ticks timeout = 5 * kSecond)
      : server_({.request_end = "", .replies = {kStart, kTune, kOpened, kChannel, kCloseOk}}),
        rig_(UrlOf(server_)) {
    EXPECT_EQ(rig_.Refusal({Produce("{q}", {{"value", "v"}}, {"q"})}), "");
    Answer(answers);
    session_ = rig_.NewSession({.connections = 1, .timeout = timeout});
  }
  void Answer(const std::vector<std::string>& answers,
              std::size_t close_after = std::string::npos) {
    Manners manners{.request_end = "", .replies = {kStart, kTune, kOpened, kChannel, kConfirms}};
    manners.replies.insert(manners.replies.end(), answers.begin(), answers.end());
    if (close_after != std::string::npos) manners.close_after_replies = 5 + close_after;
    server_.Behave(manners);
  }
  std::string Send() {
    static constexpr std::string_view kQueue = "q";
    return Told(*session_, Do(*session_, MessageOp(0, {&kQueue, 1})));
  }
  Rig& rig() { return rig_; }
  Session& session() { return *session_; }
  RudeServer& server() { return server_; }

 private:
  RudeServer server_;
  Rig rig_;
  std::unique_ptr<Session> session_;
};

std::string Ack(std::uint8_t tag, bool multiple = false) {
  return FrameOf(amqp::Method::kAck, 1,
                 "\0\0\0\0\0\0\0"s + static_cast<char>(tag) + (multiple ? '\1' : '\0'));
}

TEST(RabbitFaults, ALateConfirmIsLeftAsideAndTheConnectionStays) {
  RudeRabbit rabbit({"", "", Ack(2, true) + Ack(3)}, 200 * kMillisecond);
  EXPECT_EQ(rabbit.Send(), "timed_out");
  EXPECT_EQ(rabbit.Send(), "timed_out");
  EXPECT_EQ(rabbit.Send(), "ok");
  EXPECT_EQ(rabbit.session().Connections().lost, 0u);
}

TEST(RabbitFaults, AnErrorOfTheChannelOrTheConnectionFailsTheMessageInItsWords) {
  RudeRabbit rabbit(
      {FrameOf(amqp::Method::kChannelClose, 1, "\1\x94\x18NOT_FOUND - no queue 'q'\0\x3c\0\x28"s)});
  EXPECT_EQ(rabbit.Send(), "failed: 404 NOT_FOUND - no queue 'q'");
  rabbit.Answer({FrameOf(amqp::Method::kClose, 0, "\1\x40\x06"s + "forced" + "\0\0\0\0"s)});
  EXPECT_EQ(rabbit.Send(), "failed: 320 forced");
  rabbit.Answer({Ack(1)});
  EXPECT_EQ(rabbit.Send(), "ok");
  EXPECT_EQ(rabbit.session().Connections().lost, 2u);
}

TEST(RabbitFaults, FramesThatAreNoneFailTheMessageAndTheNextOneGoesOn) {
  RudeRabbit rabbit({Garbage(100)});
  EXPECT_THAT(rabbit.Send(), HasSubstr("failed: "));
  const std::map<std::string, std::string> rude = {
      {"\1\0\1\x7f\xff\xff\xff"s, "failed: a frame is larger than was agreed on"},
      {Ack(1).substr(0, Ack(1).size() - 1) + 'x', "failed: a frame does not end as it has to"},
      {"\2\0\1\0\0\0\0\xce"s, "failed: malformed answer"},  // the head of no message
      {"\3\0\1\0\0\0\1x\xce"s, "failed: malformed answer"},
      {"\1\0\1\0\0\0\2\0\x3c\xce"s, "failed: malformed answer"},  // half the number of a method
      {FrameOf(amqp::Method::kDeliver, 1, "\0"s), "failed: malformed answer"},
  };
  for (const auto& [answer, told] : rude) {
    rabbit.Answer({answer});
    EXPECT_EQ(rabbit.Send(), told);
  }
  rabbit.Answer({Ack(1).substr(0, 9)}, 1);  // cut off
  EXPECT_EQ(rabbit.Send(), "failed: connection closed by the server");
  rabbit.Answer({Ack(1)});
  EXPECT_EQ(rabbit.Send(), "ok");
}

TEST(RabbitFaults, HeartbeatsAreAnsweredAndMeanNothing) {
  RudeRabbit rabbit({"\x08\0\0\0\0\0\0\xce"s, Ack(1)});
  EXPECT_EQ(rabbit.Send(), "ok") << "the answer to the heartbeat brings its confirm";
}

TEST(RabbitFaults, AServerThatIsShortOfMemoryIsWaitedForAndTold) {
  RudeRabbit rabbit({FrameOf(amqp::Method::kBlocked, 0, "\x0alow memory") + Ack(1),
                     FrameOf(amqp::Method::kUnblocked, 0) + Ack(2)});
  EXPECT_EQ(rabbit.Send(), "ok");
  EXPECT_EQ(rabbit.rig().driver().Observer()->Observe()["blocked_connections"], 1);
  EXPECT_EQ(rabbit.Send(), "ok");
  EXPECT_EQ(rabbit.rig().driver().Observer()->Observe()["blocked_connections"], 0);
  EXPECT_THAT(
      rabbit.rig().driver().Observer()->ExamineAfter().warnings,
      Contains(HasSubstr("took nothing from connections that send ('low memory'), 1 times")));
}

// A message without a stamp of ours, in as many bodies as it takes.
std::string Delivered(std::uint8_t tag, bool again, const std::string& payload) {
  std::string sent;
  amqp::AppendPublish({.routing_key = "q", .payload = payload, .message_id = "1"}, 4096, &sent);
  amqp::Frame publish;
  amqp::ReadFrame(sent, amqp::kLargestFrame, &publish);
  const std::string tag_and_flag =
      "\0\0\0\0\0\0\0"s + static_cast<char>(tag) + (again ? '\1' : '\0');
  return FrameOf(amqp::Method::kDeliver, 1, "\1c"s + tag_and_flag + "\0\1q"s) +
         sent.substr(publish.size);
}

TEST(RabbitFaults, WhatIsRedeliveredIsCountedAndAQueueThatIsDeletedIsConsumedFromAnew) {
  const std::string queue = FrameOf(amqp::Method::kQueueDeclareOk, 1, "\1q\0\0\0\0\0\0\0\0"s);
  const std::string asked = FrameOf(amqp::Method::kExchangeDeclareOk, 1);
  RudeServer server({.request_end = "",
                     .replies = {kStart, kTune, kOpened, kChannel, queue, queue, asked, kCloseOk}});
  Rig rig(UrlOf(server));
  EXPECT_EQ(rig.Refusal({Produce("{q}", {{"consume", From("q")}}, {"q"})}), "");
  const std::string consumes = FrameOf(amqp::Method::kConsumeOk, 1, "\1c"s);
  const std::string deleted = FrameOf(amqp::Method::kCancel, 1, "\1c\1"s);
  // Its acknowledgement brings the end of the queue.
  server.Behave(
      {.request_end = "",
       .replies = {kStart, kTune, kOpened, kChannel, FrameOf(amqp::Method::kQosOk, 1),
                   consumes + Delivered(1, false, std::string(9000, 'x')) + Delivered(2, true, ""),
                   deleted}});
  const int before = server.accepted();
  Watching watching(rig.driver());
  for (const Ticks end = Clock::Now() + 20 * kSecond;
       server.accepted() < before + 3 && Clock::Now() < end;)
    std::this_thread::yield();
  watching.Finish();
  const std::string fact = rig.driver().Observer()->ExamineAfter().facts.at("queue q");
  EXPECT_THAT(fact, ::testing::ContainsRegex("([4-9]|1[0-9]) foreign, ([2-9]) redelivered"));
}

TEST(RabbitFaults, AServerThatIsGoneAndBackIsUsedAgain) {
  RudeRabbit rabbit({Ack(1)});
  EXPECT_EQ(rabbit.Send(), "ok");
  rabbit.server().Behave({.refuse = true});
  rabbit.server().HangUp();
  EXPECT_THAT(rabbit.Send(), HasSubstr("failed: "));
  rabbit.Answer({Ack(1)});
  std::string told;
  for (const Ticks end = Clock::Now() + kMinute; told != "ok" && Clock::Now() < end;)
    told = rabbit.Send();
  EXPECT_EQ(told, "ok");
}

}  // namespace
}  // namespace mbench::testing
