// SPDX-License-Identifier: Apache-2.0
//
// The driver against a real memcached, and against one that misbehaves.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <thread>

#include "tests/body_of.h"
#include "tests/drivers/answers.h"
#include "tests/drivers/system/plain_client.h"
#include "tests/drivers/system/rude_server.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Ticks kSoon = 300 * kMillisecond;

// An opened driver and one session of it.
struct Store {
  std::unique_ptr<Driver> driver;
  DriverFacts facts;
  std::unique_ptr<Session> session;

  // What went wrong, or "".
  std::string Open(const Options& options, const SessionPlan& plan = {.want_values = true},
                   std::vector<StatementSpec> statements = {}) {
    driver = MakeDriver("memcached", options);
    const auto opened = driver->Open();
    if (!opened) return opened.error().message;
    facts = *opened;
    if (const std::string wrong = Prepare(*driver, std::move(statements)); !wrong.empty())
      return wrong;
    auto made = driver->NewSession(plan);
    if (!made) return made.error().message;
    session = std::move(*made);
    return "";
  }

  Answer Insert(std::string_view key, std::string_view value) {
    return Do(*session, {.kind = OpKind::kInsert, .key = key, .value = value});
  }
  Answer Read(std::string_view key, std::uint16_t field = kAllFields) {
    return Do(*session, {.kind = OpKind::kRead, .field = field, .key = key});
  }
  Answer Update(std::string_view key, std::string_view value, std::uint16_t field = kAllFields) {
    return Do(*session, {.kind = OpKind::kUpdate, .field = field, .key = key, .value = value});
  }
  Answer Say(std::uint16_t statement, std::vector<std::string_view> arguments) {
    return Do(*session,
              {.kind = OpKind::kStatement, .statement = statement, .arguments = arguments});
  }
  std::string ErrorOf(const Answer& answer) { return session->DescribeError(answer.error); }
};

// Reads until one ends as `wanted`; the classes of those that did not, with their numbers.
std::map<std::string, int> ReadUntil(Store& store, Outcome wanted) {
  std::map<std::string, int> errors;
  const Ticks end = Clock::Now() + 20 * kSecond;
  while (Clock::Now() < end) {
    const Answer answer = store.Read("a");
    if (answer.outcome == wanted) return errors;
    ++errors[store.ErrorOf(answer)];
  }
  ADD_FAILURE() << "no read ended as " << Name(wanted);
  return errors;
}

class MemcachedSystem : public ::testing::Test {
 protected:
  Store store_;
};

