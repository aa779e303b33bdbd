// SPDX-License-Identifier: Apache-2.0
//
// What becomes of ops when the server stops, stands still or talks nonsense. None is ever lost.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>

#include "drivers/postgres/postgres_session.h"
#include "drivers/postgres/wire.h"
#include "drivers/registry.h"
#include "tests/drivers/postgres/rig.h"
#include "tests/drivers/system/rude_server.h"

namespace mbench::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using namespace std::string_literals;

// Keeps `connections` reads in flight until `enough` says so of what was counted, then lets all of
// them end.
using Counts = std::map<std::string, int>;
template <class Enough>
Counts ReadUntil(Session& session, std::uint32_t connections, Enough enough) {
  Counts counts;
  Completions done(64);
  std::vector<Op> waiting;
  for (std::uint32_t i = 0; i < connections; ++i)
    waiting.push_back({.kind = OpKind::kRead, .slot = i, .key = "a"});
  std::size_t in_flight = 0;
  const Ticks deadline = Clock::Now() + 30 * kSecond;
  bool go_on = true;
  while ((go_on || in_flight > 0) && Clock::Now() < deadline) {
    done.Clear();
    if (go_on) {
      const std::size_t taken = session.Submit(waiting, done);
      waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(taken));
      in_flight += taken;
    }
    if (done.Empty()) session.Poll(Clock::Now() + 20 * kMillisecond, done);
    for (const Completion& c : done.View()) {
      --in_flight;
      waiting.push_back({.kind = OpKind::kRead, .slot = c.slot, .key = "a"});
      ++counts[c.error == 0 ? std::string(Name(c.outcome)) : session.DescribeError(c.error)];
    }
    go_on = go_on && !enough(counts);
  }
  EXPECT_EQ(in_flight, 0u) << "ops that never ended";
  return counts;
}

int Failed(const Counts& counts) {
  int failed = 0;
  for (const auto& [name, count] : counts)
    failed += name == "ok" || name == "not_found" ? 0 : count;
  return failed;
}

