// SPDX-License-Identifier: Apache-2.0
//
// The postgres driver and a PostgreSQL that is well.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "tests/body_of.h"
#include "tests/drivers/answers.h"
#include "tests/drivers/carries.h"
#include "tests/drivers/postgres/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kInsert = OpKind::kInsert;
constexpr auto kRead = OpKind::kRead;
constexpr auto kUpdate = OpKind::kUpdate;

// By names of errors, "ok" where there is none.
std::vector<std::string> Classes(const Session& session, const std::vector<Answer>& answers) {
  std::vector<std::string> classes(answers.size());
  for (const Answer& answer : answers) {
    classes[answer.slot] =
        answer.error == 0 ? std::string(Name(answer.outcome)) : session.DescribeError(answer.error);
  }
  return classes;
}

TEST(PostgresSystem, KeepsRecordsAsTheVerbsSay) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  EXPECT_THAT(rig.facts().system, HasSubstr("PostgreSQL"));
  EXPECT_TRUE(Look(rig.driver()).empty);
  EXPECT_EQ(Look(rig.driver()).dataset, kUnfinishedDataset);
  const auto session = rig.NewSession({.want_values = true, .fields = 3});
  ASSERT_TRUE(session);
  const std::string record = MakeRecord("red||blue");
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "a"}), IsNotFound());
  EXPECT_THAT(Do(*session, {.kind = kUpdate, .key = "a", .value = record}), IsNotFound());
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "a", .value = record}), IsOk());
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "a"}), IsValue(record));
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "a"}).bytes_received, Carries(7));
  EXPECT_THAT(Do(*session, {.kind = kRead, .field = 2, .key = "a"}), IsValue("blue"));
  EXPECT_THAT(Do(*session, {.kind = kUpdate, .field = 1, .key = "a", .value = "green"}), IsOk());
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "a"}), IsValue(MakeRecord("red|green|blue")));
  const std::string other = MakeRecord("1|2|3");
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "a", .value = other}), IsOk()) << "replaces";
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "b", .value = other}), IsOk());
  EXPECT_THAT(Do(*session, {.kind = kUpdate, .key = "a", .value = record}), IsOk());
  EXPECT_EQ(Do(*session, {.kind = OpKind::kScan, .scan_limit = 9, .key = ""}).items, 2u);
  EXPECT_EQ(Do(*session, {.kind = OpKind::kScan, .scan_limit = 1, .key = "aa"}).items, 1u);
  EXPECT_THAT(Do(*session, {.kind = OpKind::kDelete, .key = "a"}), IsOk());
  EXPECT_THAT(Do(*session, {.kind = OpKind::kDelete, .key = "a"}), IsNotFound());
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "a"}), IsNotFound());
}

TEST(PostgresSystem, KeysAndValuesMayBeAnyBytesInByteaColumns) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url(), {{"columns", "bytea"}});
  ASSERT_EQ(rig.Open(), "");
  const auto session = rig.NewSession({.want_values = true});
  const std::string zeros("a\0b\0", 4), high("\xff\xfe\x80", 3), large(1 << 20, 'x');
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = zeros, .value = high}), IsOk());
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = high, .value = zeros}), IsOk());
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "large", .value = large}), IsOk());
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "empty", .value = ""}), IsOk());
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = zeros}), IsValue(high));
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = high}), IsValue(zeros));
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "large"}), IsValue(large));
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "empty"}), IsValue(""));
}

TEST(PostgresSystem, TextThatTheServerRefusesIsAClassOfErrors) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  const auto session = rig.NewSession();
  const Answer answer = Do(*session, {.kind = kInsert, .key = "a", .value = "\xff"});
  EXPECT_EQ(answer.outcome, Outcome::kFailed);
  EXPECT_EQ(session->DescribeError(answer.error), "22021 character_not_in_repertoire");
  // The statement was lost with its batch, and is there again.
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "a", .value = "good"}), IsOk());
}

