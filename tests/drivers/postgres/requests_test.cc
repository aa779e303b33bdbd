// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/requests.h"

#include <gmock/gmock.h>

#include "drivers/postgres/wire.h"
#include "tests/body_of.h"

namespace mbench::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::string_literals;

StatementSpec Sql(std::string text, std::vector<std::string> arguments = {}) {
  return {
      .name = "it", .body = BodyOf({{"sql", std::move(text)}}), .arguments = std::move(arguments)};
}

StatementSpec Transfer(std::map<std::string, std::string> body = {}) {
  StatementSpec spec{.name = "transfer", .body = BodyOf(body), .arguments = {"amount", "from"}};
  spec.steps = {Sql("UPDATE a SET b = b - {amount} WHERE id = {from}", spec.arguments),
                Sql("SELECT 1", spec.arguments)};
  spec.steps[0].name = "debit";
  return spec;
}

Result<Request> Read(const StatementSpec& spec, std::size_t number = 0) {
  ComplaintList complaints;
  Request request = ReadRequest(spec, number, kTextFormat, &complaints);
  if (Status right = complaints.ToStatus("it"); !right) return Failed(right);
  return request;
}

const Prepared& Only(const Result<Request>& request) { return request->steps[0].statement; }

std::string Refusal(const StatementSpec& spec) {
  const Result<Request> request = Read(spec);
  return request ? "" : request.error().message;
}

TEST(PostgresRequest, APlaceholderBecomesAParameter) {
  const auto request = Read(Sql("SELECT {b}, {a} FROM t WHERE x = {b}", {"a", "b"}), 7);
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(Only(request).Name(), "s7");
  EXPECT_EQ(Only(request).Sql(), "SELECT $1, $2 FROM t WHERE x = $1")
      << "the same name, the same n";
  EXPECT_THAT(Only(request).Arguments(), ElementsAre(1, 0)) << "$1 is b, $2 is a";
}

TEST(PostgresRequest, ValuesAreNeverPartOfTheText) {
  const auto request = Read(Sql("SELECT {a}", {"a"}));
  const std::string evil = "'; DROP TABLE t; --";
  std::string out;
  Only(request).AppendBind(&out, [&](std::string* into) { PutValue(evil, into); });
  EXPECT_EQ(out, "B\0\0\0\x29\0s0\0\0\1\0\0\0\1\0\0\0\x13"s + evil + "\0\1\0\0"s +
                     "E\0\0\0\x09\0\0\0\0\0"s);
}

TEST(PostgresRequest, BracesThatAreNoPlaceholderStay) {
  const auto request = Read(Sql("SELECT '{\"a\": 1}', '{{a}}'", {}));
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(Only(request).Sql(), "SELECT '{\"a\": 1}', '{a}'");
}

TEST(PostgresRequest, ATransactionHasTheDefaultsOfItsReadme) {
  const auto request = Read(Transfer(), 1);
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_TRUE(request->is_transaction);
  EXPECT_EQ(request->begin.Sql(), "BEGIN ISOLATION LEVEL read committed");
  EXPECT_THAT(request->retry_on, ElementsAre("40001", "40P01"));
  EXPECT_EQ(request->retry_times, 3u);
  EXPECT_EQ(request->steps.size(), 2u);
  EXPECT_EQ(request->steps[0].name, "debit");
  EXPECT_EQ(request->steps[1].statement.Name(), "t1_1");
}

TEST(PostgresRequest, IsolationAndRetryAreRead) {
  const auto request = Read(
      Transfer({{"isolation", "serializable"}, {"retry", R"({"on":[40001,"55P03"],"times":7})"}}));
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->begin.Sql(), "BEGIN ISOLATION LEVEL serializable");
  EXPECT_THAT(request->retry_on, ElementsAre("40001", "55P03"));
  EXPECT_EQ(request->retry_times, 7u);
}

TEST(PostgresRequest, MistakesAreNamedWithTheStatement) {
  EXPECT_THAT(Refusal({.name = "it"}), HasSubstr("expected something like sql: \"SELECT"));
  EXPECT_THAT(Refusal(Sql("SELECT {nobody}")), HasSubstr("'nobody'"));
  StatementSpec spec = Sql("SELECT 1");
  Say(&spec, "hots", "replica");
  EXPECT_THAT(Refusal(spec), HasSubstr("did you mean 'host'?"));
  spec = Sql("SELECT 1");
  Say(&spec, "host", "standby");
  EXPECT_THAT(Refusal(spec), HasSubstr("unknown value 'standby' of host"));
  EXPECT_THAT(Refusal(Transfer({{"isolation", "strict"}})), HasSubstr("repeatable read"));
  EXPECT_THAT(Refusal(Transfer({{"retry", "often"}})), HasSubstr("{on: [40001, 40P01], times: 3}"));
  EXPECT_THAT(Refusal(Transfer({{"retry", R"({"times":-1})"}})),
              HasSubstr("a count cannot be negative"));
  EXPECT_THAT(Refusal(Transfer({{"retry", R"({"on":[4]})"}})), HasSubstr("five characters"));
  spec = Transfer();
  Say(&spec.steps[0], "isolation", "serializable");
  EXPECT_THAT(Refusal(spec), HasSubstr("'isolation' does not go with a step"));
}

TEST(PostgresVerbs, HaveOneStatementForEachKindAndField) {
  const Verbs verbs("sales.orders", "text", 2);
  const auto sql = [&](const Op& op) { return verbs.All()[verbs.IndexOf(op)].Sql(); };
  EXPECT_EQ(sql({.kind = OpKind::kRead}),
            R"(SELECT field0, field1 FROM "sales"."orders" WHERE key = $1)");
  EXPECT_EQ(sql({.kind = OpKind::kRead, .field = 1}),
            R"(SELECT field1 FROM "sales"."orders" WHERE key = $1)");
  EXPECT_EQ(sql({.kind = OpKind::kUpdate}),
            R"(UPDATE "sales"."orders" SET field0 = $2, field1 = $3 WHERE key = $1)");
  EXPECT_EQ(sql({.kind = OpKind::kUpdate, .field = 0}),
            R"(UPDATE "sales"."orders" SET field0 = $2 WHERE key = $1)");
  EXPECT_EQ(sql({.kind = OpKind::kDelete}), R"(DELETE FROM "sales"."orders" WHERE key = $1)");
  EXPECT_THAT(sql({.kind = OpKind::kInsert}), HasSubstr("ON CONFLICT (key) DO UPDATE"));
  EXPECT_THAT(sql({.kind = OpKind::kScan}), HasSubstr("ORDER BY key LIMIT $2"));
}

TEST(PostgresVerbs, NamesAreQuotedAndKeysCompareAsBytes) {
  EXPECT_EQ(QuoteIdentifiers("we\"ird"), R"("we""ird")");
  EXPECT_EQ(Verbs("t", "text", 1).CreateTable(),
            R"(CREATE TABLE "t" (key text COLLATE "C" PRIMARY KEY, field0 text))");
  EXPECT_EQ(Verbs("t", "bytea", 2).CreateTable(),
            R"(CREATE TABLE "t" (key bytea PRIMARY KEY, field0 bytea, field1 bytea))");
}

}  // namespace
}  // namespace mbench::postgres
