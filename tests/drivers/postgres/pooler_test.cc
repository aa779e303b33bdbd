// SPDX-License-Identifier: Apache-2.0
//
// Behind PgBouncer with transaction pooling each op may reach another connection of the server,
// which others have used before: what is prepared there is perhaps not ours.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/drivers/postgres/rig.h"

namespace mbench::testing {
namespace {

constexpr std::uint32_t kConnections = 8;  // on three of the server

// Keeps all connections at work.
void WriteAll(Session& session, OpKind kind, const std::string& value) {
  std::vector<std::string> keys;
  for (int i = 0; i < 200; ++i) keys.push_back(Key(i % 20));
  std::vector<Op> ops;
  for (std::uint32_t i = 0; i < keys.size(); ++i)
    ops.push_back({.kind = kind, .slot = i, .key = keys[i], .value = value});
  for (const Answer& answer : Do(session, ops)) {
    EXPECT_EQ(answer.outcome, Outcome::kOk) << session.DescribeError(answer.error);
  }
}

class PostgresPooler : public ::testing::TestWithParam<std::string> {};

TEST_P(PostgresPooler, AWriteGoesIntoTheTableOfItsRun) {
  MBENCH_NEEDS(SharedServer, pooler, "pgbouncer");
  const std::string before = Connect(pooler.Fact("SERVER_URL")).Ask("SELECT 1").value();
  ASSERT_EQ(before, "1");
  const auto table = [](const std::string& name) {
    return fmt::format("pooled_{}_{}", name, GetParam());
  };
  PostgresRig one(pooler.Url(), {{"table", table("a")}, {"prepare", GetParam()}});
  PostgresRig two(pooler.Url(), {{"table", table("b")}, {"prepare", GetParam()}});
  ASSERT_EQ(one.Open(), "");
  ASSERT_EQ(two.Open(), "");
  const auto a = one.NewSession({.connections = kConnections});
  const auto b = two.NewSession({.connections = kConnections});
  WriteAll(*a, OpKind::kInsert, "a");
  WriteAll(*b, OpKind::kInsert, "b");
  for (int i = 0; i < 3; ++i) {
    WriteAll(*a, OpKind::kUpdate, "aa");
    WriteAll(*b, OpKind::kUpdate, "bb");
  }
  const auto values = [&](const std::string& name) {
    return one.Ask(fmt::format("SELECT string_agg(DISTINCT field0, ' ') || ' ' || count(*) FROM {}",
                               table(name)));
  };
  EXPECT_EQ(values("a"), "aa 20");
  EXPECT_EQ(values("b"), "bb 20");
  one.Ask("DROP TABLE " + table("a"));
  one.Ask("DROP TABLE " + table("b"));
}

TEST_P(PostgresPooler, StatementsAndTransactionsFindWhatTheyNeed) {
  MBENCH_NEEDS(SharedServer, pooler, "pgbouncer");
  PostgresRig rig(pooler.Url(), {{"prepare", GetParam()}});
  ASSERT_EQ(rig.Open(), "");
  StatementSpec pair{.name = "pair", .arguments = {"n"}};
  pair.steps = {Sql("one", "SELECT {n}::int", pair.arguments),
                Sql("two", "SELECT 2", pair.arguments)};
  ASSERT_EQ(rig.Prepare({Sql("one", "SELECT 1 + {n}::int", {"n"}), pair}), "");
  const auto session = rig.NewSession({.connections = kConnections});
  const std::string_view n[] = {"1"};
  std::vector<Op> ops;
  for (std::uint32_t i = 0; i < 200; ++i) {
    ops.push_back(StatementOp(i % 2, n));
    ops.back().slot = i;
  }
  for (const Answer& answer : Do(*session, ops)) {
    EXPECT_EQ(answer.outcome, Outcome::kOk) << session->DescribeError(answer.error);
  }
}

INSTANTIATE_TEST_SUITE_P(Prepare, PostgresPooler, ::testing::Values("named", "unnamed", "simple"),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace mbench::testing