TEST(PostgresSystem, EveryOpHasOneCompletionWithItsSlotAlsoInPipelines) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  for (const std::string sync : {"op", "batch"}) {
    PostgresRig rig(server.Url(), {{"pipeline", "8"}, {"sync", sync}});
    ASSERT_EQ(rig.Open(), "");
    const auto session = rig.NewSession({.connections = 16});
    constexpr OpKind kKinds[] = {kInsert, kRead, kUpdate, OpKind::kScan, OpKind::kDelete};
    std::vector<Op> ops;
    std::multiset<std::uint32_t> expected, seen;
    for (std::uint32_t i = 0; i < 500; ++i) {
      ops.push_back(
          {.kind = kKinds[i % 5], .slot = 1000 + 7 * i, .scan_limit = 3, .key = "k", .value = "v"});
      expected.insert(ops.back().slot);
    }
    for (const Answer& answer : Do(*session, ops)) {
      seen.insert(answer.slot);
      EXPECT_LE(answer.started, answer.finished);
      EXPECT_TRUE(IsAnswer(answer.outcome)) << session->DescribeError(answer.error);
    }
    EXPECT_EQ(seen, expected) << sync;
  }
}

// ---- the two kinds of Sync ----

// An update, a division by zero, a read, all at once on one connection.
std::vector<std::string> UpdateDivideRead(PostgresRig& rig) {
  EXPECT_EQ(rig.Open(), "");
  { EXPECT_THAT(Do(*rig.NewSession(), {.kind = kInsert, .key = "a", .value = "old"}), IsOk()); }
  EXPECT_EQ(rig.Prepare({Sql("divide", "SELECT 1 / {n}::int", {"n"})}), "");
  const auto session = rig.NewSession({.connections = 4});
  const std::string_view zero = "0";
  const std::vector<Op> ops = {
      {.kind = kRead, .slot = 0, .key = "a"},
      {.kind = kUpdate, .slot = 1, .key = "a", .value = "new"},
      {.kind = OpKind::kStatement, .slot = 2, .arguments = {&zero, 1}},
      {.kind = kRead, .slot = 3, .key = "a"},
  };
  return Classes(*session, Do(*session, ops));
}

TEST(PostgresSystem, WithOneSyncPerOpAnErrorIsThatOfItsOpAlone) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url(), {{"pipeline", "4"}, {"sync", "op"}});
  EXPECT_THAT(UpdateDivideRead(rig),
              ::testing::ElementsAre("ok", "ok", "22012 division_by_zero", "ok"));
  EXPECT_EQ(rig.Ask("SELECT field0 FROM \"" + rig.table() + "\""), "new");
}

TEST(PostgresSystem, WithOneSyncPerBatchAnErrorTakesTheOthersWithIt) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url(), {{"pipeline", "4"}, {"sync", "batch"}});
  EXPECT_THAT(
      UpdateDivideRead(rig),
      ::testing::ElementsAre("ok", "rolled back by an error in its batch", "22012 division_by_zero",
                             "aborted by an error before it in its batch"));
  EXPECT_EQ(rig.Ask("SELECT field0 FROM \"" + rig.table() + "\""), "old");
}

// ---- whose data ----

TEST(PostgresSystem, TheMarkOfTheDataIsKeptWithTheTable) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  Do(*rig.NewSession(), {.kind = kInsert, .key = "a", .value = "one"});
  ASSERT_EQ(rig.Open(), "");
  EXPECT_EQ(Look(rig.driver()).dataset, kUnfinishedDataset) << "an interrupted load";
  EXPECT_FALSE(Look(rig.driver()).empty);
  ASSERT_TRUE(rig.driver().Store()->SetDataset("it's \"one\" \\record"));
  ASSERT_EQ(rig.Open(), "");
  EXPECT_EQ(Look(rig.driver()).dataset, "it's \"one\" \\record");
  ASSERT_TRUE(rig.driver().Store()->Clear());
  ASSERT_EQ(rig.Open(), "");
  EXPECT_TRUE(Look(rig.driver()).empty);
  EXPECT_EQ(Look(rig.driver()).dataset, kUnfinishedDataset);
  const auto session = rig.NewSession({.fields = 3});
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "a", .value = MakeRecord("a|b|c")}), IsOk());
}

