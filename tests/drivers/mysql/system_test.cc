// SPDX-License-Identifier: Apache-2.0
//
// The driver against a real MariaDB, and against one that misbehaves.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/body_of.h"
#include "tests/drivers/mysql/rig.h"
#include "tests/drivers/system/rude_server.h"

namespace mbench::testing {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Ticks kSoon = 500 * kMillisecond;

TEST_F(MysqlSystem, DoesWhatTheVerbsSay) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  ASSERT_EQ(store_.Open(At(server)), "");
  EXPECT_THAT(store_.facts.system, HasSubstr("MariaDB 1"));
  EXPECT_THAT(store_.Read("a"), IsNotFound());
  EXPECT_THAT(store_.Update("a", "no"), IsNotFound());
  EXPECT_THAT(store_.Insert("a", "one"), IsOk());
  EXPECT_THAT(store_.Insert("a", "two"), IsOk());
  EXPECT_THAT(store_.Read("a"), IsValue("two"));
  EXPECT_THAT(store_.Update("a", "two"), IsOk()) << "nothing changes, but it is there";
  EXPECT_THAT(store_.Update("a", ""), IsOk());
  EXPECT_THAT(store_.Read("a"), IsValue(""));
  const std::string large(1 << 20, 'x');
  EXPECT_THAT(store_.Insert("b", large), IsOk());
  EXPECT_THAT(store_.Read("b"), IsValue(large));
  EXPECT_EQ(store_.Read("b").bytes_received, 1u << 20);
  EXPECT_EQ(store_.Scan("", 10).bytes_received, (1u << 20) + 2);
  EXPECT_EQ(store_.Scan("", 10).items, 2u);
  EXPECT_EQ(store_.Scan("b", 0).items, 0u);
  EXPECT_THAT(store_.Scan("z", 5), IsOk());
  EXPECT_THAT(Do(*store_.session, {.kind = OpKind::kDelete, .key = "a"}), IsOk());
  EXPECT_THAT(store_.Read("a"), IsNotFound());
}

TEST_F(MysqlSystem, KeysAndValuesMayBeAnyBytes) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  ASSERT_EQ(store_.Open(At(server)), "");
  const std::string zeros("a\0b\0", 4), high("\xff\xfe\x80'; DROP", 11);
  EXPECT_THAT(store_.Insert(zeros, high), IsOk());
  EXPECT_THAT(store_.Insert(high, zeros), IsOk());
  EXPECT_THAT(store_.Read(zeros), IsValue(high));
  EXPECT_THAT(store_.Read(high), IsValue(zeros));
  EXPECT_THAT(store_.Read("a"), IsNotFound());
  const Answer answer = store_.Insert(std::string(300, 'k'), "x");
  EXPECT_EQ(store_.ErrorOf(answer), "1406 value too long");
}

TEST_F(MysqlSystem, FieldsAreColumns) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  ASSERT_EQ(store_.Open(At(server), {.want_values = true, .fields = 3}), "");
  EXPECT_THAT(store_.Insert("a", MakeRecord("red||blue")), IsOk());
  EXPECT_THAT(store_.Update("a", "yellow", 1), IsOk());
  EXPECT_THAT(store_.Read("a"), IsValue(MakeRecord("red|yellow|blue")));
  EXPECT_THAT(store_.Read("a", 2), IsValue("blue"));
  EXPECT_EQ(store_.Read("a", 2).bytes_received, 4u);
  EXPECT_EQ(store_.ErrorOf(store_.Insert("b", "no record")), "not a record");
  EXPECT_THAT(store_.Connect({.fields = 4}), HasSubstr("has 3 fields, this run wants 4"));
}

