// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/system/rude_server.h"

#include <gtest/gtest.h>

#include "tests/drivers/system/plain_client.h"

namespace mbench::testing {
namespace {

std::string Ask(const RudeServer& server, std::size_t size) {
  PlainClient client(server.port());
  client.Send("hello\r\n");
  return client.Read(size);
}

TEST(RudeServer, AnswersEveryRequestWhenToldNothingWorse) {
  RudeServer server({.replies = {"first.", "later."}});
  PlainClient client(server.port());
  client.Send("one\r\ntwo\r\nthree\r");
  EXPECT_EQ(client.Read(12), "first.later.");
  client.Send("\n");
  EXPECT_EQ(client.Read(6), "later.");
  EXPECT_EQ(server.accepted(), 1);
  EXPECT_EQ(server.requests(), 3);
}

TEST(RudeServer, RefusesAndAcceptsAgainAtTheSamePort) {
  RudeServer server({.refuse = true});
  EXPECT_FALSE(PlainClient(server.port()).connected());
  server.Behave({.replies = {"ok"}});
  EXPECT_EQ(Ask(server, 2), "ok");
  server.Behave({.refuse = true});
  EXPECT_FALSE(PlainClient(server.port()).connected());
}

TEST(RudeServer, AcceptsAndNeverAnswers) {
  RudeServer server({});
  PlainClient client(server.port());
  client.Send("hello\r\n");
  EXPECT_TRUE(client.StaysSilent(50));
  EXPECT_TRUE(client.connected());
}

TEST(RudeServer, AnswersAfterAPause) {
  const auto begin = std::chrono::steady_clock::now();
  RudeServer server({.replies = {"ok"}, .pause = std::chrono::milliseconds(30)});
  EXPECT_EQ(Ask(server, 2), "ok");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(30));
}

TEST(RudeServer, ClosesHalfWayThroughAReply) {
  RudeServer server({.replies = {"a whole reply"}, .cut_after = 7});
  EXPECT_EQ(Ask(server, 100), "a whole");
}

TEST(RudeServer, ClosesAfterSoManyReplies) {
  RudeServer server({.replies = {"one,", "two"}, .close_after_replies = 2});
  PlainClient client(server.port());
  client.Send("1\r\n2\r\n3\r\n");
  EXPECT_EQ(client.Read(100), "one,two");
}

TEST(RudeServer, SaysGarbageBeforeItWasAskedAnything) {
  RudeServer server({.request_end = "", .greeting = Garbage(1000)});
  PlainClient client(server.port());
  EXPECT_EQ(client.Read(1000), Garbage(1000));
}

TEST(RudeServer, HangsUpOnEverybody) {
  RudeServer server({.replies = {"ok"}});
  PlainClient client(server.port());
  client.Send("hello\r\n");
  EXPECT_EQ(client.Read(2), "ok");
  server.HangUp();
  EXPECT_EQ(client.Read(1), "");
  EXPECT_EQ(Ask(server, 2), "ok");
}

}  // namespace
}  // namespace mbench::testing
