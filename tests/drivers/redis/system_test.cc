// SPDX-License-Identifier: Apache-2.0
//
// The driver against real servers, and against one that misbehaves. What it does with records is in
// tests/drivers/conformance.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "tests/body_of.h"
#include "tests/drivers/system/rude_server.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Ticks kSoon = 300 * kMillisecond;

class RedisSystem : public ::testing::Test {
 protected:
  // What went wrong, or "".
  std::string Open(Options options, const SessionPlan& plan = {.want_values = true},
                   std::vector<StatementSpec> statements = {}) {
    options.emplace("prefix", fmt::format("system{}:", getpid()));
    session_.reset();
    driver_ = MakeDriver("redis", options);
    const auto opened = driver_->Open();
    if (!opened) return opened.error().message;
    facts_ = *opened;
    if (const std::string wrong = Prepare(*driver_, std::move(statements)); !wrong.empty())
      return wrong;
    auto made = driver_->NewSession(plan);
    if (!made) return made.error().message;
    session_ = std::move(*made);
    return "";
  }

  Answer Insert(std::string_view key, std::string_view value) {
    return Do(*session_, {.kind = OpKind::kInsert, .key = key, .value = value});
  }
  Answer Read(std::string_view key) { return Do(*session_, {.kind = OpKind::kRead, .key = key}); }
  std::string ErrorOf(const Answer& answer) { return session_->DescribeError(answer.error); }

  // Reads until one ends as `wanted`; the classes of those that did not, with their numbers.
  std::map<std::string, int> ReadUntil(Outcome wanted) {
    std::map<std::string, int> errors;
    const Ticks end = Clock::Now() + 20 * kSecond;
    while (Clock::Now() < end) {
      const Answer answer = Read("a");
      if (answer.outcome == wanted) return errors;
      ++errors[ErrorOf(answer)];
    }
    ADD_FAILURE() << "no read ended as " << Name(wanted);
    return errors;
  }

  void ReadsBackWhatItWrote() {
    ASSERT_EQ(Insert("a", "one").outcome, Outcome::kOk);
    EXPECT_EQ(Read("a").copy, "one");
    EXPECT_TRUE(driver_->Store()->Clear());
  }

  std::unique_ptr<Driver> driver_;
  DriverFacts facts_;
  std::unique_ptr<Session> session_;
};

TEST_F(RedisSystem, SpeaksBothVersionsOfTheProtocol) {
  MBENCH_NEEDS(SharedServer, server, "redis");
  for (const char* protocol : {"resp2", "resp3"}) {
    ASSERT_EQ(Open({{"url", server.Url()}, {"protocol", protocol}}), "");
    EXPECT_THAT(facts_.system, HasSubstr("Redis 7."));
    ReadsBackWhatItWrote();
  }
}

TEST_F(RedisSystem, IsReachedThroughASocketWithAUserAndADatabase) {
  MBENCH_NEEDS(SharedServer, server, "redis");
  ASSERT_EQ(Open({{"url", fmt::format("unix:{}?db=3", server.Fact("SOCKET"))},
                  {"user", server.Fact("USER")},
                  {"password", server.Fact("PASSWORD")}}),
            "");
  ASSERT_EQ(Insert("only here", "one").outcome, Outcome::kOk);
  ASSERT_EQ(Open({{"url", server.Url() + "/4"}}), "");
  EXPECT_EQ(Read("only here").outcome, Outcome::kNotFound) << "another database";
  ASSERT_EQ(Open({{"url", server.Url() + "/3"}}), "");
  EXPECT_EQ(Read("only here").outcome, Outcome::kOk);
  EXPECT_TRUE(driver_->Store()->Clear());
}