TEST_F(MysqlSystem, ManyOpsOnManyConnectionsEachEndOnce) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  ASSERT_EQ(store_.Open(At(server), {.connections = 40, .want_values = true}), "");
  std::vector<std::string> keys;
  for (int i = 0; i < 500; ++i) keys.push_back(fmt::format("key{}", i));
  std::vector<Op> inserts, reads;
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    inserts.push_back({.kind = OpKind::kInsert, .slot = i, .key = keys[i], .value = keys[i]});
    reads.push_back({.kind = OpKind::kRead, .slot = i, .key = keys[i]});
  }
  for (const Answer& answer : Do(*store_.session, inserts)) EXPECT_THAT(answer, IsOk());
  for (const Answer& answer : Do(*store_.session, reads)) {
    EXPECT_THAT(answer, IsValue(keys[answer.slot]));
  }
}

// ---- statements ----

class MysqlStatements : public MysqlSystem {
 protected:
  void Prepare(const Server& server, std::vector<StatementSpec> specs,
               const SessionPlan& plan = {.want_values = true}) {
    At(server);
    accounts_ = "acc" + TableName();
    tables_.push_back(accounts_);
    Tell(fmt::format(
        "CREATE TABLE {} (id INT PRIMARY KEY, balance INT, name VARCHAR(20)) ENGINE=InnoDB",
        accounts_));
    Tell(fmt::format("INSERT INTO {} VALUES (1, 100, 'one'), (2, 100, 'two'), (3, 0, NULL)",
                     accounts_));
    for (StatementSpec& spec : specs) {
      spec.arguments = {"a", "b"};
      Fill(&spec);
      for (StatementSpec& step : spec.steps) Fill(&step);
    }
    ASSERT_EQ(store_.Open(options_, plan, std::move(specs)), "");
  }
  void Fill(StatementSpec* spec) {
    ValueNode* const sql = spec->body.Child("sql");
    if (sql == nullptr) return;
    const std::size_t at = sql->text.find("ACC");
    if (at != std::string::npos) sql->text.replace(at, 3, accounts_);
  }
  std::string Balance(int id) {
    return Tell(fmt::format("SELECT balance FROM {} WHERE id = {}", accounts_, id))[0][0];
  }
  std::string accounts_;
};

TEST_F(MysqlStatements, SelectChangeAndMiss) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  Prepare(
      server,
      {{.name = "get", .body = BodyOf({{"sql", "SELECT name, balance FROM ACC WHERE id = {a}"}})},
       {.name = "add",
        .body = BodyOf({{"sql", "UPDATE ACC SET balance = balance + {b} WHERE id = {a}"}})},
       {.name = "top", .body = BodyOf({{"sql", "SELECT id FROM ACC ORDER BY id LIMIT {b}"}})},
       {.name = "new", .body = BodyOf({{"sql", "INSERT INTO ACC VALUES ({a}, 1, {b})"}})}});
  const Answer got = store_.Say(0, {"2", ""}).end;
  EXPECT_THAT(got, IsValue("two"));
  EXPECT_EQ(got.bytes_received, 6u) << "two and 100";
  EXPECT_EQ(store_.Say(0, {"2", ""}).end.bytes_sent, 1u) << "prepared, so only the 2";
  EXPECT_THAT(store_.Say(0, {"99", ""}).end, IsNotFound());
  EXPECT_THAT(store_.Say(0, {"3", ""}).end, IsValue("")) << "NULL";
  EXPECT_THAT(store_.Say(1, {"2", "11"}).end, IsOk());
  EXPECT_EQ(Balance(2), "111");
  EXPECT_EQ(store_.Say(2, {"", "2"}).end.items, 2u);
  const std::string quote = "x'); DROP --";
  EXPECT_THAT(store_.Say(3, {"7", quote}).end, IsOk());
  EXPECT_THAT(store_.Say(0, {"7", ""}).end, IsValue(quote));
  const Answer twice = store_.Say(3, {"7", "secret-value"}).end;
  EXPECT_EQ(twice.outcome, Outcome::kFailed);
  EXPECT_EQ(store_.ErrorOf(twice), "1062 duplicate key");
}