TEST(PostgresSystem, ATableOfSomebodyElseIsLeftAlone) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  rig.Ask("CREATE TABLE \"" + rig.table() + "\" (key text PRIMARY KEY, field0 text)");
  ASSERT_EQ(rig.Open(), "");
  EXPECT_EQ(Look(rig.driver()).dataset, "");
  const Status cleared = rig.driver().Store()->Clear();
  ASSERT_FALSE(cleared);
  EXPECT_THAT(cleared.error().message, HasSubstr("was not made by mbench"));
  EXPECT_FALSE(rig.driver().Store()->SetDataset("mine"));
  EXPECT_EQ(rig.Ask("SELECT to_regclass('\"" + rig.table() + "\"') IS NOT NULL"), "t");
}

TEST(PostgresSystem, ATableOfAnotherShapeIsRefusedBeforeTheRun) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  ASSERT_TRUE(rig.NewSession({.fields = 1}));
  std::string why;
  EXPECT_FALSE(rig.NewSession({.fields = 2}, &why));
  EXPECT_THAT(why, HasSubstr("field1"));
}

// ---- load ----

std::vector<Op> Inserts(const std::vector<std::string>& keys) {
  std::vector<Op> ops;
  for (const std::string& key : keys) {
    ops.push_back({.kind = kInsert,
                   .slot = static_cast<std::uint32_t>(ops.size()),
                   .key = key,
                   .value = "value"});
  }
  return ops;
}

TEST(PostgresSystem, ALoadGoesByCopyAndIsAcknowledgedRecordByRecord) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  std::vector<std::string> keys;
  for (int i = 0; i < 300; ++i) keys.push_back(Key(i));
  const auto session = rig.NewSession({.connections = 64, .phase = SessionPhase::kLoad});
  for (const Answer& answer : Do(*session, Inserts(keys))) EXPECT_THAT(answer, IsOk());
  EXPECT_EQ(rig.Ask("SELECT count(*) FROM \"" + rig.table() + "\""), "300");
  EXPECT_LE(std::stoi(rig.Ask("SELECT count(DISTINCT xmin::text) FROM \"" + rig.table() + "\"")),
            60)
      << "one transaction for many rows";
}

TEST(PostgresSystem, ACopyThatMeetsARecordFailsAndItsRecordsCanBeInsertedAgain) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  const auto session = rig.NewSession({.connections = 8, .phase = SessionPhase::kLoad});
  const std::vector<std::string> keys = {"a", "b", "c"};
  EXPECT_THAT(Do(*session, Inserts({keys[1]})).front(), IsOk());
  const auto first = Classes(*session, Do(*session, Inserts(keys)));
  EXPECT_THAT(first, ::testing::Each("23505 unique_violation"));
  const auto second = Classes(*session, Do(*session, Inserts(keys)));
  EXPECT_THAT(second, ::testing::Each("ok"));
  EXPECT_EQ(rig.Ask("SELECT count(*) FROM \"" + rig.table() + "\""), "3");
}

// ---- statements ----

TEST(PostgresSystem, StatementsTakeTheirValuesAsParametersOfTheRightType) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  ASSERT_EQ(
      rig.Prepare({Sql("sum", "SELECT {a}::int + {b} WHERE {a}::int > 0", {"a", "b"}),
                   Sql("evil", "SELECT length({text}::text) WHERE {text}::text <> ''", {"text"})}),
      "");
  const auto session = rig.NewSession();
  const std::string_view sum[] = {"40", "2"};
  EXPECT_THAT(DoAll(*session, StatementOp(0, sum)).end, IsOk());
  EXPECT_EQ(DoAll(*session, StatementOp(0, sum)).end.items, 1u);
  const std::string_view evil[] = {"'); DROP TABLE x; --"};
  EXPECT_EQ(DoAll(*session, StatementOp(1, evil)).end.items, 1u);
  const std::string_view wrong[] = {"forty", "2"};
  const Answer answer = DoAll(*session, StatementOp(0, wrong)).end;
  EXPECT_EQ(session->DescribeError(answer.error), "22P02 invalid_text_representation");
}

TEST(PostgresSystem, AStatementThatTheServerCannotPrepareIsRefusedBeforeTheRun) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  EXPECT_THAT(rig.Prepare({Sql("good", "SELECT 1"), Sql("bad", "SELEKT 1")}),
              ::testing::AllOf(HasSubstr("statement 'bad'"), HasSubstr("syntax error")));
  EXPECT_THAT(rig.Prepare({Sql("quoted", "SELECT '{a}'", {"a"})}),
              ::testing::AllOf(HasSubstr("'quoted'"), HasSubstr("leave the quotes out")));
  EXPECT_THAT(rig.Prepare({Sql("lost", "SELECT * FROM no_such_table_here")}),
              HasSubstr("no_such_table_here"));
}