TEST_F(RedisSystem, VerifiesTheCertificateAndLogsIn) {
  MBENCH_NEEDS(SharedServer, server, "redis-tls");
  const Options right = {
      {"url", server.Url()}, {"password", server.Fact("PASSWORD")}, {"tls_ca", server.Fact("CA")}};
  ASSERT_EQ(Open(right), "");
  ReadsBackWhatItWrote();

  Options wrong = right;
  wrong["tls_ca"] = server.Fact("OTHER_CA");
  EXPECT_THAT(Open(wrong), AllOf(HasSubstr(server.Fact("PORT")), HasSubstr("not trusted")));
  wrong["tls_verify"] = "false";
  EXPECT_EQ(Open(wrong), "");
  wrong = right;
  wrong["password"] = "not-the-password";
  EXPECT_THAT(Open(wrong), AllOf(HasSubstr("WRONGPASS"), Not(HasSubstr("not-the-password"))));
  wrong = right;
  wrong["url"] = fmt::format("redis://127.0.0.1:{}", server.Fact("PORT"));
  EXPECT_THAT(Open(wrong), HasSubstr(server.Fact("PORT"))) << "no TLS where TLS is spoken";
}

TEST_F(RedisSystem, LargeValuesComeInPieces) {
  MBENCH_NEEDS(SharedServer, server, "redis");
  ASSERT_EQ(Open({{"url", server.Url()}}), "");
  const std::string large(5'000'000, 'x');
  EXPECT_EQ(Insert("large", large).outcome, Outcome::kOk);
  EXPECT_EQ(Read("large").copy, large);
  EXPECT_TRUE(driver_->Store()->Clear());
}

TEST_F(RedisSystem, RepliesOfAPipelineGoToTheirOps) {
  MBENCH_NEEDS(SharedServer, server, "redis");
  ASSERT_EQ(
      Open({{"url", server.Url()}, {"pipeline", "16"}}, {.connections = 32, .want_values = true}),
      "");
  std::vector<std::string> keys;
  for (int i = 0; i < 500; ++i) keys.push_back(fmt::format("key{}", i));
  std::vector<Op> writes, reads;
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    writes.push_back({.kind = OpKind::kInsert, .slot = i, .key = keys[i], .value = keys[i]});
    reads.push_back({.kind = OpKind::kRead, .slot = i, .key = keys[i]});
  }
  EXPECT_EQ(Do(*session_, writes).size(), keys.size());
  for (const Answer& answer : Do(*session_, reads)) EXPECT_EQ(answer.copy, keys[answer.slot]);
  EXPECT_TRUE(driver_->Store()->Clear());
}

TEST_F(RedisSystem, ClearLeavesKeysOfOthersAlone) {
  MBENCH_NEEDS(SharedServer, server, "redis");
  const std::string theirs = fmt::format("theirs{}", getpid());
  ASSERT_EQ(Open({{"url", server.Url()}}, {.want_values = true},
                 {{.name = "set", .body = BodyOf({{"redis", "SET " + theirs + " 1 EX 60"}})},
                  {.name = "get", .body = BodyOf({{"redis", "GET " + theirs}})}}),
            "");
  Do(*session_, {.kind = OpKind::kStatement, .statement = 0});
  Insert("ours", "one");
  ASSERT_TRUE(driver_->Store()->Clear());
  EXPECT_EQ(Read("ours").outcome, Outcome::kNotFound);
  EXPECT_EQ(Do(*session_, {.kind = OpKind::kStatement, .statement = 1}).outcome, Outcome::kOk);
}

TEST_F(RedisSystem, AClusterIsAskedAtTheNodeThatHasTheKey) {
  MBENCH_NEEDS(SharedServer, server, "redis-cluster");
  ASSERT_EQ(
      Open({{"url", server.Url()}, {"cluster", "true"}}, {.connections = 4, .want_values = true}),
      "");
  EXPECT_THAT(facts_.system, HasSubstr("cluster of 3"));
  std::vector<std::string> keys;
  for (int i = 0; i < 100; ++i) keys.push_back(fmt::format("key{}", i));
  for (const std::string& key : keys) ASSERT_EQ(Insert(key, key).outcome, Outcome::kOk);
  for (const std::string& key : keys) EXPECT_EQ(Read(key).copy, key);
  ASSERT_TRUE(driver_->Store()->Clear());
  for (const std::string& key : keys) EXPECT_EQ(Read(key).outcome, Outcome::kNotFound);
}

