// SPDX-License-Identifier: Apache-2.0
//
// What NATS and JetStream say, what is said to them, and subjects, without a server.
#include <gmock/gmock.h>

#include "drivers/nats/jetstream.h"
#include "drivers/nats/nats_figures.h"
#include "drivers/nats/nats_protocol.h"
#include "drivers/nats/nats_statement.h"
#include "harness/base/rng.h"

namespace mbench::nats {
namespace {

using ::testing::HasSubstr;

Event Whole(std::string_view bytes) {
  Event event;
  EXPECT_EQ(ReadEvent(bytes, &event), Front::kWhole) << bytes;
  EXPECT_EQ(event.size, bytes.size());
  return event;
}

Front FrontOf(std::string_view bytes) {
  Event event;
  return ReadEvent(bytes, &event);
}

TEST(NatsProtocol, MessagesAreReadWithAndWithoutReplyAndHeaders) {
  const Event plain = Whole("MSG a.b 9 5\r\nhello\r\n");
  EXPECT_EQ(plain.type, EventType::kMessage);
  EXPECT_EQ(plain.subject, "a.b");
  EXPECT_EQ(plain.sid, 9u);
  EXPECT_EQ(plain.reply, "");
  EXPECT_EQ(plain.payload, "hello");
  EXPECT_EQ(Whole("MSG a  9\tto.me 2\r\n\r\n\r\n").reply, "to.me");
  const Event headers = Whole("HMSG a 1 r 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\n");
  EXPECT_EQ(headers.headers, "NATS/1.0\r\nA: b\r\n\r\n");
  EXPECT_EQ(headers.payload, "hi");
  EXPECT_EQ(headers.reply, "r");
}

TEST(NatsProtocol, WhatIsWrittenIsReadAgainByItsLengths) {
  std::string out;
  AppendPublish("a.b", "", "", "xyz", &out);
  EXPECT_EQ(out, "PUB a.b 3\r\nxyz\r\n");
  out.clear();
  AppendPublish("a.b", "r", "A: b\r\n", "xyz", &out);
  EXPECT_EQ(out, "HPUB a.b r 18 21\r\nNATS/1.0\r\nA: b\r\n\r\nxyz\r\n");
  EXPECT_EQ(HeaderBytes(6), 18u);
  out.clear();
  AppendSubscribe("a.>", "q", 2, &out);
  AppendSubscribe("a.>", "", 3, &out);
  EXPECT_EQ(out, "SUB a.> q 2\r\nSUB a.> 3\r\n");
}

TEST(NatsProtocol, OtherWordsOfAServerAreRead) {
  EXPECT_EQ(Whole("PING\r\n").type, EventType::kPing);
  EXPECT_EQ(Whole("PONG\r\n").type, EventType::kPong);
  EXPECT_EQ(Whole("+OK\r\n").type, EventType::kOk);
  EXPECT_EQ(Whole("-ERR 'Slow Consumer'\r\n").text, "Slow Consumer");
  EXPECT_EQ(Whole("INFO {\"a\":1} \r\n").text, "{\"a\":1}");
}

TEST(NatsProtocol, EveryBeginOfWhatIsRightIsIncomplete) {
  for (const std::string_view whole :
       {"MSG a.b 9 r 5\r\nhello\r\n", "HMSG a 1 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\n",
        "PING\r\n", "INFO {}\r\n", "-ERR 'x'\r\n", "+OK\r\n"}) {
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_EQ(FrontOf(whole.substr(0, size)), Front::kIncomplete) << whole.substr(0, size);
  }
}

TEST(NatsProtocol, OtherThingsAreKnownAtOnce) {
  for (const std::string_view wrong :
       {"H\r\n", "HTTP/1.1 400", "MSG a 1\r\n", "MSG a 1 x\r\n", "MSG a 1 -1\r\n",
        "MSG a 1 2 3 4\r\n", "MSG a 1 99999999999999999999999\r\n", "MSG a 1 1073741824\r\n",
        "HMSG a 1 20 18\r\n", "MSG a 1 2\r\nabcd", "PONGS\r\n", "\x16\x03\x01", "\n"})
    EXPECT_EQ(FrontOf(wrong), Front::kMalformed) << wrong;
  EXPECT_EQ(FrontOf("MSG " + std::string(70'000, 'a')), Front::kMalformed);
  EXPECT_EQ(FrontOf("INFO " + std::string(70'000, 'a')), Front::kIncomplete);
  EXPECT_EQ(FrontOf("INFO " + std::string(2'000'000, 'a')), Front::kMalformed);
}

// Whatever comes: what is read stands in what came, and what is not whole takes nothing.
TEST(NatsProtocol, ChangedBytesAreReadWithoutHarm) {
  const std::string right =
      "INFO {\"max_payload\":9,\"headers\":true}\r\nMSG a.b 9 $JS.ACK.S.c.2.17.3.16.41 5\r\nhello\r\n"
      "HMSG a 1 r 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\nPING\r\n-ERR 'Publish to \"a\"'\r\nPONG\r\n+OK\r\n";
  Rng rng(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = right;
    for (std::uint64_t change = rng.Below(6); change > 0; --change)
      bytes[rng.Below(bytes.size())] = static_cast<char>(rng.Below(256));
    bytes.resize(rng.Below(bytes.size() + 1));
    const std::vector<char> exactly(bytes.begin(), bytes.end());  // a byte behind it is not ours
    std::string_view in(exactly.data(), exactly.size());
    Event event;
    while (!in.empty() && ReadEvent(in, &event) == Front::kWhole) {
      ASSERT_GT(event.size, 0u);
      ASSERT_LE(event.size, in.size());
      ASSERT_LE(event.headers.size() + event.payload.size(), event.size);
      (void)StatusOf(event.headers);
      (void)HeaderOf(event.headers, "A");
      (void)ReadDelivery(event.reply);
      (void)ReadPublishAck(event.payload);
      std::string_view subject;
      EXPECT_FALSE(ErrorClass(event.text, &subject).empty());
      (void)ReadInfo(event.text);
      in.remove_prefix(event.size);
    }
  }
}

TEST(NatsProtocol, HeadersGiveTheirStatusAndValues) {
  EXPECT_EQ(StatusOf("NATS/1.0 503\r\n\r\n"), 503);
  EXPECT_EQ(StatusOf("NATS/1.0 100 Idle Heartbeat\r\nA: 1\r\n\r\n"), 100);
  EXPECT_EQ(StatusOf("NATS/1.0\r\nA: 1\r\n\r\n"), 0);
  EXPECT_EQ(StatusOf(""), 0);
  EXPECT_EQ(StatusTextOf("NATS/1.0 409 Exceeded MaxWaiting\r\n\r\n"), "exceeded maxwaiting");
  EXPECT_EQ(StatusTextOf("NATS/1.0 409\r\n\r\n"), "an error without a name");
  EXPECT_EQ(HeaderOf("NATS/1.0\r\nAb: x\r\nA: 1 \r\n\r\n", "A"), "1");
  EXPECT_EQ(HeaderOf("NATS/1.0\r\nAb: x\r\n\r\n", "A"), std::nullopt);
  EXPECT_EQ(HeaderOf("NATS/1.0\r\nA:", "A"), "");
}

TEST(NatsProtocol, AnErrorIsCountedWithoutItsValues) {
  std::string_view subject;
  EXPECT_EQ(ErrorClass("Permissions Violation for Publish to \"a.b\"", &subject),
            "permissions violation for publish to");
  EXPECT_EQ(subject, "a.b");
  EXPECT_EQ(ErrorClass("wrong last sequence: 12"), "wrong last sequence");
  EXPECT_EQ(ErrorClass("bad \x01 \"", &subject), "bad ?");
  EXPECT_EQ(ErrorClass(""), "an error without a name");
}

TEST(NatsProtocol, InfoIsReadAndWhatItLeavesOutStays) {
  const auto info = ReadInfo(R"({"version":"2.9.10","max_payload":5,"headers":true})");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->version, "2.9.10");
  EXPECT_EQ(info->max_payload, 5u);
  EXPECT_TRUE(info->headers);
  EXPECT_EQ(ReadInfo(R"({"max_payload":"x","version":3})", *info)->max_payload, 5u);
  EXPECT_FALSE(ReadInfo("[]"));
  EXPECT_FALSE(ReadInfo("{"));
}

TEST(NatsProtocol, AConnectTellsWhoItIsAndNothingThatIsNotSaid) {
  std::string out;
  AppendConnect({.user = "u", .password = "p\"q"}, &out);
  EXPECT_THAT(out, HasSubstr(R"("pass":"p\"q")"));
  EXPECT_THAT(out, HasSubstr(R"("verbose":false)"));
  EXPECT_EQ(out.find("auth_token"), std::string::npos);
  EXPECT_TRUE(out.starts_with("CONNECT {") && out.ends_with("}\r\n"));
  out.clear();
  AppendConnect({.token = "t"}, &out);
  EXPECT_THAT(out, HasSubstr(R"("auth_token":"t")"));
  EXPECT_EQ(out.find("\"user\""), std::string::npos);
}

TEST(NatsSubjects, WrongOnesAreNamed) {
  EXPECT_EQ(WrongSubject("a.b-c.9"), "");
  EXPECT_EQ(WrongFilter("a.*.>"), "");
  EXPECT_THAT(WrongSubject(""), HasSubstr("empty"));
  EXPECT_THAT(WrongSubject("a b"), HasSubstr("blank"));
  EXPECT_THAT(WrongSubject("a\r\nPUB b 0"), HasSubstr("control character"));
  EXPECT_THAT(WrongSubject(".a"), HasSubstr("two dots"));
  EXPECT_THAT(WrongSubject("a..b"), HasSubstr("two dots"));
  EXPECT_THAT(WrongSubject("a.*"), HasSubstr("filters"));
  EXPECT_THAT(WrongSubject(std::string(3000, 'a')), HasSubstr("longer"));
  EXPECT_THAT(WrongFilter(">.a"), HasSubstr("behind its >"));
  EXPECT_THAT(WrongName("a.b"), HasSubstr("may not have"));
  EXPECT_THAT(WrongName(""), HasSubstr("empty"));
  EXPECT_EQ(WrongName("billing-2"), "");
}

TEST(NatsSubjects, AFilterCoversWhatItStandsFor) {
  EXPECT_TRUE(Covers("a.*", "a.b"));
  EXPECT_TRUE(Covers("a.*", "a.*"));
  EXPECT_TRUE(Covers("a.>", "a.*.c"));
  EXPECT_TRUE(Covers("a.>", "a.b.>"));
  EXPECT_FALSE(Covers("a.>", "a"));
  EXPECT_FALSE(Covers("a.b", "a.*"));
  EXPECT_FALSE(Covers("a.*", "a.>"));
  EXPECT_FALSE(Covers("a.*", "a.b.c"));
  EXPECT_FALSE(Covers("a.b.c", "a.b"));
}

TEST(NatsSubjects, WhatIsDrawnIsAWholePartOfTheFilter) {
  const std::vector<std::string> arguments = {"x", "row.a"};
  const auto filter = [&arguments](std::string_view subject) {
    return FilterOf(*TextTemplate::Parse(subject, arguments));
  };
  EXPECT_EQ(filter("orders.{x}.new"), "orders.*.new");
  EXPECT_EQ(filter("orders.a{x}b.{row.a}"), "orders.*.*");
  EXPECT_EQ(filter("orders"), "orders");
}

TEST(NatsSubjects, AStampTravelsAsHex) {
  const std::string stamp = PackStamp({.run = 0xff00, .number = 7, .planned_ns = 1, .producer = 3});
  EXPECT_EQ(BytesOfHex(HexOf(stamp)), stamp);
  EXPECT_EQ(BytesOfHex("0g"), "");
  EXPECT_EQ(BytesOfHex("0"), "");
  EXPECT_EQ(BytesOfHex("+1"), "");
}

TEST(JetStreamAnswers, AnAcknowledgementSaysWhatBecameOfTheMessage) {
  EXPECT_EQ(ReadPublishAck(R"({"stream":"S", "seq":7})").error, "");
  EXPECT_FALSE(ReadPublishAck(R"({"stream":"S","seq":7})").duplicate);
  EXPECT_TRUE(ReadPublishAck(R"({"stream":"S","seq":7,"duplicate": true})").duplicate);
  const PublishAck full = ReadPublishAck(
      R"({"error":{"code":503,"err_code":10077,"description":"maximum messages exceeded"},"stream":"S","seq":0})");
  EXPECT_EQ(full.error, "maximum messages exceeded");
  EXPECT_TRUE(full.rejected);
  EXPECT_EQ(
      ReadPublishAck(R"({"error":{"code":400,"description":"wrong last sequence: 12"},"seq":0})")
          .error,
      "wrong last sequence");
  for (const std::string_view other : {"", "hello", "{}", "[1]", "{\"stream\":\"S\"}"})
    EXPECT_THAT(ReadPublishAck(other).error, HasSubstr("none of JetStream")) << other;
}

TEST(JetStreamAnswers, ADeliverySaysHowOftenAndHowManyAreBehind) {
  const auto old = ReadDelivery("$JS.ACK.ORDERS.billing.2.17.3.1600000000000000000.41");
  ASSERT_TRUE(old);
  EXPECT_EQ(old->delivered, 2u);
  EXPECT_EQ(old->pending, 41u);
  const auto domain = ReadDelivery("$JS.ACK.hub.ACC.ORDERS.billing.1.17.3.1600000000000000000.5.r");
  ASSERT_TRUE(domain);
  EXPECT_EQ(domain->delivered, 1u);
  EXPECT_EQ(domain->pending, 5u);
  EXPECT_FALSE(ReadDelivery("_INBOX.a"));
  EXPECT_FALSE(ReadDelivery("$JS.ACK.a.b"));
}

TEST(NatsFigures, ThePageOfMonitoringIsReadAndOtherPagesAreNone) {
  const ServerFigures figures = ReadVarz(
      R"({"connections":3,"mem":1000,"cpu":1.5,"slow_consumers":2,"in_msgs":70,"name":"x"})");
  EXPECT_EQ(figures.now.at("connections"), 3);
  EXPECT_EQ(figures.now.at("memory_bytes"), 1000);
  EXPECT_EQ(figures.now.at("cpu_percent"), 1.5);
  EXPECT_EQ(figures.slow_consumers, 2u);
  EXPECT_EQ(figures.counted.at("in_messages_per_s"), 70);
  EXPECT_TRUE(ReadVarz("<html>").now.empty());
  EXPECT_TRUE(ReadVarz(R"({"mem":"much"})").now.empty());
}

}  // namespace
}  // namespace mbench::nats