TEST_F(MysqlStatements, ATransactionTellsItsStepsAndCommits) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  Prepare(
      server,
      {{.name = "pay",
        .body = BodyOf({{"isolation", "serializable"}}),
        .steps = {
            {.name = "debit",
             .body = BodyOf({{"sql", "UPDATE ACC SET balance = balance - 10 WHERE id = {a}"}})},
            {.name = "credit",
             .body = BodyOf({{"sql", "UPDATE ACC SET balance = balance + 10 WHERE id = {b}"}})}}}});
  for (int i = 0; i < 3; ++i) {
    const auto told = store_.Say(0, {"1", "2"});
    ASSERT_EQ(told.steps.size(), 2u);
    EXPECT_EQ(store_.session->DescribeLabel(told.steps[0].label), "debit");
    EXPECT_EQ(store_.session->DescribeLabel(told.steps[1].label), "credit");
    EXPECT_THAT(told.end, IsOk());
    EXPECT_GE(told.steps[1].started, told.steps[0].finished);
    EXPECT_LE(told.end.started, told.steps[0].started);
    EXPECT_GE(told.end.finished, told.steps[1].finished);
  }
  EXPECT_EQ(Balance(1), "70");
  EXPECT_EQ(Balance(2), "130");
}

TEST_F(MysqlStatements, AStepThatFailsUndoesTheOthers) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  Prepare(server,
          {{.name = "pay",
            .steps = {{.name = "debit",
                       .body = BodyOf({{"sql", "UPDATE ACC SET balance = 0 WHERE id = {a}"}})},
                      {.name = "new",
                       .body = BodyOf({{"sql", "INSERT INTO ACC VALUES ({b}, 0, '')"}})}}}});
  const auto told = store_.Say(0, {"1", "2"});
  ASSERT_EQ(told.steps.size(), 1u);
  EXPECT_EQ(store_.ErrorOf(told.end), "1062 duplicate key");
  EXPECT_EQ(Balance(1), "100");
  EXPECT_THAT(store_.Say(0, {"1", "50"}).end, IsOk()) << "the connection goes on";
}

// Two connections take two rows in opposite order, over and over; all ends well by trying again.
TEST_F(MysqlStatements, DeadlocksAreTriedAgain) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  const StatementSpec pay{
      .name = "pay",
      .body = BodyOf({{"retry", R"({"on":[1213,1205],"times":100})"}}),
      .steps = {
          {.name = "debit",
           .body = BodyOf({{"sql", "UPDATE ACC SET balance = balance - 1 WHERE id = {a}"}})},
          {.name = "credit",
           .body = BodyOf({{"sql", "UPDATE ACC SET balance = balance + 1 WHERE id = {b}"}})}}};
  Prepare(server, {pay}, {.connections = 8, .want_values = true});
  const std::string_view one[] = {"1", "2"}, other[] = {"2", "1"};
  int ended = 0;
  std::uint32_t submitted = 0;
  std::size_t steps = 0;
  Completions done(32);
  const Ticks end = Clock::Now() + 60 * kSecond;
  while (ended < 200 && Clock::Now() < end) {
    done.Clear();
    const Op op{.kind = OpKind::kStatement,
                .slot = submitted,
                .arguments = submitted % 2 == 0 ? std::span(one) : std::span(other)};
    if (submitted < 200)
      submitted += static_cast<std::uint32_t>(store_.session->Submit({&op, 1}, done));
    store_.session->Poll(submitted < 200 ? 0 : Clock::Now() + 10 * kMillisecond, done);
    steps += done.Steps().size();
    for (const Completion& c : done.View()) {
      ++ended;
      EXPECT_EQ(c.outcome, Outcome::kOk) << store_.session->DescribeError(c.error);
    }
  }
  EXPECT_EQ(ended, 200);
  EXPECT_GE(steps, 400u);
  EXPECT_EQ(Balance(1), "100");
  EXPECT_EQ(Balance(2), "100");
}