TEST(PostgresFaults, ARunOutlivesAStopAndAStartOfTheServer) {
  MBENCH_NEEDS(OwnServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  const auto session = rig.NewSession({.connections = 4, .fail_fast = true});
  ReadUntil(*session, 4, [](const Counts& counts) { return counts.contains("not_found"); });
  server.Stop();
  const Counts down = ReadUntil(
      *session, 4, [](const Counts& counts) { return counts.contains("connection refused"); });
  for (const auto& [name, count] : down) {
    EXPECT_THAT(
        name, AnyOf("57P01 admin_shutdown", "connection refused", "connection closed by the server",
                    "not_found", "57P03 cannot_connect_now"))
        << count;
  }
  EXPECT_TRUE(down.contains("57P01 admin_shutdown")) << "what the server said last";
  EXPECT_TRUE(down.contains("connection refused"));
  server.Start();
  const Counts up = ReadUntil(*session, 4, [](const Counts& counts) {
    const auto found = counts.find("not_found");
    return found != counts.end() && found->second > 100;
  });
  EXPECT_GT(up.at("not_found"), 100);
}

TEST(PostgresFaults, OpsOnAServerThatStandsStillRunOutOfTime) {
  MBENCH_NEEDS(OwnServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  const auto session = rig.NewSession({.connections = 4, .timeout = 300 * kMillisecond});
  ReadUntil(*session, 4, [](const Counts& counts) { return counts.contains("not_found"); });
  server.Pause();
  const Counts still = ReadUntil(*session, 4, [](const Counts& counts) {
    const auto found = counts.find("timed_out");
    return found != counts.end() && found->second >= 8;
  });
  server.Resume();
  EXPECT_GE(still.at("timed_out"), 8);
  const Counts up = ReadUntil(*session, 4, [](const Counts& counts) {
    const auto found = counts.find("not_found");
    return found != counts.end() && found->second > 20;
  });
  EXPECT_GT(up.at("not_found"), 20);
}

TEST(PostgresFaults, AServerThatIsKilledYieldsCompletions) {
  MBENCH_NEEDS(OwnServer, server, "postgres");
  PostgresRig rig(server.Url(), {{"pipeline", "4"}, {"sync", "batch"}});
  ASSERT_EQ(rig.Open(), "");
  const auto session = rig.NewSession({.connections = 8, .fail_fast = true});
  ReadUntil(*session, 8, [](const Counts& counts) { return counts.contains("not_found"); });
  server.Kill();
  const Counts down =
      ReadUntil(*session, 8, [](const Counts& counts) { return Failed(counts) > 50; });
  EXPECT_GT(Failed(down), 50);
  server.Start();
}

// ---- servers that misbehave: the handshake is right, what follows is not ----

std::string Reply(char type, std::string_view body) {
  std::string out;
  {
    const postgres::MessageScope message(type, &out);
    out.append(body);
  }
  return out;
}

const std::string kWelcome = Reply('R', "\0\0\0\0"s) + Reply('Z', "I");
// ParseComplete and the rest, for a read that finds nothing.
const std::string kNothing =
    Reply('3', "") + Reply('1', "") + Reply('2', "") + Reply('C', "SELECT 0\0"s) + Reply('Z', "I");

class RudePostgres {
 public:
  explicit RudePostgres(Manners manners) : server_(std::move(manners)) {}

  // "", or why it could not be made.
  std::string Start(Ticks timeout = 5 * kSecond, Ticks patience = 5 * kSecond) {
    const OptionValues options = OptionValues::Parse(FindDriver("postgres")->options, {}).value();
    const std::string url =
        fmt::format("postgres://u@127.0.0.1:{}/d?sslmode=disable", server_.port());
    postgres::Setup setup{.servers = {postgres::ReadServer(url, options).value()}};
    session_ = std::make_unique<postgres::PostgresSession>(
        SessionPlan{.timeout = timeout}, std::make_shared<const postgres::Setup>(setup),
        postgres::Verbs("t", "text", 1));
    const Status started = session_->Start(patience);
    return started ? "" : started.error().message;
  }
  std::string Read() {
    const Answer answer = Do(*session_, {.kind = OpKind::kRead, .key = "a"});
    return answer.error == 0 ? std::string(Name(answer.outcome))
                             : session_->DescribeError(answer.error);
  }

  RudeServer server_;
  std::unique_ptr<postgres::PostgresSession> session_;
};

Manners Then(std::string reply) {
  return {.request_end = "", .replies = {kWelcome, std::move(reply)}};
}

TEST(PostgresRudeServer, AGoodReplyIsUnderstood) {
  RudePostgres server(Then(kNothing));
  ASSERT_EQ(server.Start(), "");
  EXPECT_EQ(server.Read(), "not_found");
  EXPECT_EQ(server.Read(), "not_found");
}

TEST(PostgresRudeServer, HalfAReplyAndTheEndIsALostConnection) {
  Manners manners = Then(kNothing);
  RudePostgres server(manners);
  ASSERT_EQ(server.Start(), "");
  manners.cut_after = 12;
  manners.replies = {kNothing};
  server.server_.Behave(manners);
  EXPECT_EQ(server.Read(), "connection closed by the server");
  server.server_.Behave(Then(kNothing));
  EXPECT_EQ(server.Read(), "not_found") << "connected again";
}

TEST(PostgresRudeServer, GarbageIsAMalformedReply) {
  RudePostgres server(Then("HTTP/1.1 400 Bad Request\r\n\r\n"));
  ASSERT_EQ(server.Start(), "");
  EXPECT_EQ(server.Read(), "malformed reply");
  server.server_.Behave(Then("D\0\0\0\1"s));
  EXPECT_EQ(server.Read(), "malformed reply");
  server.server_.Behave(Then(Reply('Z', "I")));
  EXPECT_EQ(server.Read(), "malformed reply") << "an end without an answer";
  server.server_.Behave(Then(kNothing + kNothing));
  EXPECT_EQ(server.Read(), "not_found");
  server.server_.Behave(Then(kNothing));
  EXPECT_THAT(server.Read(), AnyOf("not_found", "data that nobody asked for"));
}

TEST(PostgresRudeServer, ThatSaysATransactionIsOpenIsBelieved) {
  const std::string open = Reply('3', "") + Reply('1', "") + Reply('2', "") +
                           Reply('C', "SELECT 0\0"s) + Reply('Z', "T");
  RudePostgres server(Then(open));
  ASSERT_EQ(server.Start(), "");
  EXPECT_EQ(server.Read(), "left a transaction open, which is not committed");
}

TEST(PostgresRudeServer, ThatForgetsAtOnceMakesTheOpFail) {
  const std::string forgotten =
      Reply('E', "SERROR\0VERROR\0C26000\0Mdoes not exist\0\0"s) + Reply('Z', "I");
  RudePostgres server(Then(forgotten));
  ASSERT_EQ(server.Start(), "");
  EXPECT_EQ(server.Read(),
            "26000 invalid_sql_statement_name (behind a pooler set prepare: unnamed)");
}

TEST(PostgresRudeServer, WhatTheServerSaysBeforeItEndsIsTheClass) {
  RudePostgres server(Then(Reply('E', "SFATAL\0VFATAL\0C57P02\0Mgoing down\0\0"s)));
  ASSERT_EQ(server.Start(), "");
  EXPECT_EQ(server.Read(), "57P02 crash_shutdown");
}

TEST(PostgresRudeServer, NoReplyIsATimeOut) {
  RudePostgres server({.request_end = "", .replies = {kWelcome, ""}});
  ASSERT_EQ(server.Start(300 * kMillisecond), "");
  EXPECT_EQ(server.Read(), "timed_out");
}

TEST(PostgresRudeServer, ANonsenseOrSilentHandshakeIsSaidAtTheStart) {
  RudePostgres garbage({.request_end = "", .replies = {Garbage(100)}});
  EXPECT_EQ(garbage.Start(), "malformed reply");
  RudePostgres silent({.request_end = ""});
  EXPECT_EQ(silent.Start(kSecond, 200 * kMillisecond), "no answer in time");
  RudePostgres full(
      {.request_end = "", .replies = {Reply('E', "SFATAL\0VFATAL\0C53300\0Mtoo many\0\0"s)}});
  EXPECT_EQ(full.Start(), "53300 too_many_connections");
}

}  // namespace
}  // namespace mbench::testing
