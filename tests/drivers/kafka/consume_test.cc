// SPDX-License-Identifier: Apache-2.0
//
// Groups that read what there is: `consume` alone. With a real Kafka, and with brokers in this
// process.
#include "tests/drivers/kafka/rig.h"

namespace mbench::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr SessionPlan kPlan{.connections = 4, .timeout = 30 * kSecond};

StatementSpec Consume(const std::string& topic, const std::string& group, std::string more = "") {
  return {.name = "read",
          .weight = 1,
          .body = BodyOf({{"consume", fmt::format(R"({{"topic": "{}", "group": "{}"{}}})", topic,
                                                  group, more)}})};
}

// What ops have brought.
struct Brought {
  std::uint64_t messages = 0, bytes = 0;
  std::uint32_t most = 0;
  int nothing = 0;
};

Brought DoOne(Session& session) {
  const Answer answer = Do(session, MessageOp());
  EXPECT_TRUE(IsAnswer(answer.outcome)) << Told(session, answer);
  if (answer.outcome == Outcome::kNotFound) return {.nothing = 1};
  EXPECT_GT(answer.items, 0u);
  return {answer.items, answer.bytes_received, answer.items, 0};
}

// Until it is exhausted, or for so many ops.
Brought DoAll(KafkaRig& rig, Session& session, int ops = 1'000'000) {
  Brought all;
  const Ticks deadline = Clock::Now() + kMinute;
  for (int i = 0; i < ops && !rig.driver().Watchers()->Exhausted(); ++i) {
    if (Clock::Now() > deadline) break;
    const Brought one = DoOne(session);
    all.messages += one.messages;
    all.bytes += one.bytes;
    all.most = std::max(all.most, one.most);
    all.nothing += one.nothing;
  }
  return all;
}

// Members stand and sessions are made, as by the engine.
class Reading {
 public:
  Reading(const std::string& brokers, StatementSpec statement)
      : rig(std::make_unique<KafkaRig>(brokers, Options{{"linger", "0s"}})) {
    why = rig->Open();
    if (why.empty()) why = rig->Prepare({std::move(statement)});
    if (!why.empty()) return;
    auto watchers = rig->driver().Watchers()->NewWatchers(kPlan);
    if (!watchers) {
      why = watchers.error().message;
      return;
    }
    EXPECT_THAT(*watchers, IsEmpty()) << "what is read are the ops themselves";
    session = rig->NewSession(kPlan);
  }
  Brought All() { return DoAll(*rig, *session); }
  double Figure(const std::string& name) { return rig->driver().Observer()->Observe()[name]; }
  SystemRemarks End() {
    session.reset();
    return rig->driver().Observer()->ExamineAfter();
  }

  std::unique_ptr<KafkaRig> rig;
  std::unique_ptr<Session> session;
  std::string why;
};

void Send(const std::string& brokers, const std::string& topic, std::size_t count) {
  KafkaRig rig(brokers, {{"partitions", "3"}, {"linger", "0s"}});
  const auto session = rig.Start(
      {Produce(topic, {{"key", "key"}, {"value", "0123456"}, {"partition", "{p}"}}, {"p"})},
      {.connections = 64, .timeout = 30 * kSecond});
  ASSERT_TRUE(session);
  static constexpr std::array<std::string_view, 3> kPartitions = {"0", "1", "2"};
  std::vector<Op> ops;
  for (std::size_t i = 0; i < count; ++i)
    ops.push_back(MessageOp(0, static_cast<std::uint32_t>(i), {&kPartitions[i % 3], 1}));
  for (const Answer& answer : Do(*session, ops)) EXPECT_EQ(answer.outcome, Outcome::kOk);
}

class KafkaConsume : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!server_.why_not().empty()) GTEST_SKIP() << "skipped: " << server_.why_not();
    brokers_ = server_.Fact("BROKERS");
    Send(brokers_, topic_, 1000);
  }
  std::string Fact(const SystemRemarks& remarks) {
    const auto found = remarks.facts.find(fmt::format("group {} of {}", group_, topic_));
    return found == remarks.facts.end() ? "" : found->second;
  }

  SharedServer server_{"kafka"};
  std::string brokers_;
  const std::string topic_ = OwnName("orders"), group_ = OwnName("audit");
};

