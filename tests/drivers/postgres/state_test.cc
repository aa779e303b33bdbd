// SPDX-License-Identifier: Apache-2.0
//
// What a connection keeps from one op to the next, and what of it a server may forget.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/body_of.h"
#include "tests/drivers/postgres/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kOne[] = {"1"};

std::string LabelOf(const Session& session, const Answer& answer) {
  return answer.label == 0 ? "" : session.DescribeLabel(answer.label);
}

TEST(PostgresState, WhatTheServerHasForgottenIsPreparedAgainAndCounted) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  for (const std::string sync : {"op", "batch"}) {
    PostgresRig rig(server.Url(), {{"pipeline", "4"}, {"sync", sync}});
    ASSERT_EQ(rig.Open(), "");
    ASSERT_EQ(rig.Prepare({Sql("get", "SELECT {n}::int", {"n"}), Sql("forget", "DISCARD ALL")}),
              "");
    const auto session = rig.NewSession({.connections = 4});
    EXPECT_EQ(Do(*session, StatementOp(0, kOne)).label, 0u);
    EXPECT_EQ(Do(*session, StatementOp(1)).outcome, Outcome::kOk);
    std::vector<Op> four(4, StatementOp(0, kOne));
    for (std::uint32_t i = 0; i < four.size(); ++i) four[i].slot = i;
    for (const Answer& answer : Do(*session, four)) {
      EXPECT_EQ(answer.outcome, Outcome::kOk) << session->DescribeError(answer.error);
      EXPECT_EQ(LabelOf(*session, answer), "prepared again") << sync;
    }
    EXPECT_EQ(Do(*session, StatementOp(0, kOne)).label, 0u) << "and is known from then on";
  }
}

TEST(PostgresState, VerbsArePreparedAgainToo) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  ASSERT_EQ(rig.Prepare({Sql("forget", "DEALLOCATE ALL")}), "");
  ASSERT_TRUE(rig.NewSession({.phase = SessionPhase::kLoad})) << "makes the table";
  const auto session = rig.NewSession();
  const Op read{.kind = OpKind::kRead, .key = "a"};
  EXPECT_EQ(Do(*session, read).outcome, Outcome::kNotFound);
  EXPECT_EQ(Do(*session, StatementOp(0)).outcome, Outcome::kOk);
  const Answer answer = Do(*session, read);
  EXPECT_EQ(answer.outcome, Outcome::kNotFound) << session->DescribeError(answer.error);
  EXPECT_EQ(LabelOf(*session, answer), "prepared again");
}

TEST(PostgresState, ATransactionIsBegunAnewWhenItsStepsAreForgotten) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  StatementSpec pair{.name = "pair", .arguments = {"n"}};
  pair.steps = {Sql("one", "SELECT {n}::int", {"n"}), Sql("two", "SELECT 2", {"n"})};
  ASSERT_EQ(rig.Prepare({pair, Sql("forget", "DISCARD ALL")}), "");
  const auto session = rig.NewSession();
  EXPECT_EQ(DoAll(*session, StatementOp(0, kOne)).end.label, 0u);
  EXPECT_EQ(Do(*session, StatementOp(1)).outcome, Outcome::kOk);
  const Course told = DoAll(*session, StatementOp(0, kOne));
  EXPECT_EQ(told.end.outcome, Outcome::kOk) << session->DescribeError(told.end.error);
  EXPECT_EQ(LabelOf(*session, told.end), "prepared again");
}

TEST(PostgresState, APlanThatATableHasOutgrownIsMadeAnew) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  const std::string table = "\"" + rig.table() + "\"";
  rig.Ask("CREATE TABLE " + table + " (a int)");
  ASSERT_EQ(rig.Open(), "");
  ASSERT_EQ(rig.Prepare({Sql("all", "SELECT * FROM " + table)}), "");
  const auto session = rig.NewSession();
  EXPECT_EQ(Do(*session, StatementOp(0)).outcome, Outcome::kOk);
  rig.Ask("ALTER TABLE " + table + " ADD COLUMN b text");
  const Answer answer = Do(*session, StatementOp(0));
  EXPECT_EQ(answer.outcome, Outcome::kOk) << session->DescribeError(answer.error);
  EXPECT_EQ(LabelOf(*session, answer), "prepared again");
}

// ---- what the set-up of a run makes ----

StatementSet BeforeAndRun(std::vector<StatementSpec> before, std::vector<StatementSpec> run) {
  StatementSet set;
  set[SessionPhase::kBeforeLoad] = std::move(before);
  set[SessionPhase::kRun] = std::move(run);
  return set;
}

// One after the other, as a run does it.
void DoBefore(PostgresRig& rig, std::uint16_t statements) {
  const auto session =
      rig.driver().NewSession({.phase = SessionPhase::kBeforeLoad, .records = false});
  ASSERT_TRUE(session) << session.error().message;
  for (std::uint16_t i = 0; i < statements; ++i) {
    const Answer answer = Do(**session, StatementOp(i));
    ASSERT_EQ(answer.outcome, Outcome::kOk) << (*session)->DescribeError(answer.error);
  }
}

TEST(PostgresState, StatementsMayNameWhatBeforeLoadMakes) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  const std::string table = "\"" + rig.table() + "\"", other = "before_load_function";
  ASSERT_EQ(rig.Open(), "");
  StatementSpec twice =
      Sql("twice", fmt::format("SELECT {}({{n}}) + a FROM {}", other, table), {"n"});
  ASSERT_EQ(
      Prepare(rig.driver(),
              BeforeAndRun({Sql("table", fmt::format("CREATE TABLE {} (a int)", table)),
                            Sql("row", fmt::format("INSERT INTO {} VALUES (40)", table)),
                            Sql("function", fmt::format("CREATE OR REPLACE FUNCTION {}(n int) "
                                                        "RETURNS int AS 'SELECT 2 * n' "
                                                        "LANGUAGE sql",
                                                        other))},
                           {twice})),
      "");
  DoBefore(rig, 3);
  const auto session = rig.driver().NewSession({.want_values = true, .records = false});
  ASSERT_TRUE(session) << session.error().message;
  const Answer answer = Do(**session, StatementOp(0, kOne));
  EXPECT_EQ(answer.outcome, Outcome::kOk) << (*session)->DescribeError(answer.error);
  EXPECT_EQ(answer.items, 1u);
}

TEST(PostgresState, WhatIsStillMissingWhenTheRunBeginsIsSaidWithItsStatement) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  ASSERT_EQ(Prepare(rig.driver(), BeforeAndRun({Sql("nothing", "SELECT 1")},
                                               {Sql("lost", "SELECT * FROM never_made")})),
            "");
  const auto session = rig.driver().NewSession({.records = false});
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(session.error().message,
              ::testing::AllOf(HasSubstr("statement 'lost'"), HasSubstr("never_made")));
}

TEST(PostgresState, AMistakeInATextIsSaidAtOnceWhateverBeforeLoadMakes) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  EXPECT_THAT(
      Prepare(rig.driver(), BeforeAndRun({Sql("nothing", "SELECT 1")}, {Sql("bad", "SELEKT 1")})),
      HasSubstr("syntax error"));
}

}  // namespace
}  // namespace mbench::testing