TEST_F(MysqlStatements, WhatTheServerCannotPrepareIsRefusedBeforeTheRun) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  EXPECT_THAT(store_.Open(At(server), {}, {{.name = "bad", .body = BodyOf({{"sql", "SELEC 1"}})}}),
              AllOf(HasSubstr("'bad'"), HasSubstr("1064")));
  EXPECT_THAT(store_.Open(At(server), {}, {{.name = "bad", .body = BodyOf({{"sql", "SELECT ?"}})}}),
              AllOf(HasSubstr("'bad'"), HasSubstr("placeholder")));
  ASSERT_EQ(store_.Open(At(server), {},
                        {{.name = "later", .body = BodyOf({{"sql", "SELECT 1 FROM not_yet"}})}}),
            "");
  EXPECT_EQ(store_.ErrorOf(store_.Say(0, {}).end), "1146 no such table");
}

// ---- whose data ----

TEST_F(MysqlSystem, ANewTableIsOursAndKnownLater) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  ASSERT_EQ(store_.Open(At(server)), "");
  EXPECT_EQ(Look(*store_.driver).dataset, kUnfinishedDataset);
  EXPECT_TRUE(Look(*store_.driver).empty);
  store_.Insert("a", "one");
  ASSERT_TRUE(store_.driver->Store()->SetDataset("it's \"one\" record"));
  ASSERT_EQ(store_.Open(options_), "");
  EXPECT_EQ(Look(*store_.driver).dataset, "it's \"one\" record");
  EXPECT_FALSE(Look(*store_.driver).empty);
  store_.session.reset();
  const Status cleared = store_.driver->Store()->Clear();
  ASSERT_TRUE(cleared) << cleared.error().message;
  ASSERT_EQ(store_.Connect({.want_values = true, .fields = 3}), "") << "another shape";
  EXPECT_THAT(store_.Read("a"), IsNotFound());
}

TEST_F(MysqlSystem, ATableOfOthersIsLeftAlone) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  At(server);
  Tell(fmt::format("CREATE TABLE {} (id INT, x INT)", TableName()));
  store_.Open(options_);
  EXPECT_EQ(Look(*store_.driver).dataset, "");
  EXPECT_FALSE(Look(*store_.driver).empty);
  const Status cleared = store_.driver->Store()->Clear();
  ASSERT_FALSE(cleared);
  EXPECT_THAT(cleared.error().message, HasSubstr("was not made by mbench"));
  EXPECT_FALSE(store_.driver->Store()->SetDataset("ours"));
  EXPECT_EQ(Tell(fmt::format("SELECT COUNT(*) FROM {}", TableName()))[0][0], "0");
}

// ---- what goes wrong ----

TEST_F(MysqlSystem, MistakesAreNamedWithTheAddressAndPasswordsNeverShown) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  const std::string address = "127.0.0.1:" + server.Fact("PORT");
  const std::string wrong = fmt::format("mysql://mbench:wrong-secret@{}/mbench", address);
  EXPECT_THAT(store_.Open({{"url", wrong}}),
              AllOf(HasSubstr(address), HasSubstr("1045"), Not(HasSubstr("wrong-secret"))));
  std::string url = server.Url();
  url.replace(url.rfind('/'), std::string::npos, "/nowhere");
  EXPECT_THAT(store_.Open({{"url", url}}), AnyOf(HasSubstr("1049"), HasSubstr("1044")));
  EXPECT_THAT(store_.Open(At(server, {{"table", "a`b"}})), HasSubstr("'table'"));
  RudeServer nobody({.refuse = true});
  EXPECT_THAT(store_.Open({{"url", fmt::format("mysql://me@127.0.0.1:{}/x", nobody.port())}}),
              AllOf(HasSubstr(std::to_string(nobody.port())), HasSubstr("2002")));
}

TEST_F(MysqlSystem, TheUnixSocketAndThePasswordOptionWork) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  At(server);
  ASSERT_EQ(store_.Open(
                {{"url", fmt::format("unix:{}?user=mbench&database=mbench", server.Fact("SOCKET"))},
                 {"password", server.Fact("PASSWORD")},
                 {"table", TableName()}}),
            "");
  EXPECT_THAT(store_.Insert("a", "one"), IsOk());
  EXPECT_THAT(store_.Read("a"), IsValue("one"));
}

