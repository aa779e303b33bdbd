// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/sql_text.h"

#include <gmock/gmock.h>

namespace mbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using enum SqlDialect;
using enum SqlPlace;

TEST(SqlText, KnowsQuotesAndCommentsOfMysql) {
  EXPECT_EQ(PlaceAtEnd("SELECT ", kMysql), kCode);
  EXPECT_EQ(PlaceAtEnd("SELECT '", kMysql), kQuotes);
  EXPECT_EQ(PlaceAtEnd("SELECT 'it''s', ", kMysql), kCode);
  EXPECT_EQ(PlaceAtEnd("SELECT 'a\\'b', 1, '", kMysql), kQuotes);
  EXPECT_EQ(PlaceAtEnd("SELECT \"x `", kMysql), kQuotes);
  EXPECT_EQ(PlaceAtEnd("-- it's late\nSELECT ", kMysql), kCode);
  EXPECT_EQ(PlaceAtEnd("SELECT 1 -- of ", kMysql), kComment);
  EXPECT_EQ(PlaceAtEnd("SELECT 1 # of ", kMysql), kComment);
  EXPECT_EQ(PlaceAtEnd("SELECT 5--", kMysql), kComment) << "nothing behind it";
  EXPECT_EQ(PlaceAtEnd("SELECT 5--1", kMysql), kCode) << "5 minus -1";
  EXPECT_EQ(PlaceAtEnd("/* don't */ SELECT ", kMysql), kCode);
  EXPECT_EQ(PlaceAtEnd("/* a /* b */ SELECT ", kMysql), kCode) << "they do not nest";
  EXPECT_EQ(PlaceAtEnd("SELECT /*+ MAX_EXECUTION_TIME(", kMysql), kComment);
  EXPECT_EQ(PlaceAtEnd("SELECT /*!50000 ", kMysql), kCode) << "the server reads it";
}

TEST(SqlText, KnowsQuotesAndCommentsOfPostgres) {
  EXPECT_EQ(PlaceAtEnd("SELECT 'a\\', ", kPostgres), kCode) << "a backslash is one";
  EXPECT_EQ(PlaceAtEnd("SELECT E'a\\', ", kPostgres), kQuotes);
  EXPECT_EQ(PlaceAtEnd("SELECT date'a\\', ", kPostgres), kCode) << "the end of another word";
  EXPECT_EQ(PlaceAtEnd("SELECT 5--", kPostgres), kComment);
  EXPECT_EQ(PlaceAtEnd("SELECT 5 # ", kPostgres), kCode) << "an operator";
  EXPECT_EQ(PlaceAtEnd("/* a /* b */ ", kPostgres), kComment) << "they nest";
  EXPECT_EQ(PlaceAtEnd("/* a /* b */ */ SELECT ", kPostgres), kCode);
  EXPECT_EQ(PlaceAtEnd("DO $$ BEGIN ", kPostgres), kQuotes);
  EXPECT_EQ(PlaceAtEnd("DO $a$ $$ ' $a$ ", kPostgres), kCode);
  EXPECT_EQ(PlaceAtEnd("SELECT $1 || '$$' || $2", kPostgres), kCode);
  EXPECT_EQ(PlaceAtEnd("SELECT a$b$ ", kPostgres), kCode) << "a name";
}

TEST(SqlText, WordsAreThoseOfTheCode) {
  EXPECT_THAT(SqlWords("/* BEGIN */ begin/**/work; 'x' 5", kPostgres),
              ElementsAre("BEGIN", "WORK"));
  EXPECT_THAT(SqlWords("set @@autocommit=0", kMysql), ElementsAre("SET", "AUTOCOMMIT"));
}

TEST(SqlText, ParametersStandInTheCode) {
  EXPECT_THAT(FindParameters("SELECT $2, '$1', \"$3\", a$1, $12"),
              ElementsAre(std::pair<std::size_t, std::size_t>(7, 2),
                          std::pair<std::size_t, std::size_t>(28, 12)));
}

TEST(SqlText, WhatRulesATransactionIsNoStatementOfItsOwn) {
  for (const char* sql :
       {"BEGIN", "-- x\nbegin work", "START TRANSACTION READ ONLY", "COMMIT", "rollback to a",
        "SAVEPOINT a", "END", "/*!50000 BEGIN */", "PREPARE TRANSACTION 'a'"}) {
    EXPECT_THAT(WrongWithSql(sql, kMysql, false), HasSubstr("write transaction: [")) << sql;
  }
  EXPECT_THAT(WrongWithSql("SET SESSION autocommit = OFF", kMysql, false),
              HasSubstr("SET autocommit would leave"));
  for (const char* sql : {"SELECT 'BEGIN'", "BEGIN NOT ATOMIC SELECT 1; END", "START SLAVE",
                          "SET @a = 1", "UPDATE begin SET a = 1", ""}) {
    EXPECT_EQ(WrongWithSql(sql, kMysql, false), "") << sql;
  }
  EXPECT_EQ(WrongWithSql("DO $$ BEGIN END $$", kPostgres, false), "");
}

TEST(SqlText, AStepMayHaveSavepointsAndNothingElse) {
  EXPECT_EQ(WrongWithSql("SAVEPOINT a", kMysql, true), "");
  EXPECT_EQ(WrongWithSql("ROLLBACK TO SAVEPOINT a", kMysql, true), "");
  EXPECT_THAT(WrongWithSql("COMMIT AND CHAIN", kMysql, true), HasSubstr("does not go with a step"));
  EXPECT_THAT(WrongWithSql("ROLLBACK", kMysql, true), HasSubstr("does not go with a step"));
}

TEST(SqlText, ACopyThatWaitsForRowsIsRefused) {
  EXPECT_THAT(WrongWithSql("COPY ev (a, b) FROM /* in */ stdin CSV", kPostgres, false),
              HasSubstr("write copy: TABLE"));
  EXPECT_EQ(WrongWithSql("COPY ev FROM '/tmp/stdin'", kPostgres, false), "");
  EXPECT_EQ(WrongWithSql("COPY (SELECT 1) TO STDOUT", kPostgres, false), "");
}

}  // namespace
}  // namespace mbench
