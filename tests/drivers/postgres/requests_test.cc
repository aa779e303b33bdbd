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

Result<Request> Read(const StatementSpec& spec, PrepareMode mode = PrepareMode::kNamed) {
  ComplaintList complaints;
  Request request = ReadRequest(spec, {.mode = mode}, &complaints);
  if (Status right = complaints.ToStatus("it"); !right) return Failed(right);
  return request;
}

const Prepared& Only(const Result<Request>& request) { return request->steps[0].statement; }

std::string Refusal(const StatementSpec& spec) {
  const Result<Request> request = Read(spec);
  return request ? "" : request.error().message;
}

TEST(PostgresRequest, APlaceholderBecomesAParameter) {
  const auto request = Read(Sql("SELECT {b}, {a} FROM t WHERE x = {b}", {"a", "b"}));
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(Only(request).Sql(), "SELECT $1, $2 FROM t WHERE x = $1")
      << "the same name, the same n";
  EXPECT_THAT(Only(request).Arguments(), ElementsAre(1, 0)) << "$1 is b, $2 is a";
}

std::string BytesOf(const Prepared& statement, std::vector<std::string_view> values) {
  std::string out;
  statement.AppendRun(&out, [&](auto&& into) {
    for (const std::string_view value : values) into.PutOrNull(value);
  });
  return out;
}

constexpr std::string_view kEvil = "'; DROP TABLE t; --";

TEST(PostgresRequest, ValuesAreNeverPartOfTheText) {
  const auto request = Read(Sql("SELECT {a}", {"a"}));
  const std::string bind =
      "\0"s + Only(request).Name() + "\0\0\1\0\0\0\1\0\0\0\x13"s + std::string(kEvil) + "\0\1\0\0"s;
  std::string length;
  PutInt32(static_cast<std::uint32_t>(bind.size() + 4), &length);
  EXPECT_EQ(BytesOf(Only(request), {kEvil}), "B" + length + bind + "E\0\0\0\x09\0\0\0\0\0"s);
}

TEST(PostgresRequest, AMissingValueIsNull) {
  const auto request = Read(Sql("SELECT {a}", {"a"}));
  EXPECT_THAT(BytesOf(Only(request), {std::string_view()}), HasSubstr("\0\1\xff\xff\xff\xff\0\1"s));
}

TEST(PostgresRequest, ANameStandsForItsTextAndItsTypes) {
  const auto one = Read(Sql("SELECT {a}", {"a"})), same = Read(Sql("SELECT {b}", {"b"}));
  const auto other = Read(Sql("SELECT {a} + 1", {"a"}));
  EXPECT_THAT(Only(one).Name(), ::testing::StartsWith("mbench_"));
  EXPECT_EQ(Only(one).Name(), Only(same).Name());
  EXPECT_NE(Only(one).Name(), Only(other).Name());
  EXPECT_NE(Only(one).Name(), Only(one).WithTypes({20}).Name());
}

TEST(PostgresRequest, WithoutANameTheTextGoesWithEachOp) {
  const auto request = Read(Sql("SELECT {a}", {"a"}), PrepareMode::kUnnamed);
  std::string out;
  Only(request).AppendParse(&out);
  EXPECT_EQ(out, "") << "nothing to be prepared before";
  EXPECT_EQ(BytesOf(Only(request).WithTypes({20}), {"5"}),
            "P\0\0\0\x15\0SELECT $1\0\0\1\0\0\0\x14"s
            "B\0\0\0\x15\0\0\0\1\0\0\0\1\0\0\0\x01"s
            "5\0\1\0\0"s
            "E\0\0\0\x09\0\0\0\0\0"s);
}

TEST(PostgresRequest, ASimpleQueryHasItsValuesAsLiterals) {
  const auto request = Read(Sql("SELECT {a}, '$1', {b}, {a}", {"a", "b"}), PrepareMode::kSimple);
  const Prepared statement = Only(request).WithTypes({20, 0});
  EXPECT_EQ(BytesOf(statement, {"5", kEvil}).substr(5),
            "SELECT '5'::bigint, '$1', '''; DROP TABLE t; --', '5'::bigint\0"s);
  EXPECT_THAT(BytesOf(statement, {"5", "a\\"}), HasSubstr("'$1',  E'a\\\\', "));
  EXPECT_THAT(BytesOf(statement, {"5", std::string_view()}), HasSubstr("'$1', NULL, "));
}

TEST(PostgresRequest, AParameterOfSeveralPlacesCanHaveOneForEach) {
  const auto request = Read(Sql("SELECT {a}, {b}, '{{a}} $1', {a}", {"a", "b"}));
  const Prepared apart = Only(request).WithParametersApart();
  EXPECT_EQ(apart.Sql(), "SELECT $1, $2, '{a} $1', $3");
  EXPECT_THAT(apart.Arguments(), ElementsAre(0, 1, 0));
}

TEST(PostgresRequest, QuotesCommentsTransactionsAndCopiesAreRefusedWithoutAServer) {
  EXPECT_THAT(Refusal(Sql("SELECT '{a}'", {"a"})), HasSubstr("leave the quotes out"));
  EXPECT_THAT(Refusal(Sql("SELECT $$ {a} $$", {"a"})), HasSubstr("leave the quotes out"));
  EXPECT_THAT(Refusal(Sql("SELECT 1 -- {a}", {"a"})), HasSubstr("in a comment"));
  EXPECT_THAT(Refusal(Sql("BEGIN")), HasSubstr("write transaction: ["));
  EXPECT_THAT(Refusal(Sql("COPY ev FROM STDIN")), HasSubstr("write copy: TABLE"));
}

TEST(PostgresRequest, BracesThatAreNoPlaceholderStay) {
  const auto request = Read(Sql("SELECT '{\"a\": 1}', '{{a}}'", {}));
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(Only(request).Sql(), "SELECT '{\"a\": 1}', '{a}'");
}

TEST(PostgresRequest, ATransactionHasTheDefaultsOfItsReadme) {
  const auto request = Read(Transfer());
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_TRUE(request->is_transaction);
  EXPECT_EQ(request->begin.Sql(), "BEGIN ISOLATION LEVEL read committed");
  EXPECT_THAT(request->retry_on, ElementsAre("40001", "40P01"));
  EXPECT_EQ(request->retry_times, 3u);
  EXPECT_EQ(request->steps.size(), 2u);
  EXPECT_EQ(request->steps[0].name, "debit");
  EXPECT_EQ(request->commit.Sql(), "COMMIT");
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
  EXPECT_THAT(Refusal({.name = "it"}), HasSubstr("expected one of sql, write"));
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