TEST(PostgresSystem, StatementsAloneMakeNoTable) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  ASSERT_EQ(rig.Prepare({Sql("one", "SELECT 1")}), "");
  EXPECT_THAT(DoAll(*rig.NewSession(), StatementOp(0)).end, IsOk());
  EXPECT_EQ(rig.Ask("SELECT to_regclass('\"" + rig.table() + "\"') IS NULL"), "t");
}

// ---- TLS, sockets and refusals ----

TEST(PostgresSystem, GoesOverTlsAndChecksTheCertificate) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Fact("TLS_URL"), {{"pipeline", "4"}});
  ASSERT_EQ(rig.Open(), "");
  const auto session = rig.NewSession({.connections = 16, .want_values = true});
  const std::string large(1 << 20, 'x');
  for (int i = 0; i < 20; ++i) {
    const std::string key = Key(i);
    ASSERT_THAT(Do(*session, {.kind = kInsert, .key = key, .value = large}), IsOk());
    ASSERT_THAT(Do(*session, {.kind = kRead, .key = key}), IsValue(large));
  }
  EXPECT_EQ(CountRecords(*session, 20), 20);
}

TEST(PostgresSystem, AWrongCertificateIsRefusedByName) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url(),
                  {{"sslmode", "verify-full"}, {"sslrootcert", server.Fact("OTHER_CA")}});
  const std::string why = rig.Open();
  EXPECT_THAT(why,
              ::testing::AllOf(HasSubstr("PostgreSQL at 127.0.0.1:"), HasSubstr("certificate")));
}

TEST(PostgresSystem, GoesOverAUnixSocket) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(fmt::format("postgres://{}@/{}?host={}&port={}", server.Fact("USER"),
                              server.Fact("DATABASE"), server.Fact("SOCKET"), server.Fact("PORT")),
                  {{"password", server.Fact("PASSWORD")}});
  // The table is dropped by the url, which lacks the password.
  setenv("PGPASSWORD", server.Fact("PASSWORD").c_str(), 1);
  ASSERT_EQ(rig.Open(), "");
  EXPECT_THAT(Do(*rig.NewSession(), {.kind = kInsert, .key = "a", .value = "one"}), IsOk());
}

TEST(PostgresSystem, AWrongPasswordIsSaidWithTheAddressAndWithoutThePassword) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  const auto refused =
      MakeDriver("postgres", {{"url", server.Url()}, {"password", "open_sesame"}})->Open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnreachable);
  EXPECT_THAT(refused.error().message,
              ::testing::AllOf(HasSubstr("127.0.0.1:"), HasSubstr("password authentication failed"),
                               Not(HasSubstr("open_sesame")), Not(HasSubstr("\n"))));
}

TEST(PostgresSystem, AnUnknownDatabaseAndAPortWithoutAServerAreSaid) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  std::string url = server.Url();
  url.replace(url.find("/mbench?"), 8, "/nothing?");
  auto refused = MakeDriver("postgres", {{"url", url}})->Open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnreachable);
  EXPECT_THAT(refused.error().message, HasSubstr("database \"nothing\" does not exist"));
  refused = MakeDriver("postgres", {{"url", "postgres://u@127.0.0.1:1/d"}})->Open();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message,
              ::testing::AllOf(HasSubstr("127.0.0.1:1:"), HasSubstr("refused")));
}