// A script names its keys behind their number.
TEST_F(RedisSystem, AScriptGoesToTheNodeOfItsKey) {
  MBENCH_NEEDS(SharedServer, server, "redis-cluster");
  StatementSpec script{
      .name = "script",
      .body = BodyOf({{"redis", "EVAL \"return redis.call('GET', KEYS[1])\" 1 k:{k}"}}),
      .arguments = {"k"}};
  ASSERT_EQ(Open({{"url", server.Url()}, {"cluster", "true"}}, {.connections = 4}, {script}), "");
  for (int i = 0; i < 100; ++i) {
    const std::string key = fmt::format("{}", i);
    const std::string_view argument = key;
    const Answer answer =
        Do(*session_, {.kind = OpKind::kStatement, .statement = 0, .arguments = {&argument, 1}});
    ASSERT_EQ(answer.outcome, Outcome::kNotFound) << ErrorOf(answer);
  }
  EXPECT_EQ(session_->Connections().sent_again, 0u);
}

// The slot of the keys is on its way to another node, in mid-run, and later there (MOVED).
TEST_F(RedisSystem, MovedKeysAreFollowedWithinTheOp) {
  MBENCH_NEEDS(OwnServer, server, "redis-cluster");
  ASSERT_EQ(Open({{"url", server.Url()}, {"cluster", "true"}, {"prefix", "{x}:"}}), "");
  ASSERT_EQ(Insert("a", "one").outcome, Outcome::kOk);
  const auto move = [&server](std::string_view how) {
    return std::system(
        fmt::format("{} {} x {} >/dev/null", MBENCH_MOVE_SLOT, server.Fact("PORTS"), how).c_str());
  };
  ASSERT_EQ(move("begin"), 0);
  EXPECT_EQ(Read("a").copy, "one") << "after ASK";
  EXPECT_EQ(Insert("b", "two").outcome, Outcome::kOk);
  EXPECT_EQ(Read("b").copy, "two");
  ASSERT_EQ(move("end"), 0);
  EXPECT_EQ(Read("b").copy, "two") << "after MOVED";
  EXPECT_GE(session_->Connections().sent_again, 2u);
}

// The server tells a client of each key that it has read and another one writes.
TEST_F(RedisSystem, KeysThatAreTrackedLoseNoConnection) {
  MBENCH_NEEDS(SharedServer, server, "redis");
  const std::string key = fmt::format("tracked{}", getpid());
  ASSERT_EQ(Open({{"url", server.Url()}, {"protocol", "resp3"}}, {},
                 {{.name = "track", .body = BodyOf({{"redis", "CLIENT TRACKING ON NOLOOP"}})},
                  {.name = "get", .body = BodyOf({{"redis", "GET " + key}})}}),
            "");
  const auto other = MakeDriver("redis", {{"url", server.Url()}});
  ASSERT_TRUE(other->Open());
  ASSERT_EQ(
      Prepare(*other, {{.name = "set", .body = BodyOf({{"redis", "SET " + key + " 1 EX 60"}})}}),
      "");
  const auto writer = *other->NewSession({});
  const Op track{.kind = OpKind::kStatement, .statement = 0};
  const Op get{.kind = OpKind::kStatement, .statement = 1};
  ASSERT_EQ(Do(*session_, track).outcome, Outcome::kOk);
  ASSERT_EQ(Do(*session_, get).outcome, Outcome::kNotFound);
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(Do(*writer, {.kind = OpKind::kStatement}).outcome, Outcome::kOk);
    ASSERT_EQ(Do(*session_, get).outcome, Outcome::kOk);
  }
  EXPECT_EQ(session_->Connections(), (ConnectionCounts{.known = true, .made = 1}));
}

