// SPDX-License-Identifier: Apache-2.0
//
// Values have the types that their generators declare, on a real MariaDB: as texts, numbers would
// be added up as doubles and compared letter by letter. And no op is "ok" in a transaction that
// nobody ends.
#include "tests/body_of.h"
#include "tests/drivers/mysql/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

StatementSpec Sql(std::string text, std::vector<std::string> arguments = {},
                  std::vector<ValueType> types = {}) {
  return {.name = "it",
          .body = BodyOf({{"sql", std::move(text)}}),
          .arguments = std::move(arguments),
          .types = std::move(types)};
}

class MysqlTypes : public MysqlSystem {
 protected:
  // A table of the test with one row.
  void Make(const Server& server, const std::string& columns, const std::string& row) {
    At(server);
    Tell(fmt::format("CREATE TABLE {} ({}) ENGINE=InnoDB", TableName(), columns));
    Tell(fmt::format("INSERT INTO {} VALUES ({})", TableName(), row));
  }
  // One op of a statement on it (TABLE), with values of these types.
  Answer Say(std::string sql, std::vector<ValueType> types, std::vector<std::string_view> values) {
    if (const std::size_t at = sql.find("TABLE"); at != std::string::npos)
      sql.replace(at, 5, TableName());
    std::vector<std::string> names;
    for (std::size_t i = 0; i < types.size(); ++i) names.push_back(std::string(1, "abcdef"[i]));
    EXPECT_EQ(store_.Open(options_, {.want_values = true}, {Sql(sql, names, types)}), "");
    return store_.Say(0, std::move(values)).end;
  }
  std::string Now(const std::string& what) {
    return Tell(fmt::format("SELECT {} FROM {}", what, TableName()))[0][0];
  }
};

TEST_F(MysqlTypes, AnAmountIsNotRounded) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  Make(server, "v DECIMAL(20,2)", "1000000000000000.00");
  EXPECT_THAT(Say("UPDATE TABLE SET v = v - {a}", {ValueType::kDouble}, {"0.01"}), IsOk());
  EXPECT_EQ(Now("v"), "999999999999999.99");
}

TEST_F(MysqlTypes, AWholeNumberHas64Bits) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  Make(server, "v BIGINT", "9007199254740993");
  EXPECT_THAT(Say("UPDATE TABLE SET v = v + {a}", {ValueType::kInteger}, {"1"}), IsOk());
  EXPECT_EQ(Now("v"), "9007199254740994");
  EXPECT_THAT(Say("UPDATE TABLE SET v = {a}", {ValueType::kInteger}, {"-9223372036854775808"}),
              IsOk());
  EXPECT_EQ(Now("v"), "-9223372036854775808");
}

TEST_F(MysqlTypes, NumbersAreNumbersInJsonAndWhenTheyAreCompared) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  Make(server, "doc JSON", "'{\"n\": 0}'");
  EXPECT_THAT(Say("UPDATE TABLE SET doc = JSON_SET(doc, '$.n', {a}, '$.m', {b})",
                  {ValueType::kInteger, ValueType::kDouble}, {"5", "2.50"}),
              IsOk());
  EXPECT_EQ(Now("doc"), "{\"n\": 5, \"m\": 2.50}");
  EXPECT_THAT(
      Say("SELECT GREATEST({a}, {b}), 1", {ValueType::kInteger, ValueType::kInteger}, {"9", "10"}),
      IsValue("10"));
}

TEST_F(MysqlTypes, DatesAndTimesArePointsInTime) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  Make(server, "d DATE, t DATETIME(3)", "'2000-01-01', '2000-01-01'");
  EXPECT_THAT(Say("UPDATE TABLE SET d = {a}, t = {b} WHERE t < {b}",
                  {ValueType::kDate, ValueType::kDate}, {"2026-01-31", "2026-01-31T12:00:00.250Z"}),
              IsOk());
  EXPECT_EQ(Now("CONCAT(d, ' ', t)"), "2026-01-31 2026-01-31 12:00:00.250");
}

TEST_F(MysqlTypes, AMissingValueIsNullWhateverItsType) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  Make(server, "n INT, s VARCHAR(9), d DATE", "1, 'x', '2000-01-01'");
  EXPECT_THAT(Say("UPDATE TABLE SET n = {a}, s = {b}, d = {c}",
                  {ValueType::kInteger, ValueType::kText, ValueType::kDate}, {{}, {}, {}}),
              IsOk());
  EXPECT_EQ(Now("n IS NULL AND s IS NULL AND d IS NULL"), "1");
}

TEST_F(MysqlTypes, TextStaysText) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  Make(server, "s VARCHAR(40)", "'x'");
  EXPECT_THAT(Say("UPDATE TABLE SET s = CONCAT({a}, '|', {b})",
                  {ValueType::kText, ValueType::kPoint}, {"007", "[13.4,52.5]"}),
              IsOk());
  EXPECT_EQ(Now("s"), "007|[13.4,52.5]");
}

// ---- transactions that nobody ends ----

TEST_F(MysqlTypes, AnOpThatLeavesATransactionOpenFailsAndChangesNothing) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  Make(server, "v INT", "1");
  const std::string procedure = "p" + TableName();
  Tell(fmt::format("CREATE PROCEDURE {}() BEGIN START TRANSACTION; UPDATE {} SET v = 2; END",
                   procedure, TableName()));
  EXPECT_EQ(store_.ErrorOf(Say("CALL " + procedure + "()", {}, {})),
            "left a transaction open, which is not committed");
  EXPECT_EQ(Now("v"), "1");
  Tell("DROP PROCEDURE " + procedure);
}

TEST_F(MysqlTypes, WithAutocommitOffNothingIsOk) {
  MBENCH_NEEDS(OwnServer, server, "mariadb");
  Make(server, "v INT", "1");
  Tell("SET GLOBAL autocommit = 0");
  EXPECT_EQ(store_.ErrorOf(Say("UPDATE TABLE SET v = 2", {}, {})),
            "left a transaction open, which is not committed");
  ASSERT_EQ(store_.Open(
                options_, {},
                {{.name = "set",
                  .steps = {{.name = "one",
                             .body = BodyOf({{"sql", "UPDATE " + TableName() + " SET v = 3"}})}}}}),
            "");
  EXPECT_THAT(store_.Say(0, {}).end, IsOk()) << "it commits by itself";
  EXPECT_EQ(Now("v"), "3");
}

TEST_F(MysqlTypes, AStepThatEndsItsTransactionIsNamed) {
  MBENCH_NEEDS(SharedServer, server, "mariadb");
  Make(server, "v INT", "1");
  const std::string other = "o" + TableName();
  tables_.push_back(other);
  ASSERT_EQ(store_.Open(
                options_, {},
                {{.name = "both",
                  .steps = {{.name = "make",
                             .body = BodyOf({{"sql", "CREATE TABLE " + other + " (a INT)"}})},
                            {.name = "set",
                             .body = BodyOf({{"sql", "UPDATE " + TableName() + " SET v = 2"}})}}}}),
            "");
  EXPECT_EQ(store_.ErrorOf(store_.Say(0, {}).end), "a step has ended its transaction");
  EXPECT_EQ(Now("v"), "1");
}

}  // namespace
}  // namespace mbench::testing
