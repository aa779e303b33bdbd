// SPDX-License-Identifier: Apache-2.0
//
// Groups of consumers behind the messages of a run, with a real Kafka.
#include <atomic>
#include <map>
#include <thread>

#include "tests/drivers/kafka/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr SessionPlan kPlan{.connections = 64, .timeout = 30 * kSecond};

// The members of a rig's groups, each in a thread of its own, as the engine has them.
class Watching {
 public:
  explicit Watching(KafkaRig& rig) {
    auto watchers = rig.driver().Watchers()->NewWatchers(kPlan);
    if (!watchers) {
      why = watchers.error().message;
      return;
    }
    for (auto& watcher : *watchers) {
      threads_.emplace_back([this, watcher = std::move(watcher)](const std::stop_token& stop) {
        Run(stop, *watcher);
      });
    }
  }

  // Ends it: when nothing is missing, or after that time.
  void Finish(Ticks patience = 20 * kSecond) {
    deadline_ = Clock::Now() + patience;
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
  }
  std::size_t Members() const { return threads_.size(); }

  std::string why;
  std::map<std::uint32_t, int> seen;  // by statement
  std::map<std::string, int> failed;
  Ticks longest = 0, shortest = kHour;

 private:
  void Run(const std::stop_token& stop, Watcher& watcher) {
    while (!stop.stop_requested()) Turn(watcher);
    while (watcher.Missing() != 0 && Clock::Now() < deadline_) Turn(watcher);
    watcher.GiveUp(false);
    Turn(watcher);
  }
  void Turn(Watcher& watcher) {
    std::vector<Sighting> told;
    watcher.Poll(Clock::Now() + 20 * kMillisecond, &told);
    const std::lock_guard lock(mutex_);
    for (const Sighting& one : told) {
      EXPECT_LE(one.ended, one.seen);
      EXPECT_EQ(watcher.DescribeLabel(one.label), "end_to_end");
      if (one.outcome == Outcome::kOk) {
        ++seen[one.statement];
        longest = std::max(longest, one.seen - one.ended);
        shortest = std::min(shortest, one.seen - one.ended);
      } else {
        ++failed[watcher.DescribeError(one.error)];
      }
    }
  }

  std::mutex mutex_;
  std::atomic<Ticks> deadline_{0};
  std::vector<std::jthread> threads_;
};

std::string FactAfter(KafkaRig& rig, const std::string& name) {
  const SystemRemarks remarks = rig.driver().Observer()->ExamineAfter();
  const auto found = remarks.facts.find(name);
  return found == remarks.facts.end() ? "" : found->second;
}

class KafkaGroup : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!server_.why_not().empty()) GTEST_SKIP() << "skipped: " << server_.why_not();
  }
  std::unique_ptr<KafkaRig> NewRig() {
    return std::make_unique<KafkaRig>(server_.Fact("BROKERS"),
                                      Options{{"partitions", "3"}, {"linger", "0s"}});
  }
  StatementSpec Order(std::string more = "") {
    return Produce(topic_,
                   {{"key", "{key}"},
                    {"value", "v"},
                    {"consume", fmt::format(R"({{"group": "{}"{}}})", group_, more)}},
                   {"key"});
  }
  // One message each with a key of ten.
  void Send(Session& session, int count) {
    static constexpr std::array<std::string_view, 10> kKeys = {"0", "1", "2", "3", "4",
                                                               "5", "6", "7", "8", "9"};
    std::vector<Op> ops;
    for (int i = 0; i < count; ++i)
      ops.push_back(MessageOp(0, static_cast<std::uint32_t>(i), {&kKeys[i % 10], 1}));
    for (const Answer& answer : Do(session, ops)) EXPECT_EQ(answer.outcome, Outcome::kOk);
  }

  SharedServer server_{"kafka"};
  const std::string topic_ = OwnName("orders"), group_ = OwnName("billing");
};

TEST_F(KafkaGroup, EveryMessageComesOnceToOneOfItsMembersAndInOrder) {
  const auto rig = NewRig();
  const auto session = rig->Start({Order(R"(, "members": 3)")}, kPlan);
  Watching watching(*rig);
  ASSERT_EQ(watching.why, "");
  EXPECT_EQ(watching.Members(), 3u);
  Send(*session, 1000);
  watching.Finish();
  EXPECT_EQ(watching.seen[0], 1000);
  EXPECT_THAT(watching.failed, IsEmpty());
  EXPECT_GT(watching.shortest, 0);
  const std::string fact = FactAfter(*rig, fmt::format("group {} of {}", group_, topic_));
  EXPECT_THAT(fact, HasSubstr("1000 messages acknowledged, 1000 seen, 0 lost, 0 doubled, 0 out of "
                              "order within their key, 0 seen that were not acknowledged, 0 "
                              "foreign"));
}