// It may get and set, and nothing else: not even say who it is.
TEST_F(RedisSystem, AUserWhoMayDoItsStatementsNeedsNoMore) {
  MBENCH_NEEDS(SharedServer, server, "redis");
  const std::string user = fmt::format("narrow{}", getpid());
  ASSERT_EQ(
      Open({{"url", server.Url()}}, {},
           {{.name = "user",
             .body = BodyOf({{"redis", "ACL SETUSER " + user + " on >secret ~* +get +set"}})}}),
      "");
  ASSERT_EQ(Do(*session_, {.kind = OpKind::kStatement}).outcome, Outcome::kOk);
  const std::vector<StatementSpec> get = {{.name = "get", .body = BodyOf({{"redis", "GET a"}})}};
  for (const char* probe : {"info", "none"}) {
    ASSERT_EQ(
        Open({{"url", server.Url()}, {"user", user}, {"password", "secret"}, {"probe", probe}},
             {.records = false}, get),
        "");
    EXPECT_EQ(facts_.system, "Redis");
    EXPECT_EQ(Do(*session_, {.kind = OpKind::kStatement}).outcome, Outcome::kNotFound);
  }
  EXPECT_THAT(Open({{"url", server.Url() + "/3"}, {"user", user}, {"password", "secret"}}),
              HasSubstr("no permissions to run the 'select' command"));
}

// ---- what goes wrong ----

TEST_F(RedisSystem, NothingThatListensIsNamedWithItsAddress) {
  RudeServer server({.refuse = true});
  EXPECT_EQ(Open({{"url", fmt::format("redis://127.0.0.1:{}", server.port())}}),
            fmt::format("Redis at 127.0.0.1:{}: connection refused", server.port()));
  EXPECT_THAT(Open({{"url", "unix:/nowhere/socket"}}),
              AllOf(HasSubstr("/nowhere/socket"), HasSubstr("no such socket")));
  EXPECT_THAT(Open({{"url", "redis://no-such-host.invalid"}}), HasSubstr("no-such-host.invalid"));
}

TEST_F(RedisSystem, MistakesInOptionsAreNamedAndPasswordsNotRepeated) {
  EXPECT_THAT(RefusalOf("redis", {{"url", "http://me:secret-word@127.0.0.1:1"}}),
              AllOf(HasSubstr("'http'"), Not(HasSubstr("secret-word"))));
  EXPECT_THAT(RefusalOf("redis", {{"url", "redis://127.0.0.1:1/two"}}), HasSubstr("'two'"));
  EXPECT_THAT(RefusalOf("redis", {{"prefix", ""}}), HasSubstr("prefix"));
  EXPECT_THAT(RefusalOf("redis", {{"cluster", "true"}, {"index", "true"}}), HasSubstr("index"));
}

TEST_F(RedisSystem, AServerThatStopsAndComesBackFailsOpsInBetween) {
  MBENCH_NEEDS(OwnServer, server, "redis");
  for (const bool fail_fast : {true, false}) {
    ASSERT_EQ(Open({{"url", server.Url()}}, {.connections = 3, .fail_fast = fail_fast}), "");
    EXPECT_EQ(Read("a").outcome, Outcome::kNotFound);
    server.Stop();
    EXPECT_TRUE(ReadUntil(Outcome::kFailed).empty());
    EXPECT_EQ(Read("a").outcome, Outcome::kFailed);
    server.Start();
    for (const auto& [error, count] : ReadUntil(Outcome::kNotFound)) {
      EXPECT_THAT(error, HasSubstr("conn")) << count;
    }
  }
}