TEST_F(MemcachedSystem, DoesWhatTheVerbsSay) {
  MBENCH_NEEDS(OwnServer, server, "memcached");
  ASSERT_EQ(store_.Open({{"url", server.Url()}}), "");
  EXPECT_THAT(store_.facts.system, HasSubstr("memcached 1."));
  EXPECT_THAT(store_.Read("a"), IsNotFound());
  EXPECT_THAT(store_.Update("a", "no"), IsNotFound());
  EXPECT_THAT(store_.Insert("a", "one"), IsOk());
  EXPECT_THAT(store_.Insert("a", "two"), IsOk());
  EXPECT_THAT(store_.Read("a"), IsValue("two"));
  EXPECT_THAT(store_.Update("a", ""), IsOk());
  EXPECT_THAT(store_.Read("a"), IsValue(""));
  const std::string large(900'000, 'x');
  EXPECT_THAT(store_.Insert("a", large), IsOk());
  EXPECT_THAT(store_.Read("a"), IsValue(large));
  EXPECT_THAT(Do(*store_.session, {.kind = OpKind::kDelete, .key = "a"}), IsOk());
  EXPECT_THAT(store_.Read("a"), IsNotFound());
}

TEST_F(MemcachedSystem, WhatItCannotDoFailsByClassAndTheConnectionGoesOn) {
  MBENCH_NEEDS(OwnServer, server, "memcached");
  ASSERT_EQ(store_.Open({{"url", server.Url()}}), "");
  const Answer large = store_.Insert("a", std::string(3'000'000, 'x'));
  EXPECT_EQ(large.outcome, Outcome::kFailed);
  EXPECT_EQ(store_.ErrorOf(large), "SERVER_ERROR object too large for cache");
  const Answer wrong = store_.Insert("a b\r\nflush_all", "x");
  EXPECT_EQ(wrong.outcome, Outcome::kFailed);
  EXPECT_EQ(store_.ErrorOf(wrong), "key with a space or control character");
  EXPECT_THAT(store_.Insert(std::string(250, 'k'), "fits"), IsOk());
  EXPECT_THAT(store_.Read(std::string(250, 'k')), IsValue("fits"));
}

TEST_F(MemcachedSystem, FieldsAreReadAndChangedOneByOne) {
  MBENCH_NEEDS(OwnServer, server, "memcached");
  ASSERT_EQ(store_.Open({{"url", server.Url()}}, {.want_values = true, .fields = 3}), "");
  store_.Insert("a", MakeRecord("red|green|blue"));
  EXPECT_THAT(store_.Update("a", "yellow", 1), IsOk());
  EXPECT_THAT(store_.Read("a"), IsValue(MakeRecord("red|yellow|blue")));
  EXPECT_THAT(store_.Read("a", 2), IsValue("blue"));
  EXPECT_THAT(store_.Update("b", "yellow", 1), IsNotFound());
}

// On one connection, so that the replies of updates and their second halves are mixed.
TEST_F(MemcachedSystem, UpdatesOfFieldsMayOvertakeEachOtherInAPipeline) {
  MBENCH_NEEDS(OwnServer, server, "memcached");
  ASSERT_EQ(store_.Open({{"url", server.Url()}, {"pipeline", "8"}},
                        {.connections = 8, .want_values = true, .fields = 2}),
            "");
  std::vector<Op> ops;
  std::array<std::string, 64> keys;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    keys[i] = fmt::format("k{}", i);
    store_.Insert(keys[i], MakeRecord("first|" + keys[i]));
    ops.push_back({.kind = OpKind::kUpdate, .field = 0, .key = keys[i], .value = keys[i]});
    if (i % 3 == 0) ops.push_back({.kind = OpKind::kRead, .field = 1, .key = keys[i]});
  }
  for (const Answer& answer : Do(*store_.session, ops)) EXPECT_THAT(answer, IsOk());
  for (const std::string& key : keys) {
    EXPECT_THAT(store_.Read(key), IsValue(MakeRecord(key + "|" + key)));
  }
}

TEST_F(MemcachedSystem, NoUpdateOfAFieldIsLostBesideOthers) {
  MBENCH_NEEDS(OwnServer, server, "memcached");
  const SessionPlan plan{.connections = 4, .want_values = true, .fields = 4};
  ASSERT_EQ(store_.Open({{"url", server.Url()}}, plan), "");
  store_.Insert("a", MakeRecord("-|-|-|-"));
  std::vector<Op> ops;
  for (std::uint16_t i = 0; i < 4; ++i) {
    ops.push_back({.kind = OpKind::kUpdate, .field = i, .slot = i, .key = "a", .value = "done"});
  }
  for (const Answer& answer : Do(*store_.session, ops)) {
    EXPECT_THAT(answer, IsOk()) << store_.ErrorOf(answer);
  }
  EXPECT_THAT(store_.Read("a"), IsValue(MakeRecord("done|done|done|done")));
}

TEST_F(MemcachedSystem, StatementsDoWhatTheySay) {
  MBENCH_NEEDS(OwnServer, server, "memcached");
  const std::vector<std::string> names = {"id"};
  ASSERT_EQ(
      store_.Open(
          {{"url", server.Url()}}, {.want_values = true},
          {{.name = "s", .body = BodyOf({{"set", "u:{id}"}, {"value", "7"}}), .arguments = names},
           {.name = "g", .body = BodyOf({{"get", "u:{id}"}}), .arguments = names},
           {.name = "i", .body = BodyOf({{"incr", "u:{id}"}, {"by", "5"}}), .arguments = names},
           {.name = "c",
            .body = BodyOf({{"cas", "u:{id}"}, {"value", "<{id}>"}}),
            .arguments = names},
           {.name = "t", .body = BodyOf({{"touch", "u:{id}"}, {"ttl", "1h"}}), .arguments = names},
           {.name = "d", .body = BodyOf({{"delete", "u:{id}"}}), .arguments = names}}),
      "");
  EXPECT_THAT(store_.Say(1, {"x"}), IsNotFound());
  EXPECT_THAT(store_.Say(0, {"x"}), IsOk());
  EXPECT_THAT(store_.Say(1, {"x"}), IsValue("7"));
  EXPECT_THAT(store_.Say(2, {"x"}), IsValue("12"));
  EXPECT_THAT(store_.Say(3, {"x"}), IsOk());
  EXPECT_THAT(store_.Say(1, {"x"}), IsValue("<x>"));
  const Answer text = store_.Say(2, {"x"});
  EXPECT_EQ(text.outcome, Outcome::kFailed);
  EXPECT_THAT(store_.ErrorOf(text), HasSubstr("non-numeric"));
  EXPECT_THAT(store_.Say(4, {"x"}), IsOk());
  EXPECT_THAT(store_.Say(5, {"x"}), IsOk());
  for (std::uint16_t i = 1; i < 6; ++i) EXPECT_THAT(store_.Say(i, {"x"}), IsNotFound()) << i;
}

