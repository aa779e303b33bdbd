// SPDX-License-Identifier: Apache-2.0
//
// The driver against a real Kafka: what the conformance suite asks of drivers with verbs, then what
// is Kafka's own.
#include <array>
#include <thread>

#include "tests/drivers/kafka/rig.h"
#include "tests/drivers/statement_conformance.h"
#include "tests/drivers/system/rude_server.h"

namespace mbench::testing {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

constexpr SessionPlan kPatient{.connections = 16, .timeout = 30 * kSecond};

Options Partitions(const std::string& count) { return {{"partitions", count}, {"linger", "0s"}}; }

// ---- what every driver has to do ----

class KafkaConformance : public ::testing::Test {
 protected:
  void Start(const SessionPlan& plan = kPatient) {
    if (!server_.why_not().empty()) GTEST_SKIP() << "skipped: " << server_.why_not();
    session_ = rig_->Start({Produce(OwnName("orders"), {{"value", "v"}})}, plan);
  }
  SharedServer server_{"kafka"};
  std::unique_ptr<KafkaRig> rig_ = std::make_unique<KafkaRig>(
      server_.why_not().empty() ? server_.Fact("BROKERS") : "127.0.0.1:1", Partitions("2"));
  std::unique_ptr<Session> session_;
};

TEST_F(KafkaConformance, EveryOpHasOneCompletionWithItsSlot) {
  Start();
  if (session_) EveryOpHasOneCompletionWithItsSlot(*session_, 1);
}

TEST_F(KafkaConformance, TakesNoMoreOpsThanItHasConnectionsNorThanThereIsRoomFor) {
  Start({.connections = 2, .timeout = 30 * kSecond});
  if (session_) TakesNoMoreOpsThanItHasConnectionsNorThanThereIsRoomFor(*session_);
}

TEST_F(KafkaConformance, PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight) {
  Start();
  if (session_)
    PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight(std::move(session_));
}

TEST_F(KafkaConformance, SessionsCanBeMadeAndUsedInSeveralThreadsAtTheSameTime) {
  Start();
  if (!session_) return;
  std::array<int, 4> answered{};
  std::vector<std::thread> threads;
  for (int& count : answered) {
    threads.emplace_back([this, &count] {
      const auto session = rig_->NewSession(kPatient);
      for (const Answer& answer : Do(*session, MessageOps(50)))
        count += answer.outcome == Outcome::kOk ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(answered, Each(50));
}

TEST(KafkaLateReplies, ConcernNobodyWhenTheirSessionIsGone) {
  MBENCH_NEEDS(OwnServer, server, "kafka");
  KafkaRig rig(server.Fact("BROKERS"), Partitions("1"));
  auto session = rig.Start({Produce("orders", {{"value", "v"}})}, kPatient);
  ASSERT_EQ(Told(*session, Do(*session, MessageOp())), "ok");
  server.Pause();
  {
    const std::vector<Op> ops = MessageOps(8);
    Completions done(8);
    ASSERT_EQ(session->Submit(ops, done), 8u);
  }
  session.reset();
  session = rig.NewSession({.timeout = kSecond});
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "timed_out");
  server.Resume();
  std::string told;
  for (const Ticks deadline = Clock::Now() + kMinute; told != "ok" && Clock::Now() < deadline;)
    told = Told(*session, Do(*session, MessageOp()));
  EXPECT_EQ(told, "ok");
}

// ---- messages ----

// Reads a topic from its beginning, with no group, until so many messages are there.
struct Read {
  std::string key, value, trace;
  int partition = 0;
  bool has_key = false, has_value = false;
};
std::vector<Read> ReadTopic(const std::string& brokers, const std::string& topic,
                            std::size_t count) {
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), nullptr, 0);
  rd_kafka_conf_set(conf, "group.id", "reader", nullptr, 0);
  rd_kafka_t* const client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
  rd_kafka_poll_set_consumer(client);
  rd_kafka_topic_partition_list_t* const all = rd_kafka_topic_partition_list_new(2);
  for (int partition = 0; partition < 2; ++partition)
    rd_kafka_topic_partition_list_add(all, topic.c_str(), partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(client, all);
  rd_kafka_topic_partition_list_destroy(all);
  std::vector<Read> read;
  for (const Ticks end = Clock::Now() + 30 * kSecond; read.size() < count && Clock::Now() < end;) {
    rd_kafka_message_t* const message = rd_kafka_consumer_poll(client, 100);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      Read one{.partition = message->partition,
               .has_key = message->key != nullptr,
               .has_value = message->payload != nullptr};
      one.key.assign(static_cast<const char*>(message->key), message->key_len);
      one.value.assign(static_cast<const char*>(message->payload), message->len);
      rd_kafka_headers_t* headers = nullptr;
      const void* trace = nullptr;
      std::size_t size = 0;
      if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR &&
          rd_kafka_header_get_last(headers, "trace", &trace, &size) == RD_KAFKA_RESP_ERR_NO_ERROR)
        one.trace.assign(static_cast<const char*>(trace), size);
      read.push_back(one);
    }
    rd_kafka_message_destroy(message);
  }
  rd_kafka_consumer_close(client);
  rd_kafka_destroy(client);
  return read;
}