// While it is away, a client of the closed model does not spin.
TEST_F(RedisSystem, OpsThatWaitForAConnectionFailAsOftenAsItIsTried) {
  MBENCH_NEEDS(OwnServer, server, "redis");
  ASSERT_EQ(Open({{"url", server.Url()}}), "");
  server.Stop();
  ReadUntil(Outcome::kFailed);
  const Ticks begin = Clock::Now();
  int failed = 0;
  while (Clock::Now() - begin < kSecond) failed += Read("a").outcome == Outcome::kFailed;
  EXPECT_GE(failed, 1);
  EXPECT_LE(failed, 20) << "waits of 10, 20, 40 ... ms, at least half of each";
}

TEST_F(RedisSystem, AServerThatStandsStillTimesOpsOutAndIsUsedAgain) {
  MBENCH_NEEDS(OwnServer, server, "redis");
  ASSERT_EQ(Open({{"url", server.Url()}}, {.timeout = kSoon}), "");
  EXPECT_EQ(Read("a").outcome, Outcome::kNotFound);
  server.Pause();
  const Answer late = Read("a");
  EXPECT_EQ(late.outcome, Outcome::kTimedOut);
  EXPECT_GE(late.finished - late.started, kSoon);
  server.Resume();
  ReadUntil(Outcome::kNotFound);
}

TEST_F(RedisSystem, TooManyConnectionsAreSaidBeforeTheRun) {
  MBENCH_NEEDS(OwnServer, server, "redis");
  ASSERT_EQ(Open({{"url", server.Url()}}, {},
                 {{.name = "few", .body = BodyOf({{"redis", "CONFIG SET maxclients 20"}})}}),
            "");
  ASSERT_EQ(Do(*session_, {.kind = OpKind::kStatement, .statement = 0}).outcome, Outcome::kOk);
  const auto many = driver_->NewSession({.connections = 100});
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().kind, ErrorKind::kUnreachable);
  EXPECT_THAT(many.error().message, HasSubstr("of 100 connections made"));
}

// Rude servers answer what Open asks, then as they are told.
class RudeRedis : public RedisSystem {
 protected:
  void Connect(RudeServer& server) {
    // INFO when it is opened; GET of the mark and SCAN when it is looked at: each on a connection
    // of its own.
    server.Behave({.request_end = "", .replies = {"+PONG\r\n", "$-1\r\n"}});
    const Options options = {{"url", fmt::format("redis://127.0.0.1:{}", server.port())}};
    ASSERT_EQ(Open(options), "");
    const auto looked = driver_->Store()->Look();
    ASSERT_FALSE(looked);
    EXPECT_THAT(looked.error().message, HasSubstr("SCAN was answered with something else"));
    server.Behave({.request_end = "", .replies = {"+PONG\r\n", "*2\r\n$1\r\n0\r\n*0\r\n"}});
    ASSERT_EQ(Open(options, {.timeout = kSoon, .want_values = true}), "");
  }
};

TEST_F(RudeRedis, AReplyThatEndsHalfWayIsALostConnection) {
  RudeServer server({});
  Connect(server);
  server.Behave({.request_end = "", .replies = {"+PONG\r\n", "$5\r\nhello\r\n"}, .cut_after = 8});
  const Answer answer = Read("a");
  EXPECT_EQ(answer.outcome, Outcome::kFailed);
  EXPECT_EQ(ErrorOf(answer), "connection closed by the server");
}

TEST_F(RudeRedis, GarbageIsNoAnswer) {
  RudeServer server({});
  Connect(server);
  server.Behave({.request_end = "", .replies = {"+PONG\r\n", Garbage(5000)}});
  const Answer answer = Read("a");
  EXPECT_EQ(answer.outcome, Outcome::kFailed);
  EXPECT_EQ(ErrorOf(answer), "reply is not of the Redis protocol");
}

TEST_F(RudeRedis, SilenceIsATimeOut) {
  RudeServer server({});
  Connect(server);
  server.Behave({.request_end = "",
                 .replies = {}});  // the connection that stands is asked for the first time
  EXPECT_EQ(Read("a").outcome, Outcome::kTimedOut);
}

}  // namespace
}  // namespace mbench::testing