// ---- whose data ----

TEST_F(MemcachedSystem, AnEmptyServerBecomesOursAndIsKnownLater) {
  MBENCH_NEEDS(OwnServer, server, "memcached");
  ASSERT_EQ(store_.Open({{"url", server.Url()}, {"ttl", "60s"}}), "");
  EXPECT_EQ(Look(*store_.driver).dataset, kUnfinishedDataset);
  EXPECT_TRUE(Look(*store_.driver).empty);
  store_.Insert("a", "one");
  ASSERT_TRUE(store_.driver->Store()->SetDataset("it's \"one\" record"));
  ASSERT_EQ(store_.Open({{"url", server.Url()}}), "");
  EXPECT_EQ(Look(*store_.driver).dataset, "it's \"one\" record");
  EXPECT_FALSE(Look(*store_.driver).empty);
  const Status cleared = store_.driver->Store()->Clear();
  ASSERT_TRUE(cleared) << cleared.error().message;
  EXPECT_THAT(store_.Read("a"), IsNotFound());
  ASSERT_EQ(store_.Open({{"url", server.Url()}}), "");
  EXPECT_EQ(Look(*store_.driver).dataset, kUnfinishedDataset);
}

TEST_F(MemcachedSystem, ItemsOfOthersAreLeftAlone) {
  MBENCH_NEEDS(OwnServer, server, "memcached");
  PlainClient other(std::stoi(server.Fact("PORT")));
  other.Send("set theirs 0 0 3\r\nold\r\n");
  ASSERT_EQ(other.Read(8), "STORED\r\n");
  ASSERT_EQ(store_.Open({{"url", server.Url()}}), "");
  EXPECT_EQ(Look(*store_.driver).dataset, "");
  EXPECT_FALSE(Look(*store_.driver).empty);
  const Status cleared = store_.driver->Store()->Clear();
  ASSERT_FALSE(cleared);
  EXPECT_THAT(cleared.error().message, HasSubstr("no item mbench:dataset"));
  EXPECT_FALSE(store_.driver->Store()->SetDataset("ours"));
  EXPECT_THAT(store_.Read("theirs"), IsValue("old"));
}

// ---- what goes wrong ----

TEST_F(MemcachedSystem, NothingThatListensIsNamedWithItsAddress) {
  RudeServer server({.refuse = true});
  const std::string url = fmt::format("memcached://127.0.0.1:{}", server.port());
  EXPECT_EQ(store_.Open({{"url", url}}),
            fmt::format("memcached at 127.0.0.1:{}: connection refused", server.port()));
  EXPECT_THAT(store_.Open({{"url", "unix:/nowhere/socket"}}),
              AllOf(HasSubstr("/nowhere/socket"), HasSubstr("no such socket")));
}

TEST_F(MemcachedSystem, SomethingElseThatListensIsNotTakenForMemcached) {
  RudeServer redis({.replies = {"-ERR unknown command 'mn'\r\n"}});
  EXPECT_THAT(store_.Open({{"url", fmt::format("memcached://127.0.0.1:{}", redis.port())}}),
              HasSubstr("this is not memcached"));
  RudeServer full({.replies = {""}, .greeting = "ERROR Too many open connections\r\n"});
  EXPECT_THAT(store_.Open({{"url", fmt::format("memcached://127.0.0.1:{}", full.port())}}),
              HasSubstr("too many connections"));
}