TEST(KafkaSystem, SendsWhatTheStatementSays) {
  MBENCH_NEEDS(SharedServer, server, "kafka");
  KafkaRig rig(server.Fact("BROKERS"), Partitions("2"));
  const std::string topic = OwnName("orders");
  const auto session = rig.Start({Produce(topic,
                                          {{"key", "c-{customer}"},
                                           {"value", "order {id}"},
                                           {"headers", R"({"trace": "t-{id}"})"},
                                           {"partition", "1"}},
                                          {"customer", "id"})},
                                 kPatient);
  EXPECT_THAT(rig.facts().system, HasSubstr("Kafka, 1 broker"));
  const std::string_view arguments[] = {"7", "42"};
  const Answer answer = Do(*session, MessageOp(0, 0, arguments));
  EXPECT_EQ(Told(*session, answer), "ok");
  EXPECT_EQ(answer.bytes_sent, std::string("c-7order 42tracet-42").size());
  const auto read = ReadTopic(server.Fact("BROKERS"), topic, 1);
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].key, "c-7");
  EXPECT_EQ(read[0].value, "order 42");
  EXPECT_EQ(read[0].trace, "t-42");
  EXPECT_EQ(read[0].partition, 1);
}

TEST(KafkaSystem, WhatIsNotSaidIsNull) {
  MBENCH_NEEDS(SharedServer, server, "kafka");
  KafkaRig rig(server.Fact("BROKERS"), Partitions("2"));
  const std::string topic = OwnName("orders");
  const auto session = rig.Start({Produce(topic)}, kPatient);
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "ok");
  const auto read = ReadTopic(server.Fact("BROKERS"), topic, 1);
  ASSERT_EQ(read.size(), 1u);
  EXPECT_FALSE(read[0].has_key);
  EXPECT_FALSE(read[0].has_value);
}

TEST(KafkaSystem, EveryCompressionAndKindOfAcksIsTaken) {
  MBENCH_NEEDS(SharedServer, server, "kafka");
  const std::string topic = OwnName("orders");
  for (const char* compression : {"none", "gzip", "snappy", "lz4", "zstd"}) {
    for (const char* acks : {"0", "1", "all"}) {
      Options options = Partitions("2");
      options["compression"] = compression;
      options["acks"] = acks;
      options["idempotence"] = std::string_view(acks) == "all" ? "true" : "false";
      KafkaRig rig(server.Fact("BROKERS"), options);
      const auto session =
          rig.Start({Produce(topic, {{"value", std::string(500, 'x')}})}, kPatient);
      EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "ok") << compression << " " << acks;
    }
  }
  EXPECT_EQ(ReadTopic(server.Fact("BROKERS"), topic, 15).size(), 15u);
}

TEST(KafkaSystem, AMessageAboveTheLimitOfTheBrokerFailsWithWhatToDo) {
  MBENCH_NEEDS(SharedServer, server, "kafka");
  Options options = Partitions("1");
  options["rdkafka.message.max.bytes"] = "10000000";
  KafkaRig rig(server.Fact("BROKERS"), options);
  const auto session =
      rig.Start({Produce(OwnName("orders"), {{"value", std::string(2'000'000, 'x')}})}, kPatient);
  EXPECT_THAT(Told(*session, Do(*session, MessageOp())), HasSubstr("max.message.bytes"));
}

