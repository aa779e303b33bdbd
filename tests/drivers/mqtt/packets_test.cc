// SPDX-License-Identifier: Apache-2.0
//
// The packets of MQTT, and faults in words, without a broker.
#include <gmock/gmock.h>

#include "drivers/mqtt/mqtt_packets.h"
#include "drivers/mqtt/mqtt_statement.h"
#include "tests/body_of.h"

namespace mbench::mqtt {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

Packet Whole(std::string_view bytes) {
  Packet packet;
  EXPECT_EQ(ReadPacket(bytes, &packet), Front::kWhole);
  EXPECT_EQ(packet.size, bytes.size());
  return packet;
}

TEST(MqttPackets, ConnectIsAsTheStandardHasIt) {
  std::string out;
  AppendConnect({.client_id = "c1", .user = "u", .password = "pw"}, Version::k311, &out);
  EXPECT_EQ(out, "\x10\x15\0\4MQTT\4\xc2\0\0\0\2c1\0\1u\0\2pw"s);
  out.clear();
  AppendConnect({.client_id = "c1", .clean = false, .session_expiry_s = 3600}, Version::k5, &out);
  EXPECT_EQ(out, "\x10\x14\0\4MQTT\5\0\0\0\5\x11\0\0\x0e\x10\0\2c1"s);
}

TEST(MqttPackets, APublishIsReadAsItWasWritten) {
  for (const Version version : {Version::k311, Version::k5}) {
    for (std::uint8_t qos = 0; qos <= 2; ++qos) {
      const std::string payload(300, 'x');
      const Publish publish{.topic = "plant/7",
                            .payload = payload,
                            .correlation = version == Version::k5 ? "a stamp" : "",
                            .id = qos > 0 ? std::uint16_t{0x1234} : std::uint16_t{0},
                            .qos = qos,
                            .retain = qos == 1};
      std::string out;
      AppendPublish(publish, version, &out);
      const Packet packet = Whole(out);
      EXPECT_EQ(packet.body.size(), SizeOf(publish, version));
      Publish read;
      ASSERT_TRUE(ReadPublish(packet, version, &read));
      EXPECT_EQ(read.topic, publish.topic);
      EXPECT_EQ(read.payload, publish.payload);
      EXPECT_EQ(read.correlation, publish.correlation);
      EXPECT_EQ(read.id, publish.id);
      EXPECT_EQ(read.qos, qos);
      EXPECT_EQ(read.retain, publish.retain);
    }
  }
}

TEST(MqttPackets, OtherPropertiesOfAPublishArePassedOver) {
  // payload format, expiry, topic alias, user property, correlation data, subscription identifier
  const std::string properties =
      "\x01\x01\x02\0\0\0\x0a\x23\0\x03\x26\0\1k\0\2vv\x09\0\3abc\x0b\x80\x01"s;
  const std::string body = "\0\1t"s + static_cast<char>(properties.size()) + properties + "payload";
  const std::string packet = "\x30"s + static_cast<char>(body.size()) + body;
  Publish read;
  ASSERT_TRUE(ReadPublish(Whole(packet), Version::k5, &read));
  EXPECT_EQ(read.correlation, "abc");
  EXPECT_EQ(read.payload, "payload");
}

TEST(MqttPackets, NoPartOfAPacketIsTakenForAWholeOne) {
  std::string out;
  AppendPublish({.topic = "t", .payload = std::string(200, 'x')}, Version::k5, &out);
  for (std::size_t size = 0; size < out.size(); ++size) {
    Packet packet;
    EXPECT_EQ(ReadPacket(std::string_view(out).substr(0, size), &packet), Front::kIncomplete)
        << size;
  }
}

TEST(MqttPackets, WhatIsCutOffInsideIsMalformedAndReadNoFurther) {
  std::string out;
  AppendPublish({.topic = "topic", .payload = "p", .correlation = "stamp", .id = 7, .qos = 1},
                Version::k5, &out);
  const Packet whole = Whole(out);
  for (std::size_t size = 0; size + 1 < whole.body.size(); ++size) {
    Packet cut = whole;
    cut.body = whole.body.substr(0, size);
    Publish read;
    EXPECT_FALSE(ReadPublish(cut, Version::k5, &read)) << size;
  }
  Packet packet;
  EXPECT_EQ(ReadPacket("\x30\xff\xff\xff\xff\x01", &packet), Front::kMalformed);
}

TEST(MqttPackets, AnswersSayHowItEnded) {
  Ack ack;
  ASSERT_TRUE(ReadAck(Whole("\x40\x02\x12\x34"s), Version::k5, &ack));
  EXPECT_EQ(ack.id, 0x1234);
  EXPECT_EQ(ack.reason, 0) << "left out";
  ASSERT_TRUE(ReadAck(Whole("\x40\x04\x12\x34\x87\0"s), Version::k5, &ack));
  EXPECT_EQ(ReasonName(ack.reason), "not authorized");
  ASSERT_TRUE(ReadAck(Whole("\x20\x02\0\5"s), Version::k311, &ack));
  EXPECT_EQ(ReasonName(ack.reason), "not authorized");
  ASSERT_TRUE(ReadAck(Whole("\x20\x02\0\1"s), Version::k5, &ack));
  EXPECT_THAT(ReasonName(ack.reason), HasSubstr("does not speak this version"));
  ASSERT_TRUE(ReadAck(Whole("\x90\x03\0\1\x80"s), Version::k311, &ack));
  EXPECT_EQ(ack.reason, 0x80);
  EXPECT_FALSE(ReadAck(Whole("\x40\x01\x12"s), Version::k5, &ack));
}

TEST(MqttTopics, MayNotHaveWhatFiltersHave) {
  EXPECT_EQ(WrongTopic("plant/7/temperature"), "");
  EXPECT_NE(WrongTopic(""), "");
  EXPECT_NE(WrongTopic("plant/+/x"), "");
  for (const char* filter : {"#", "plant/#", "+/7/+", "+", "/"}) EXPECT_EQ(WrongFilter(filter), "");
  for (const char* filter : {"", "plant#", "#/x", "plant/a+/x", "+a"})
    EXPECT_NE(WrongFilter(filter), "") << filter;
}

TEST(MqttTopics, AFilterHasAPlusForEveryLevelThatIsDrawn) {
  EXPECT_EQ(FilterOf("plant/{machine}/temperature"), "plant/+/temperature");
  EXPECT_EQ(FilterOf("plant/m-{machine}/{sensor}"), "plant/+/+");
  EXPECT_EQ(FilterOf("/plant//x"), "/plant//x");
}

}  // namespace
}  // namespace mbench::mqtt
