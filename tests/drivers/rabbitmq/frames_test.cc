// SPDX-License-Identifier: Apache-2.0
//
// The frames of AMQP 0-9-1, and what is read of statements, without a server.
#include <gmock/gmock.h>

#include "drivers/rabbitmq/amqp_frames.h"
#include "drivers/rabbitmq/rabbitmq_queues.h"
#include "drivers/rabbitmq/rabbitmq_statement.h"
#include "harness/base/rng.h"
#include "tests/body_of.h"

namespace mbench::amqp {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

Frame Whole(std::string_view bytes) {
  Frame frame;
  EXPECT_EQ(ReadFrame(bytes, kLargestFrame, &frame), Front::kWhole);
  return frame;
}

TEST(AmqpFrames, MethodsAreAsTheStandardHasThem) {
  std::string out;
  AppendPlain(Method::kChannelOpen, 1, &out);
  EXPECT_EQ(out, "\1\0\1\0\0\0\5\0\x14\0\x0a\0\xce"s);
  out.clear();
  AppendOpen("/", &out);
  EXPECT_EQ(out, "\1\0\0\0\0\0\x08\0\x0a\0\x28\1/\0\0\xce"s);
  out.clear();
  AppendAck(258, &out);
  EXPECT_EQ(out, "\1\0\1\0\0\0\x0d\0\x3c\0\x50\0\0\0\0\0\0\1\2\1\xce"s);
  out.clear();
  AppendQueueDeclare("q", "quorum", false, &out);
  EXPECT_EQ(out,
            "\1\0\1\0\0\0\x25\0\x32\0\x0a\0\0\1q\2\0\0\0\x18\x0cx-queue-typeS\0\0\0\6quorum\xce"s);
  out.clear();
  AppendHeartbeat(&out);
  EXPECT_EQ(out, "\x08\0\0\0\0\0\0\xce"s);
}

TEST(AmqpFrames, AMessageIsReadAsItWasWrittenInAsManyBodiesAsItTakes) {
  const std::string payload(10'000, 'x');
  for (const std::string& stamp : {""s, std::string(28, '\0')}) {
    std::string out;
    AppendPublish({.exchange = "shop",
                   .routing_key = "order.de",
                   .payload = payload,
                   .message_id = "0000002a",
                   .stamp = stamp},
                  4096, &out);
    std::string_view rest = out;
    std::vector<Frame> frames;
    while (!rest.empty()) {
      frames.push_back(Whole(rest));
      EXPECT_LE(frames.back().size, 4096u);
      EXPECT_EQ(frames.back().channel, kChannel);
      rest.remove_prefix(frames.back().size);
    }
    ASSERT_EQ(frames.size(), 5u);
    EXPECT_EQ(frames[0].payload, "\0\x3c\0\x28\0\0\4shop\x08order.de\1"s);
    Head head;
    ASSERT_TRUE(ReadHead(frames[1].payload, &head));
    EXPECT_EQ(head.size, payload.size());
    EXPECT_EQ(head.message_id, "0000002a");
    EXPECT_EQ(head.stamp, stamp);
    std::string read;
    for (std::size_t i = 2; i < frames.size(); ++i) read += frames[i].payload;
    EXPECT_EQ(read, payload);
  }
}

TEST(AmqpFrames, AnEmptyMessageHasNoBody) {
  std::string out;
  AppendPublish({.routing_key = "q", .message_id = "1"}, 4096, &out);
  const Frame method = Whole(out);
  const Frame head = Whole(std::string_view(out).substr(method.size));
  EXPECT_EQ(method.size + head.size, out.size());
}

TEST(AmqpFrames, WhatHasNotAllComeIsIncompleteAndWhatIsNoneIsNamed) {
  std::string whole;
  AppendClose(&whole);
  Frame frame;
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(ReadFrame(whole.substr(0, size), kLargestFrame, &frame), Front::kIncomplete) << size;
  EXPECT_EQ(ReadFrame("HTTP/1.1 400 Bad", kLargestFrame, &frame), Front::kNotAmqp);
  EXPECT_EQ(ReadFrame("AMQP\0\0\x09\1"s, kLargestFrame, &frame), Front::kOtherVersion);
  EXPECT_EQ(ReadFrame("AM", kLargestFrame, &frame), Front::kIncomplete);
  EXPECT_EQ(ReadFrame("\1\0\1\xff\xff\xff\xff"s, kLargestFrame, &frame), Front::kTooLarge);
  whole.back() = '\xcd';
  EXPECT_EQ(ReadFrame(whole, kLargestFrame, &frame), Front::kBadEnd);
}

// Every type of field that RabbitMQ has, before the one that is looked for.
TEST(AmqpFrames, OtherHeadersArePassedOver) {
  const std::string table =
      "\1at\1\1bb\2\1cB\2\1ds\0\3\1eu\0\3\1fI\0\0\0\4\1gi\0\0\0\4\1hl\0\0\0\0\0\0\0\5"
      "\1if\0\0\0\0\1jd\0\0\0\0\0\0\0\0\1kD\2\0\0\0\7\1lT\0\0\0\0\0\0\0\1\1mV"
      "\1nA\0\0\0\2t\1\1oF\0\0\0\4\1pt\1\1qS\0\0\0\2hi\6mbenchx\0\0\0\3abc"s;
  bool right = true;
  EXPECT_EQ(TextIn(table, "mbench", &right), "abc");
  EXPECT_EQ(TextIn(table, "q", &right), "hi");
  EXPECT_EQ(TextIn(table, "none", &right), "");
  EXPECT_TRUE(right);
  EXPECT_EQ(TextIn("\1a?", "mbench", &right), "");
  EXPECT_FALSE(right);
  right = true;
  EXPECT_EQ(TextIn("\6mbenchx\xff\xff\xff\xff", "mbench", &right), "");
  EXPECT_FALSE(right);
}

// Whatever comes is read without going beyond it: under a sanitizer this fails when it does.
TEST(AmqpFrames, NothingIsReadBeyondItsEnd) {
  Rng rng(27);
  std::string message, other;
  AppendPublish({.routing_key = "q", .payload = "p", .message_id = "1", .stamp = "s"}, 4096,
                &message);
  AppendStartOk({.user = "u", .password = "p", .vhost = "/"}, &other);
  for (int i = 0; i < 50'000; ++i) {
    std::string bytes = (i & 1) != 0 ? message : other;
    for (int change = 0; change < 3; ++change)
      bytes[rng.Next() % bytes.size()] = static_cast<char>(rng.Next());
    bytes.resize(rng.Next() % bytes.size());
    const std::vector<char> exact(bytes.begin(), bytes.end());  // its end is that of its memory
    const std::string_view in(exact.data(), exact.size());
    Frame frame;
    (void)ReadFrame(in, kLargestFrame, &frame);
    for (const std::string_view payload : {in, in.substr(std::min<std::size_t>(7, in.size()))}) {
      Method method{};
      std::string_view arguments;
      Head head;
      (void)ReadHead(payload, &head);
      if (!ReadMethod(payload, &method, &arguments)) continue;
      Hello hello;
      Tuning tuning;
      Closing closing;
      Confirm confirm;
      Delivery delivery;
      QueueState state;
      (void)ReadStart(arguments, &hello);
      (void)ReadTune(arguments, &tuning);
      (void)ReadClose(arguments, &closing);
      (void)ReadConfirm(arguments, &confirm);
      (void)ReadDeliver(arguments, &delivery);
      (void)ReadDeclareOk(arguments, &state);
    }
  }
}

TEST(AmqpFrames, ATuningBelowTheSmallestFrameIsRefused) {
  Tuning tuning;
  EXPECT_FALSE(ReadTune("\0\0\0\0\0\x08\0\0"s, &tuning));
  EXPECT_TRUE(ReadTune("\7\xff\0\2\0\0\0\x3c"s, &tuning));
  EXPECT_EQ(tuning.channels, 2047);
  EXPECT_EQ(tuning.frame, 131'072u);
}

TEST(RabbitStatements, ABindingHasAStarForWordsThatAreDrawn) {
  EXPECT_EQ(BindingOf("order.{country}.{city}-{id}"), "order.*.*");
  EXPECT_EQ(BindingOf("order"), "order");
  EXPECT_EQ(BindingOf(""), "");
}

TEST(RabbitStatements, NoMoreIsAcknowledgedTogetherThanAConsumerMayHave) {
  ComplaintList told;
  const Message message = ReadMessage(
      {.name = "m",
       .weight = 1,
       .body = BodyOf({{"produce", "q"}, {"consume", R"({"queue": "q", "prefetch": 10})"}})},
      &told);
  EXPECT_EQ(message.consume->ack_every, 10u);
}

TEST(RabbitQueues, TheTypeOfAQueueIsReadFromTheRefusalOfAnother) {
  EXPECT_EQ(
      TypeIn("406 PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'q' in vhost "
             "'/': received 'classic' but current is 'stream'"),
      "stream");
  EXPECT_EQ(
      TypeIn("406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q' in vhost '/': "
             "received 'true' but current is 'false'"),
      "");
  EXPECT_THAT(WrongQueueName("amq.q"), HasSubstr("amq."));
}

}  // namespace
}  // namespace mbench::amqp
