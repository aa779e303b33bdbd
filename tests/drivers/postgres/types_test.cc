// SPDX-License-Identifier: Apache-2.0
//
// Parameters have the types that the server wants, and where it has no opinion, that of the
// generator. All of it holds however the server takes a text.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/drivers/postgres/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;
using enum ValueType;

class PostgresTypes : public ::testing::TestWithParam<std::string> {
 protected:
  // What the only row of a statement is put into the table of the test as: its text.
  std::string Result(const Server& server, const std::string& expression,
                     std::vector<ValueType> types, std::vector<std::string_view> values) {
    PostgresRig rig(server.Url(), {{"prepare", GetParam()}});
    rig.Ask("CREATE TABLE \"" + rig.table() + "\" (result text)");
    return Insert(rig, fmt::format("INSERT INTO \"{}\" SELECT ({})::text", rig.table(), expression),
                  std::move(types), values);
  }
  std::string Insert(PostgresRig& rig, const std::string& sql, std::vector<ValueType> types,
                     const std::vector<std::string_view>& values) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < types.size(); ++i) names.push_back(std::string(1, "abcdef"[i]));
    StatementSpec spec = Sql("it", sql, names);
    spec.types = std::move(types);
    if (const std::string wrong = rig.Open(); !wrong.empty()) return wrong;
    if (const std::string wrong = rig.Prepare({spec}); !wrong.empty()) return wrong;
    const auto session = rig.NewSession();
    const Answer answer = Do(*session, StatementOp(0, values));
    if (answer.error != 0) return session->DescribeError(answer.error);
    return rig.Ask("SELECT string_agg(t::text, ' ') FROM \"" + rig.table() + "\" t");
  }
};

TEST_P(PostgresTypes, NumbersAreComparedAsNumbers) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  EXPECT_EQ(Result(server, "GREATEST({a}, {b})", {kInteger, kInteger}, {"9", "10"}), "(10)");
  EXPECT_EQ(Result(server, "GREATEST({a}, {b})", {kDouble, kDouble}, {"9.50", "10.25"}), "(10.25)");
  EXPECT_EQ(Result(server, "GREATEST({a}, {b})", {kText, kText}, {"9", "10"}), "(9)") << "texts";
}

TEST_P(PostgresTypes, NumbersAreNumbersInJson) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  EXPECT_EQ(Result(server, "jsonb_build_object('n', {a}, 's', {b})", {kInteger, kText}, {"5", "x"}),
            R"(("{""n"": 5, ""s"": ""x""}"))");
  EXPECT_EQ(Result(server, "jsonb_set('{\"n\": 0}', '{{n}}', to_jsonb({a}))", {kInteger}, {"7"}),
            R"(("{""n"": 7}"))");
}

TEST_P(PostgresTypes, AmountsAndLongNumbersAreExact) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  EXPECT_EQ(Result(server, "1000000000000000.00 - {a}", {kDouble}, {"0.01"}),
            "(999999999999999.99)");
  EXPECT_EQ(Result(server, "9007199254740993 + {a}", {kInteger}, {"1"}), "(9007199254740994)");
  EXPECT_EQ(Result(server, "GREATEST({a}, {b})", {kInteger, kInteger},
                   {"-9223372036854775808", "9007199254740993"}),
            "(9007199254740993)");
}

TEST_P(PostgresTypes, ANumberForATextIsAText) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  EXPECT_EQ(Result(server, "length({a}) + length({a})", {kInteger}, {"1234"}), "(8)");
  EXPECT_EQ(Result(server, "'007' = {a} OR {b} LIKE '1%'", {kInteger, kInteger}, {"7", "12"}),
            "(true)");
}

TEST_P(PostgresTypes, OneNameMayHaveTwoTypes) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url(), {{"prepare", GetParam()}});
  rig.Ask("CREATE TABLE \"" + rig.table() + "\" (a int, b text, c numeric)");
  EXPECT_EQ(Insert(rig, fmt::format("INSERT INTO \"{}\" VALUES ({{a}}, {{a}}, {{a}})", rig.table()),
                   {kInteger}, {"5"}),
            "(5,5,5)");
}

TEST_P(PostgresTypes, AMissingValueIsNull) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  EXPECT_EQ(Result(server, "coalesce({a}, -1)", {kInteger}, {std::string_view()}), "(-1)");
}

TEST_P(PostgresTypes, ATextIsNeverReadAsSql) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  EXPECT_EQ(Result(server, "length({a}::text)", {kText}, {"'); DROP TABLE x; --\\'"}), "(22)");
}

TEST_P(PostgresTypes, VerbsAndTransactionsDoTheSame) {
  MBENCH_NEEDS(SharedServer, server, "postgres");
  PostgresRig rig(server.Url(), {{"prepare", GetParam()}});
  ASSERT_EQ(rig.Open(), "");
  const std::string table = "\"" + rig.table() + "\"";
  StatementSpec change{.name = "change", .arguments = {"a"}};
  change.steps = {
      Sql("one", "UPDATE " + table + " SET field0 = field0 || {a}", change.arguments),
      Sql("two", "SELECT 1 / length(nullif(field0, 'oneboom')) FROM " + table, change.arguments)};
  ASSERT_EQ(rig.Prepare({change}), "");
  const auto session = rig.driver().NewSession({.want_values = true, .fields = 2});
  ASSERT_TRUE(session) << session.error().message;
  const std::string record = MakeRecord("one|o'\\clock");
  const auto read = [&] { return Do(**session, {.kind = OpKind::kRead, .key = "k'1"}).copy; };
  EXPECT_EQ(Do(**session, {.kind = OpKind::kInsert, .key = "k'1", .value = record}).error, 0u);
  EXPECT_EQ(read(), record);
  EXPECT_EQ(
      Do(**session, {.kind = OpKind::kUpdate, .field = 1, .key = "k'1", .value = "two"}).error, 0u);
  EXPECT_EQ(Do(**session, {.kind = OpKind::kScan, .scan_limit = 5, .key = ""}).items, 1u);
  const std::string_view more[] = {" more"};
  EXPECT_EQ(DoAll(**session, StatementOp(0, more)).end.outcome, Outcome::kOk);
  EXPECT_EQ(read(), MakeRecord("one more|two"));
  EXPECT_EQ(Do(**session, {.kind = OpKind::kDelete, .key = "k'1"}).error, 0u);
  EXPECT_EQ(Do(**session, {.kind = OpKind::kRead, .key = "k'1"}).outcome, Outcome::kNotFound);
}

INSTANTIATE_TEST_SUITE_P(Prepare, PostgresTypes, ::testing::Values("named", "unnamed", "simple"),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace mbench::testing