TEST_F(KafkaGroup, TimesAMessageFromWhenItWasDue) {
  const auto rig = NewRig();
  const auto session = rig->Start({Order()}, kPlan);
  Watching watching(*rig);
  ASSERT_EQ(watching.why, "");
  const std::string_view key = "k";
  Op late = MessageOp(0, 0, {&key, 1});
  late.planned = Clock::Now() - 10 * kSecond;
  ASSERT_EQ(Told(*session, Do(*session, late)), "ok");
  watching.Finish();
  EXPECT_GE(watching.shortest, 10 * kSecond);
  EXPECT_LT(watching.shortest, 20 * kSecond);
}

TEST_F(KafkaGroup, BeginsBehindWhatIsThereOrWithAllOfIt) {
  {
    const auto rig = NewRig();
    const auto session = rig->Start({Order()}, kPlan);
    Send(*session, 20);  // while nobody reads
  }
  const auto later = NewRig();
  const auto session = later->Start({Order()}, kPlan);
  Watching from_end(*later);
  ASSERT_EQ(from_end.why, "");
  Send(*session, 10);
  from_end.Finish();
  EXPECT_THAT(FactAfter(*later, fmt::format("group {} of {}", group_, topic_)),
              HasSubstr("10 seen, 0 lost, 0 doubled, 0 out of order within their key, 0 seen that "
                        "were not acknowledged, 0 foreign"));
  const auto all = NewRig();
  const auto all_session = all->Start({Order(R"(, "from": "beginning")")}, kPlan);
  Watching from_beginning(*all);
  ASSERT_EQ(from_beginning.why, "");
  Send(*all_session, 10);
  from_beginning.Finish();
  EXPECT_THAT(FactAfter(*all, fmt::format("group {} of {}", group_, topic_)),
              HasSubstr("30 foreign"))
      << "those of the runs before";
}

TEST_F(KafkaGroup, AGroupOfOthersIsLeftAlone) {
  const auto rig = NewRig();
  const auto session = rig->Start({Order()}, kPlan);
  // Somebody has read this topic with that group, and is in it.
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", server_.Fact("BROKERS").c_str(), nullptr, 0);
  rd_kafka_conf_set(conf, "group.id", group_.c_str(), nullptr, 0);
  rd_kafka_t* const other = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
  rd_kafka_topic_partition_list_t* const list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic_.c_str(), 0)->offset = 0;
  EXPECT_EQ(rd_kafka_commit(other, list, 0), RD_KAFKA_RESP_ERR_NO_ERROR);
  EXPECT_THAT(Watching(*rig).why, HasSubstr("for others than mbench"));
  rd_kafka_subscribe(other, list);
  rd_kafka_topic_partition_list_destroy(list);
  std::string why;
  for (const Ticks end = Clock::Now() + 30 * kSecond;
       why.find("is in use") == std::string::npos && Clock::Now() < end;) {
    if (rd_kafka_message_t* const message = rd_kafka_consumer_poll(other, 200))
      rd_kafka_message_destroy(message);
    why = Watching(*rig).why;
  }
  EXPECT_THAT(why, HasSubstr("is in use: it has 1 members"));
  rd_kafka_consumer_close(other);
  rd_kafka_destroy(other);
}

TEST_F(KafkaGroup, AMemberThatWouldNeverGetAPartitionIsRefused) {
  const auto rig = NewRig();
  const auto session = rig->Start({Order(R"(, "members": 5)")}, kPlan);
  EXPECT_THAT(Watching(*rig).why, HasSubstr("2 of them would never get one; say members: 3"));
}

TEST(KafkaGroupFaults, ABrokerThatIsKilledAndBackLosesNothingThatWasAcknowledged) {
  MBENCH_NEEDS(OwnServer, server, "kafka");
  KafkaRig rig(server.Fact("BROKERS"), {{"partitions", "3"}, {"linger", "0s"}});
  const auto session =
      rig.Start({Produce("orders", {{"value", "v"}, {"consume", R"({"group": "billing"})"}})},
                {.connections = 64, .timeout = 60 * kSecond});
  Watching watching(rig);
  ASSERT_EQ(watching.why, "");
  int acknowledged = 0;
  const auto send = [&] {
    for (const Answer& answer : Do(*session, MessageOps(50)))
      acknowledged += answer.outcome == Outcome::kOk ? 1 : 0;
  };
  send();
  server.Kill();
  server.Start();
  send();
  watching.Finish(60 * kSecond);
  EXPECT_GE(acknowledged, 50);
  EXPECT_EQ(watching.seen[0], acknowledged);
  EXPECT_EQ(watching.failed.count("message lost"), 0u);
}

}  // namespace
}  // namespace mbench::testing