TEST_F(KafkaConsume, ABacklogIsReadOnceAndThenTheRunIsOver) {
  Reading reading(brokers_, Consume(topic_, group_, R"(, "until": "end", "most": 100)"));
  ASSERT_EQ(reading.why, "");
  EXPECT_FALSE(reading.rig->driver().Watchers()->Exhausted());
  EXPECT_EQ(reading.Figure(LagFigure(group_)), 1000) << "nothing is read before it is asked for";
  const Brought all = reading.All();
  EXPECT_EQ(all.messages, 1000u);
  EXPECT_EQ(all.bytes, 1000u * 10) << "keys and values";
  EXPECT_LE(all.most, 100u);
  EXPECT_EQ(reading.Figure(LagFigure(group_)), 0);
  Completions done(1);
  const Op op = MessageOp();
  EXPECT_EQ(reading.session->Submit({&op, 1}, done), 0u) << "nothing comes any more";
  const SystemRemarks remarks = reading.End();
  EXPECT_THAT(Fact(remarks), HasSubstr("1000 messages and 10000 bytes read; the 1000 that were "
                                       "there when it began within "));
  EXPECT_THAT(remarks.warnings, IsEmpty());
}

TEST_F(KafkaConsume, SeveralMembersShareItAndEveryMessageComesOnce) {
  Reading reading(brokers_, Consume(topic_, group_, R"(, "until": "end", "members": 3)"));
  ASSERT_EQ(reading.why, "");
  EXPECT_EQ(reading.All().messages, 1000u);
}

TEST_F(KafkaConsume, WhatWasReadIsCommittedSoThatALaterRunGoesOnThere) {
  {
    Reading first(brokers_, Consume(topic_, group_, R"(, "until": "end", "members": 2)"));
    ASSERT_EQ(first.why, "");
    EXPECT_EQ(first.All().messages, 1000u);
    first.End();
  }
  const std::string committed = R"(, "from": "committed", "until": "end")";
  Reading none(brokers_, Consume(topic_, group_, committed));
  EXPECT_THAT(none.why, HasSubstr("it was at the end already; say from: beginning"));
  Send(brokers_, topic_, 30);
  Reading rest(brokers_, Consume(topic_, group_, committed));
  ASSERT_EQ(rest.why, "");
  EXPECT_EQ(rest.All().messages, 30u);
  rest.End();
  Reading again(brokers_, Consume(topic_, group_, R"(, "until": "end")"));
  ASSERT_EQ(again.why, "");
  EXPECT_EQ(again.All().messages, 1030u) << "from the beginning";
}

TEST_F(KafkaConsume, FollowsWhatIsSentAndFindsNothingWhenNobodySends) {
  Reading reading(brokers_, Consume(topic_, group_, R"(, "from": "end", "wait": "50ms")"));
  ASSERT_EQ(reading.why, "");
  const Brought nothing = DoAll(*reading.rig, *reading.session, 2);
  EXPECT_EQ(nothing.nothing, 2);
  Send(brokers_, topic_, 20);
  std::uint64_t messages = 0;
  for (const Ticks end = Clock::Now() + kMinute; messages < 20 && Clock::Now() < end;)
    messages += DoOne(*reading.session).messages;
  EXPECT_EQ(messages, 20u);
  EXPECT_FALSE(reading.rig->driver().Watchers()->Exhausted()) << "it goes on with its load";
}

TEST_F(KafkaConsume, AGroupOfOthersAndATopicThatIsNotThereAreRefused) {
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", brokers_.c_str(), nullptr, 0);
  rd_kafka_conf_set(conf, "group.id", group_.c_str(), nullptr, 0);
  rd_kafka_t* const other = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
  rd_kafka_topic_partition_list_t* const list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic_.c_str(), 0)->offset = 7;
  EXPECT_EQ(rd_kafka_commit(other, list, 0), RD_KAFKA_RESP_ERR_NO_ERROR);
  rd_kafka_topic_partition_list_destroy(list);
  EXPECT_THAT(Reading(brokers_, Consume(topic_, group_)).why, HasSubstr("for others than mbench"));
  rd_kafka_destroy(other);
  EXPECT_THAT(Reading(brokers_, Consume("nowhere", group_)).why, HasSubstr("nothing to read"));
}

TEST_F(KafkaConsume, AMemberThatWouldNeverGetAPartitionIsRefused) {
  EXPECT_THAT(Reading(brokers_, Consume(topic_, group_, R"(, "members": 5)")).why,
              HasSubstr("2 of them would never get one; say members: 3"));
}

TEST_F(KafkaConsume, ASessionMayEndWhileItsOpsWait) {
  Reading reading(brokers_, Consume(topic_, group_, R"(, "from": "end", "wait": "20s")"));
  ASSERT_EQ(reading.why, "");
  const std::vector<Op> ops = MessageOps(4);
  Completions done(4);
  ASSERT_EQ(reading.session->Submit(ops, done), 4u);
  const Ticks begin = Clock::Now();
  reading.End();
  EXPECT_LT(Clock::Now() - begin, 15 * kSecond) << "nobody waits for messages that may never come";
}

}  // namespace
}  // namespace mbench::testing
