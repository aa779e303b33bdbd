// SPDX-License-Identifier: Apache-2.0
//
// What the kafka driver knows without a broker: stamps, the order of keys, faults in words.
#include <gmock/gmock.h>

#include "drivers/kafka/coordinator.h"
#include "drivers/kafka/kafka_cluster.h"
#include "drivers/kafka/kafka_statement.h"
#include "tests/body_of.h"

namespace mbench::kafka {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(KafkaStamp, IsReadAsItWasWritten) {
  const MessageStamp stamp{.run = 0x0123456789abcdef,
                           .number = 0xfedcba9876543210,
                           .planned_ns = 1'700'000'000'123'456'789,
                           .producer = 0xdeadbeef};
  const std::string bytes = PackStamp(stamp);
  EXPECT_EQ(bytes.size(), kStampSize);
  EXPECT_EQ(bytes.substr(0, 2), "\x01\x23") << "the highest byte first";
  const auto read = UnpackStamp(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->run, stamp.run);
  EXPECT_EQ(read->number, stamp.number);
  EXPECT_EQ(read->planned_ns, stamp.planned_ns);
  EXPECT_EQ(read->producer, stamp.producer);
  EXPECT_FALSE(UnpackStamp("mbench"));
}

TEST(KafkaKeyOrder, BlamesOnlyWhatOneProducerSentEarlierWithTheSameKey) {
  KeyOrder order;
  EXPECT_TRUE(order.Take(0, "a", 1));
  EXPECT_TRUE(order.Take(0, "a", 3));
  EXPECT_FALSE(order.Take(0, "a", 2));
  EXPECT_TRUE(order.Take(0, "b", 2)) << "another key";
  EXPECT_TRUE(order.Take(1, "a", 2)) << "another producer";
}

class KafkaFeed : public ::testing::Test {
 protected:
  KafkaFeed() : feed_("orders", {.group = "billing", .members = 1, .from = "end"}, 7) {}
  MessageStamp Send() { return {.run = 7, .number = feed_.ledger().Begin(0, 100)}; }
  std::string Fact() {
    SystemRemarks remarks;
    feed_.AddFindings(&remarks);
    invalid_ = remarks.invalid;
    warnings_ = remarks.warnings;
    return remarks.facts["group billing of orders"];
  }

  Feed feed_;
  std::vector<std::string> invalid_, warnings_;
};

TEST_F(KafkaFeed, CountsWhatCameTwiceLateOrFromElsewhere) {
  const MessageStamp first = Send(), second = Send();
  feed_.ledger().Acknowledge(first.number, 200);
  feed_.ledger().Acknowledge(second.number, 200);
  feed_.See(second, "key", 10, 300);
  feed_.See(first, "key", 10, 300);
  feed_.See(first, "key", 10, 400);
  feed_.See(MessageStamp{.run = 8, .number = first.number}, "key", 10, 400);
  feed_.See(std::nullopt, "key", 10, 400);
  const std::string fact = Fact();
  EXPECT_THAT(fact,
              HasSubstr("2 messages acknowledged, 2 seen, 0 lost, 1 doubled, 1 out of order"));
  EXPECT_THAT(fact, HasSubstr("2 foreign"));
  EXPECT_THAT(invalid_, IsEmpty());
  EXPECT_EQ(warnings_.size(), 2u);
}

TEST_F(KafkaFeed, WhatWasAcknowledgedAndDoesNotComeIsLost) {
  feed_.ledger().Acknowledge(Send().number, 200);
  Send();  // nobody knows what became of it
  EXPECT_EQ(feed_.ledger().Missing(), 1u);
  feed_.ledger().GiveUp(true);
  EXPECT_THAT(Fact(), HasSubstr("1 lost"));
  EXPECT_THAT(warnings_, Contains(HasSubstr("1 of 1 acknowledged messages did not come")));
  EXPECT_THAT(invalid_, IsEmpty()) << "how many may be, objectives say";
  EXPECT_EQ(feed_.ledger().ByStatement()[0], (MessageCounts{.acknowledged = 1, .lost = 1}));
}

TEST_F(KafkaFeed, TellsHowFarItsMembersAreBehind) {
  feed_.SetLag(0, 12);
  SystemFigures figures, counted;
  feed_.AddFigures(&figures, &counted);
  EXPECT_EQ(figures["group_billing_lag_messages"], 12);
  // A broker that does not answer says of no new message.
  for (int i = 0; i < 20; ++i) feed_.ledger().Acknowledge(Send().number, 200);
  figures.clear();
  feed_.AddFigures(&figures, &counted);
  EXPECT_EQ(figures["group_billing_lag_messages"], 20);
}

// One that reads alone.
class KafkaRead : public ::testing::Test {
 protected:
  KafkaRead() { feed_.SetRanges({{0, {10, 30}}, {1, {5, 5}}, {2, {0, 7}}}); }
  SystemRemarks Findings() {
    SystemRemarks remarks;
    feed_.AddFindings(&remarks);
    return remarks;
  }