TEST_F(MysqlSystem, TlsIsCheckedAgainstTheCertificatesThatAreTrusted) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  ASSERT_EQ(store_.Open(At(server, {{"tls", "true"}, {"tls_ca", server.Fact("CA")}}),
                        {.connections = 3, .want_values = true}),
            "");
  EXPECT_THAT(store_.Insert("a", "one"), IsOk());
  EXPECT_THAT(store_.Read("a"), IsValue("one"));
  EXPECT_THAT(store_.Open(At(server, {{"tls", "true"}, {"tls_ca", server.Fact("OTHER_CA")}})),
              HasSubstr("2026"));
  EXPECT_THAT(store_.Open(At(server, {{"tls", "true"}})), HasSubstr("2026"));
  EXPECT_EQ(store_.Open(At(server, {{"tls", "true"}, {"tls_verify", "false"}})), "");
}

TEST_F(MysqlSystem, ASessionMayEndWithOpsInFlight) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  ASSERT_EQ(store_.Open(At(server), {.connections = 4},
                        {{.name = "s", .body = BodyOf({{"sql", "SELECT SLEEP(2)"}})}}),
            "");
  const std::vector<Op> ops(4, {.kind = OpKind::kStatement});
  Completions done(8);
  EXPECT_EQ(store_.session->Submit(ops, done), 4u);
  store_.session.reset();
}

TEST_F(MysqlSystem, AnOpThatTakesTooLongIsTimedOutAndTheNextOneIsNot) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  ASSERT_EQ(
      store_.Open(
          At(server), {.timeout = kSoon},
          {{.name = "s", .body = BodyOf({{"sql", "SELECT SLEEP({x})"}}), .arguments = {"x"}}}),
      "");
  EXPECT_EQ(store_.Say(0, {"3"}).end.outcome, Outcome::kTimedOut);
  EXPECT_THAT(store_.Say(0, {"0"}).end, IsOk());
}

TEST_F(MysqlSystem, AServerThatStopsComesBackAndIsFullIsBorneWithClasses) {
  MBENCH_NEEDS(OwnServer, server, "mariadb");
  ASSERT_EQ(store_.Open(At(server), {.timeout = 5 * kSecond, .fail_fast = true}), "");
  EXPECT_THAT(store_.Read("a"), IsNotFound());
  server.Stop();
  ReadUntil(Outcome::kFailed);
  server.Start();
  for (const auto& [error, count] : ReadUntil(Outcome::kNotFound)) {
    EXPECT_THAT(error, AnyOf(HasSubstr("conn"), HasSubstr("shutting down"))) << count;
  }
  Tell("SET GLOBAL max_connections = 10");
  EXPECT_THAT(store_.Connect({.connections = 30}),
              AllOf(HasSubstr("1040 too many connections"), HasSubstr("of 30")));
  ASSERT_EQ(store_.Connect({.timeout = kSoon}), "");
  server.Pause();
  EXPECT_EQ(store_.Read("a").outcome, Outcome::kTimedOut);
  server.Resume();
  ReadUntil(Outcome::kNotFound);
}

TEST_F(MysqlSystem, AGreetingThatIsNoneIsNotTakenForMysql) {
  RudeServer server({.greeting = Garbage(300)});
  EXPECT_THAT(store_.Open({{"url", fmt::format("mysql://me@127.0.0.1:{}/x", server.port())}}),
              HasSubstr(std::to_string(server.port())));
  server.Behave({.close_after_replies = 0,
                 .greeting = std::string("\x4a\x00\x00\x00\x0a"
                                         "5.5",
                                         8)});
  EXPECT_NE(store_.Open({{"url", fmt::format("mysql://me@127.0.0.1:{}/x", server.port())}}), "");
}

}  // namespace
}  // namespace mbench::testing