TEST(PostgresSystem, MoreConnectionsThanTheServerHasAreRefusedAtTheStart) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  {
    postgres::Admin admin = Connect(server.Url());
    (void)admin.Run("CREATE ROLE few LOGIN SUPERUSER PASSWORD 'few-words'");
    ASSERT_TRUE(admin.Run("ALTER ROLE few NOSUPERUSER CONNECTION LIMIT 4"));
    (void)admin.Run("CREATE SCHEMA few AUTHORIZATION few");
  }
  const auto driver =
      MakeDriver("postgres", {{"url", fmt::format("postgres://few@127.0.0.1:{}/{}",
                                                  server.Fact("PORT"), server.Fact("DATABASE"))},
                              {"password", "few-words"},
                              {"table", "few.records"}});
  const auto facts = driver->Open();
  ASSERT_TRUE(facts) << facts.error().message;
  const auto session = driver->NewSession({.connections = 10});
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().kind, ErrorKind::kUnreachable);
  EXPECT_THAT(session.error().message, ::testing::AllOf(HasSubstr("PostgreSQL at 127.0.0.1:"),
                                                        HasSubstr("53300 too_many_connections"),
                                                        HasSubstr("of 10 connections")));
}

// ---- several hosts ----

TEST(PostgresSystem, EachStatementGoesToTheHostItNames) {
  MBENCH_NEEDS(SharedServer, primary, "postgres");
  MBENCH_NEEDS(SharedServer, replica, "postgres-replica");
  PostgresRig rig(primary.Url(), {{"hosts.replica", replica.Url()}, {"reads", "replica"}});
  ASSERT_EQ(rig.Open(), "");
  // Divides by zero on the other host.
  StatementSpec there = Sql("there", "SELECT 1 / pg_is_in_recovery()::int");
  StatementSpec here = Sql("here", "SELECT 1 / (NOT pg_is_in_recovery())::int");
  Say(&there, "host", "replica");
  Say(&there, "label", "host");
  Say(&here, "label", "host");
  ASSERT_EQ(rig.Prepare({there, here}), "");
  const auto session = rig.NewSession({.connections = 2});
  for (int i = 0; i < 3; ++i) {
    const Answer from_replica = DoAll(*session, StatementOp(0)).end;
    EXPECT_THAT(from_replica, IsOk()) << session->DescribeError(from_replica.error);
    EXPECT_EQ(session->DescribeLabel(from_replica.label), "replica");
    const Answer from_primary = DoAll(*session, StatementOp(1)).end;
    EXPECT_THAT(from_primary, IsOk());
    EXPECT_EQ(session->DescribeLabel(from_primary.label), "primary");
  }
}

// "host:port" of a url of the servers here.
std::string PlaceIn(const std::string& url) {
  const std::size_t begin = url.find('@') + 1;
  return url.substr(begin, url.find('/', begin) - begin);
}

TEST(PostgresSystem, OfSeveralHostsTheOneThatCanDoWhatIsWantedIsTaken) {
  MBENCH_NEEDS(SharedServer, primary, "postgres");
  MBENCH_NEEDS(SharedServer, replica, "postgres-replica");
  const std::string own = PlaceIn(primary.Url()), standby = PlaceIn(replica.Url());
  const auto hosts = [&](const std::string& wanted) {
    std::string url = primary.Url();
    url.replace(url.find(own), own.size(), "127.0.0.1:1," + standby + "," + own);
    return url + "&target_session_attrs=" + wanted;
  };
  const std::string read = "SELECT 1 / pg_is_in_recovery()::int";
  for (const std::string wanted : {"read-write", "standby"}) {
    PostgresRig rig(hosts(wanted));
    ASSERT_EQ(rig.Open(), "");
    ASSERT_EQ(rig.Prepare({Sql("only a standby", read)}), "");
    const auto session = rig.NewSession({.connections = 3});
    EXPECT_EQ(Do(*session, StatementOp(0)).error == 0, wanted == "standby") << wanted;
  }
}

TEST(PostgresSystem, OfSeveralHostsThatAreDownAllAreNamed) {
  const std::string url = "postgres://u@127.0.0.1:1,127.0.0.1:2/d";
  EXPECT_THAT(RefusalOf("postgres", {{"url", url}}), HasSubstr("127.0.0.1:1,127.0.0.1:2"));
}

TEST(PostgresSystem, WhatDoesNotGoWithSimpleQueriesIsRefused) {
  for (const auto& [option, value] :
       Options{{"sync", "batch"}, {"binary", "true"}, {"columns", "bytea"}}) {
    EXPECT_THAT(
        RefusalOf("postgres",
                  {{"url", "postgres://u@127.0.0.1:1/d"}, {"prepare", "simple"}, {option, value}}),
        HasSubstr("prepare: simple"));
  }
}

}  // namespace
}  // namespace mbench::testing