  Feed feed_{
      "orders",
      {.group = "audit", .members = 1, .from = "beginning", .alone = true, .until_end = true},
      7};
};

TEST_F(KafkaRead, IsOverWhenAllPartitionsAreAtTheEndsThatTheyHadAtFirst) {
  EXPECT_EQ(feed_.Backlog(), 27);
  feed_.NoteFirst(kSecond);
  feed_.NotePlace(0, 29, 2 * kSecond);
  feed_.NotePlace(2, 9, 2 * kSecond);
  EXPECT_FALSE(feed_.IsRead());
  feed_.NotePlace(0, 30, 3 * kSecond);
  EXPECT_TRUE(feed_.IsRead());
  feed_.NotePlace(0, 31, 9 * kSecond);
  for (int i = 0; i < 27; ++i) feed_.Count(100, -1);
  EXPECT_THAT(
      Findings().facts["group audit of orders"],
      HasSubstr("27 messages and 2700 bytes read; the 27 that were there when it began within "
                "2.00s of the first op (13.5/s)"));
  EXPECT_THAT(Findings().warnings, IsEmpty());
}

TEST_F(KafkaRead, OneThatIsOverBeforeTheEndSaysWhatIsLeft) {
  for (int i = 0; i < 20; ++i) feed_.Count(100, -1);
  EXPECT_THAT(Findings().warnings, Contains(HasSubstr("20 of 27 messages were in hand")));
}

TEST_F(KafkaRead, AClockThatIsAheadIsNamed) {
  feed_.Count(1, 4'000'000'000'000);  // in the year 2096
  feed_.CheckClock();
  EXPECT_THAT(Findings().warnings, Contains(HasSubstr("ahead of the clock of this host")));
}

TEST(KafkaFault, IsToldWithWhatToDo) {
  EXPECT_THAT(ExplainFault("127.0.0.1:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection "
                           "refused (after 0ms in state CONNECT)"),
              HasSubstr("start a broker there"));
  EXPECT_THAT(ExplainFault("127.0.0.1:80/bootstrap: Receive failed: Invalid response size "
                           "1213486160 (0..100000000): increase receive.message.max.bytes"),
              HasSubstr("an HTTP server answers there"));
  EXPECT_EQ(ExplainFault("x:1/bootstrap: Failed to resolve 'x:1': Name or service not known (after "
                         "3ms in state CONNECT)"),
            "Failed to resolve 'x:1': Name or service not known");
  EXPECT_EQ(ExplainFault(""), "no answer");
}

TEST(KafkaCoordinator, IsAskedAgainWhileItSettlesAndNoLongerThanIsSaid) {
  FakeClock clock(0, kMillisecond);
  int asked = 0;
  const auto after = [&asked](int times, rd_kafka_resp_err_t last) {
    asked = 0;
    return [&asked, times, last](Ticks left) {
      EXPECT_GT(left, 0);
      return ++asked < times ? RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS : last;
    };
  };
  EXPECT_EQ(AskCoordinator(kMinute, after(3, RD_KAFKA_RESP_ERR_NO_ERROR)),
            RD_KAFKA_RESP_ERR_NO_ERROR);
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(AskCoordinator(kMinute, after(1, RD_KAFKA_RESP_ERR__TIMED_OUT)),
            RD_KAFKA_RESP_ERR__TIMED_OUT);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(AskCoordinator(kSecond, after(1000, RD_KAFKA_RESP_ERR_NO_ERROR)),
            RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
  EXPECT_LE(asked, 10);
}

}  // namespace
}  // namespace mbench::kafka