TEST(MemcachedOptions, MistakesAreNamedAndPasswordsNotRepeated) {
  EXPECT_THAT(RefusalOf("memcached", {{"url", "memcached://me:secret-word@127.0.0.1:1"}}),
              AllOf(HasSubstr("does not log in"), Not(HasSubstr("secret-word"))));
  EXPECT_THAT(RefusalOf("memcached", {{"url", "redis://127.0.0.1:1"}}), HasSubstr("'redis'"));
  EXPECT_THAT(RefusalOf("memcached", {{"ttl", "500ms"}}), HasSubstr("whole seconds"));
  EXPECT_THAT(RefusalOf("memcached", {{"pipeline", "0"}}), HasSubstr("out of range for pipeline"));
}

TEST_F(MemcachedSystem, AServerThatStopsAndComesBackFailsOpsInBetween) {
  MBENCH_NEEDS(OwnServer, server, "memcached");
  ASSERT_EQ(store_.Open({{"url", server.Url()}}, {.fail_fast = true}), "");
  EXPECT_THAT(store_.Read("a"), IsNotFound());
  server.Stop();
  const std::map<std::string, int> first = ReadUntil(store_, Outcome::kFailed);
  EXPECT_TRUE(first.empty());
  EXPECT_EQ(store_.Read("a").outcome, Outcome::kFailed);
  server.Start();
  for (const auto& [error, count] : ReadUntil(store_, Outcome::kNotFound)) {
    EXPECT_THAT(error, ::testing::HasSubstr("conn")) << count;
  }
}

TEST_F(MemcachedSystem, AServerThatStandsStillTimesOpsOutAndIsUsedAgain) {
  MBENCH_NEEDS(OwnServer, server, "memcached");
  ASSERT_EQ(store_.Open({{"url", server.Url()}}, {.timeout = kSoon}), "");
  EXPECT_THAT(store_.Read("a"), IsNotFound());
  server.Pause();
  const Answer late = store_.Read("a");
  EXPECT_EQ(late.outcome, Outcome::kTimedOut);
  EXPECT_GE(late.finished - late.started, kSoon);
  server.Resume();
  ReadUntil(store_, Outcome::kNotFound);
}

// Rude servers answer a new connection's mn first.
class RudeMemcached : public MemcachedSystem {
 protected:
  // For statements alone: who keeps records is asked whose they are.
  void Connect(RudeServer& server, const std::string& reply) {
    server.Behave({.replies = {"MN\r\n", "VERSION 1.6.18\r\n"}});
    ASSERT_EQ(store_.Open({{"url", fmt::format("memcached://127.0.0.1:{}", server.port())}},
                          {.timeout = kSoon, .want_values = true, .records = false}),
              "");
    server.Behave({.replies = {"MN\r\n", reply}});
  }
};

TEST_F(RudeMemcached, AReplyThatEndsHalfWayIsALostConnection) {
  RudeServer server({});
  Connect(server, "EN\r\n");
  server.Behave({.replies = {"MN\r\n", "VA 5\r\nhello\r\n"}, .cut_after = 8});
  const Answer answer = store_.Read("a");
  EXPECT_EQ(answer.outcome, Outcome::kFailed);
  EXPECT_EQ(store_.ErrorOf(answer), "connection closed by the server");
  server.Behave({.replies = {"MN\r\n", "VA 5\r\nhello\r\n"}});
  ReadUntil(store_, Outcome::kOk);
}

TEST_F(RudeMemcached, GarbageIsNoAnswerAndTheConnectionIsMadeAgain) {
  RudeServer server({});
  Connect(server, "EN\r\n");
  server.Behave({.replies = {"MN\r\n", Garbage(5000)}});
  const Answer answer = store_.Read("a");
  EXPECT_EQ(answer.outcome, Outcome::kFailed);
  EXPECT_EQ(store_.ErrorOf(answer), "not a reply of memcached");
  server.Behave({.replies = {"MN\r\n", "EN\r\n"}});
  ReadUntil(store_, Outcome::kNotFound);
}

TEST_F(RudeMemcached, RunningOutOfMemoryIsAClass) {
  RudeServer server({.request_end = "\r\n"});
  Connect(server, "SERVER_ERROR out of memory storing object\r\n");
  const Answer answer = store_.Read("a");
  EXPECT_EQ(answer.outcome, Outcome::kFailed);
  EXPECT_EQ(store_.ErrorOf(answer), "SERVER_ERROR out of memory storing object");
}

}  // namespace
}  // namespace mbench::testing
