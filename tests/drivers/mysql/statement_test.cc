// SPDX-License-Identifier: Apache-2.0
//
// SQL of a workload file as it is prepared, and names of errors, without a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drivers/mysql/mysql_errors.h"
#include "drivers/mysql/mysql_statement.h"
#include "tests/body_of.h"

namespace mbench::mysql {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<Statement> Read(StatementSpec spec) {
  spec.name = "pay";
  spec.arguments = {"from", "to", "amount"};
  spec.types = {ValueType::kInteger, ValueType::kInteger, ValueType::kDouble};
  ComplaintList complaints;
  Statement statement = ReadStatement(spec, &complaints);
  if (Status right = complaints.ToStatus(spec.name); !right) return Failed(right);
  return statement;
}

std::string Refusal(StatementSpec spec) {
  const auto read = Read(std::move(spec));
  return read ? "" : read.error().message;
}

TEST(MysqlStatement, PlaceholdersBecomeParametersAndNeverText) {
  const auto read =
      Read({.body = BodyOf(
                {{"sql", "UPDATE a SET b = b - {amount} WHERE id = {from} OR c = {amount}"}})});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->steps[0].sql, "UPDATE a SET b = b - ? WHERE id = ? OR c = ?");
  EXPECT_THAT(read->steps[0].arguments, ElementsAre(2, 0, 2));
  EXPECT_THAT(read->steps[0].types,
              ElementsAre(ValueType::kDouble, ValueType::kInteger, ValueType::kDouble));
  EXPECT_FALSE(read->transaction);
}

TEST(MysqlStatement, APlaceholderInQuotesIsRefused) {
  for (const char* sql : {"SELECT '{from}'", "SELECT \"x {from}\"", "SELECT `{from}`",
                          "SELECT 'it''s', '{from}'", "SELECT 'a\\'b', 1, '{from}'"}) {
    EXPECT_THAT(Refusal({.body = BodyOf({{"sql", sql}})}),
                AllOf(HasSubstr("{from}"), HasSubstr("quotes")))
        << sql;
  }
  EXPECT_EQ(Refusal({.body = BodyOf({{"sql", "SELECT 'it''s', {from}, '}'"}})}), "");
}

TEST(MysqlStatement, CommentsAreNoCode) {
  EXPECT_EQ(Refusal({.body = BodyOf({{"sql", "/* don't */ SELECT {from} -- it's all\n"}})}), "");
  EXPECT_THAT(Refusal({.body = BodyOf({{"sql", "SELECT 1 /* for {from} */"}})}),
              AllOf(HasSubstr("{from} stands in a comment"), HasSubstr("{{from}}")));
}

TEST(MysqlStatement, ATransactionIsWrittenAsOne) {
  EXPECT_THAT(Refusal({.body = BodyOf({{"sql", "BEGIN"}})}), HasSubstr("transaction: ["));
  EXPECT_THAT(Refusal({.body = BodyOf({{"sql", "SET autocommit=0"}})}), HasSubstr("autocommit"));
  EXPECT_THAT(Refusal({.steps = {{.name = "end", .body = BodyOf({{"sql", "COMMIT"}})}}}),
              HasSubstr("COMMIT does not go with a step"));
}

TEST(MysqlStatement, ATransactionHasStepsIsolationAndRetries) {
  const auto read = Read({.body = BodyOf({{"isolation", "read_committed"},
                                          {"retry", R"({"on":[1213,1205],"times":3})"}}),
                          .steps = {{.name = "debit", .body = BodyOf({{"sql", "SELECT {from}"}})},
                                    {.name = "credit", .body = BodyOf({{"sql", "SELECT {to}"}})}}});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->transaction);
  EXPECT_EQ(read->isolation, "READ COMMITTED");
  EXPECT_THAT(read->retry_on, ElementsAre(1213, 1205));
  EXPECT_EQ(read->retries, 3u);
  EXPECT_EQ(read->steps[1].name, "credit");
  EXPECT_THAT(read->steps[1].arguments, ElementsAre(1));
}

TEST(MysqlStatement, IsolationIsSpeltAsInSqlOrInOneWord) {
  for (const char* spelling : {"repeatable read", "repeatable_read"}) {
    const auto read = Read({.body = BodyOf({{"isolation", spelling}}),
                            .steps = {{.name = "one", .body = BodyOf({{"sql", "SELECT 1"}})}}});
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->isolation, "REPEATABLE READ");
  }
}

TEST(MysqlStatement, MistakesAreRefusedWithTheNameOfTheStatement) {
  const std::vector<StatementSpec> steps = {{.name = "one", .body = BodyOf({{"sql", "SELECT 1"}})}};
  EXPECT_THAT(Refusal({}), AllOf(HasSubstr("'pay'"), HasSubstr("sql: \"SELECT")));
  EXPECT_THAT(Refusal({.body = BodyOf({{"sql", "SELECT 1"}, {"sqll", "x"}})}), HasSubstr("'sqll'"));
  EXPECT_THAT(Refusal({.body = BodyOf({{"sql", "SELECT 1"}, {"label", "x"}})}), HasSubstr("label"));
  EXPECT_THAT(Refusal({.body = BodyOf({{"isolation", "total"}}), .steps = steps}),
              HasSubstr("serializable"));
  for (const char* retry : {"3", R"({"on":["a"],"times":3})", R"({"on":[1213],"times":-1})",
                            R"({"on":[1213],"time":1})", "{"}) {
    EXPECT_NE(Refusal({.body = BodyOf({{"retry", retry}}), .steps = steps}), "") << retry;
  }
  EXPECT_THAT(Refusal({.steps = {{.name = "one"}}}), HasSubstr("step 'one'"));
}

TEST(MysqlErrors, AreClassesWithoutValues) {
  EXPECT_EQ(ErrorName(1213, "40001"), "1213 deadlock");
  EXPECT_EQ(ErrorName(4242, "HY000"), "4242 (SQLSTATE HY000)");
  EXPECT_EQ(OutcomeOf(1040), Outcome::kRejected);
  EXPECT_EQ(OutcomeOf(1213), Outcome::kFailed);
  EXPECT_TRUE(LosesLine(2013));
  EXPECT_FALSE(LosesLine(1213));
}

}  // namespace
}  // namespace mbench::mysql