// ---- what is wrong before a run ----

TEST(KafkaSystem, ATopicThatIsNotThereIsRefusedOrMade) {
  MBENCH_NEEDS(SharedServer, server, "kafka");
  const std::string topic = OwnName("orders");
  KafkaRig without(server.Fact("BROKERS"));
  ASSERT_EQ(without.Open(), "");
  EXPECT_THAT(without.Prepare({Produce(topic)}), HasSubstr("partitions: 12 in driver"));
  EXPECT_EQ(without.kind, ErrorKind::kUsage);
  KafkaRig with(server.Fact("BROKERS"), Partitions("3"));
  ASSERT_EQ(with.Open(), "");
  EXPECT_EQ(with.Prepare({Produce(topic)}), "");
  ASSERT_EQ(without.Open(), "");
  EXPECT_EQ(without.Prepare({Produce(topic)}), "") << "now it is there";
}

TEST(KafkaSystem, MoreCopiesThanBrokersAreRefusedInTheBrokersWords) {
  MBENCH_NEEDS(SharedServer, server, "kafka");
  Options options = Partitions("1");
  options["replication"] = "3";
  KafkaRig rig(server.Fact("BROKERS"), options);
  ASSERT_EQ(rig.Open(), "");
  EXPECT_THAT(rig.Prepare({Produce(OwnName("orders"))}), HasSubstr("did not make the topic"));
}

TEST(KafkaSystem, AnHttpServerIsNamed) {
  RudeServer http({.request_end = "", .replies = {"HTTP/1.1 400 Bad Request\r\n\r\n"}});
  KafkaRig rig(fmt::format("127.0.0.1:{}", http.port()));
  EXPECT_THAT(rig.Open(), HasSubstr("an HTTP server answers there"));
  EXPECT_EQ(rig.kind, ErrorKind::kUnreachable);
}

TEST(KafkaSystem, WhoDoesNotAnswerIsGivenUp) {
  RudeServer silent({.request_end = ""});
  KafkaRig rig(fmt::format("127.0.0.1:{}", silent.port()));
  rig.driver().SetTimeout(kSecond);
  EXPECT_THAT(rig.Open(), HasSubstr("no answer"));
}

Options Sasl(const Server& server, const std::string& password) {
  Options options = Partitions("1");
  options["rdkafka.security.protocol"] = "sasl_ssl";
  options["rdkafka.ssl.ca.location"] = server.Fact("CA");
  options["rdkafka.sasl.mechanism"] = "PLAIN";
  options["rdkafka.sasl.username"] = server.Fact("USER");
  options["rdkafka.sasl.password"] = password;
  return options;
}

TEST(KafkaSystem, SpeaksTlsAndLogsIn) {
  MBENCH_NEEDS(SharedServer, server, "kafka");
  KafkaRig rig(server.Fact("SASL_BROKERS"), Sasl(server, server.Fact("PASSWORD")));
  const auto session = rig.Start({Produce(OwnName("orders"), {{"value", "v"}})}, kPatient);
  ASSERT_TRUE(session);
  EXPECT_EQ(Told(*session, Do(*session, MessageOp())), "ok");
}

TEST(KafkaSystem, AWrongPasswordACertificateThatIsNotTrustedAndNoTlsAreNamed) {
  MBENCH_NEEDS(SharedServer, server, "kafka");
  KafkaRig wrong(server.Fact("SASL_BROKERS"), Sasl(server, "not that one"));
  EXPECT_THAT(wrong.Open(), HasSubstr("sasl.password"));
  Options options = Sasl(server, server.Fact("PASSWORD"));
  options["rdkafka.ssl.ca.location"] = server.Fact("OTHER_CA");
  KafkaRig stranger(server.Fact("SASL_BROKERS"), options);
  EXPECT_THAT(stranger.Open(), HasSubstr("certificate"));
  KafkaRig plain(server.Fact("SASL_BROKERS"));
  EXPECT_THAT(plain.Open(), HasSubstr("security.protocol"));
}

}  // namespace
}  // namespace mbench::testing
