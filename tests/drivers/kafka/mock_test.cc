// SPDX-License-Identifier: Apache-2.0
//
// Messages to brokers that answer as they are told: librdkafka's own, in this process.
#include "tests/drivers/kafka/rig.h"

namespace mbench::testing {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

class KafkaMock : public ::testing::Test {
 protected:
  KafkaMock() { cluster_.MakeTopic("orders", 2); }
  std::unique_ptr<Session> Start(const SessionPlan& plan, Options options = {},
                                 std::map<std::string, std::string> words = {{"value", "v"}}) {
    options.emplace("linger", "0s");
    rig_ = std::make_unique<KafkaRig>(cluster_.Brokers(), options);
    return rig_->Start({Produce("orders", std::move(words))}, plan);
  }

  MockCluster cluster_;
  std::unique_ptr<KafkaRig> rig_;
};

TEST_F(KafkaMock, AMessageEndsWithItsDeliveryReport) {
  cluster_.SetRoundTrip(30);
  const auto session = Start({});
  const Answer answer = Do(*session, MessageOp(0, 77));
  EXPECT_EQ(Told(*session, answer), "ok");
  EXPECT_EQ(answer.slot, 77u);
  EXPECT_EQ(answer.items, 1u);
  EXPECT_EQ(answer.bytes_sent, 1u);
  EXPECT_GE(answer.finished - answer.started, 30 * kMillisecond);
}

TEST_F(KafkaMock, WhatABrokerRefusesFailsByItsName) {
  const auto session = Start({});
  cluster_.Fail({RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
  EXPECT_THAT(Told(*session, Do(*session, MessageOp())), HasSubstr("failed: message too large"));
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "ok") << "and it goes on";
  cluster_.Fail({RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "failed: Topic authorization failed");
}

TEST_F(KafkaMock, AMessageThatIsTooLargeForTheClientFailsAtOnce) {
  const auto session =
      Start({}, {{"rdkafka.message.max.bytes", "1000"}}, {{"value", std::string(2000, 'x')}});
  EXPECT_THAT(Told(*session, Do(*session, MessageOp())), HasSubstr("rdkafka.message.max.bytes"));
}

// Two fit into the queue, and stay there for the length of `linger`.
TEST_F(KafkaMock, AFullQueueTakesNoMoreAndDropsNothing) {
  const auto session = Start({.connections = 8, .timeout = 20 * kSecond},
                             {{"rdkafka.queue.buffering.max.messages", "2"}, {"linger", "200ms"}});
  const std::vector<Op> ops = MessageOps(8);
  Completions done(8);
  EXPECT_EQ(session->Submit(ops, done), 2u);
  EXPECT_TRUE(done.Empty());
  EXPECT_EQ(session->Submit(std::span(ops).subspan(2), done), 0u)
      << "offered again, and still full";
  std::size_t taken = 2, ended = 0;
  for (const Ticks deadline = Clock::Now() + kMinute; ended < 8 && Clock::Now() < deadline;) {
    done.Clear();
    taken += session->Submit(std::span(ops).subspan(taken), done);
    session->Poll(Clock::Now() + 10 * kMillisecond, done);
    for (const Completion& one : done.View()) EXPECT_EQ(Told(*session, one), "ok");
    ended += done.View().size();
  }
  EXPECT_EQ(ended, 8u);
}

TEST_F(KafkaMock, WithoutABrokerMessagesTimeOutAndAreSentWhenItIsBack) {
  const auto session = Start({.timeout = 500 * kMillisecond});
  ASSERT_EQ(Told(*session, Do(*session, MessageOp())), "ok");
  cluster_.SetUp(false);
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "timed_out");
  cluster_.SetUp(true);
  std::string told;
  for (const Ticks deadline = Clock::Now() + kMinute; told != "ok" && Clock::Now() < deadline;)
    told = Told(*session, Do(*session, MessageOp()));
  EXPECT_EQ(told, "ok");
}

TEST_F(KafkaMock, APartitionThatIsNotThereFails) {
  const auto session = Start({}, {}, {{"value", "v"}, {"partition", "7"}});
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "failed: no such partition");
}

TEST_F(KafkaMock, ASessionCanBeDestroyedWithMessagesOnTheirWay) {
  auto session = Start({.connections = 100});
  cluster_.SetRoundTrip(5000);
  const Ticks begin = Clock::Now();
  {
    const std::vector<Op> ops = MessageOps(100);
    Completions done(100);
    ASSERT_EQ(session->Submit(ops, done), 100u);
    session->Poll(Clock::Now() + 50 * kMillisecond, done);
    session.reset();
  }
  EXPECT_LT(Clock::Now() - begin, 4 * kSecond) << "it does not wait for the answers";
}

TEST(KafkaOptions, AreRefusedWhereTheyDoNotGoTogether) {
  EXPECT_THAT(RefusalOf("kafka", {{"rdkafka.security.protocol", "ssl"},
                                  {"rdkafka.ssl.ca.location", "/nowhere/ca.pem"}}),
              HasSubstr("ssl.ca.location failed"));
  EXPECT_THAT(RefusalOf("kafka", {{"acks", "1"}, {"idempotence", "true"}}),
              HasSubstr("needs acks: all"));
}

TEST(KafkaOpen, SaysWhereNobodyListens) {
  KafkaRig rig("127.0.0.1:1");
  EXPECT_EQ(rig.Open(),
            "Kafka at 127.0.0.1:1: connection refused; start a broker there, or say where one is "
            "(brokers)");
  EXPECT_EQ(rig.kind, ErrorKind::kUnreachable);
}

}  // namespace
}  // namespace mbench::testing
