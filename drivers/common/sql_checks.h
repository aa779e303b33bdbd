// SPDX-License-Identifier: Apache-2.0
//
// What a system that speaks SQL is asked of its data when a run is over:
//
//   {sql: "SELECT count(*) FROM prices WHERE price < 0", expect: 0}
//   {count: orders, where: "state = 'new'", expect: ">= 1000"}
//   {duplicates: orders, of: number}
//   {nulls: orders, of: [number, buyer]}
//   {referential: orders, of: buyer, to: customers.id}
//   {freshness: orders, of: created, at_most: 5s}
//   {rows: orders, of: [id, number], equal_to: replica}
//
// Each becomes one SQL text whose answer is one value.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "drivers/common/sql_text.h"
#include "drivers/common/value_check.h"
#include "drivers/statement_reader.h"

namespace mbench {

inline constexpr auto kSqlCheckWords = std::to_array<WordSpec>({
    {.name = "sql",
     .help = "an SQL text; the first value of its first row counts",
     .example = "\"SELECT count(*) FROM orders WHERE price < 0\"",
     .is_head = true,
     .where = kInCheck},
    {.name = "count",
     .help = "a table to count rows of",
     .example = "orders",
     .is_head = true,
     .where = kInCheck},
    {.name = "duplicates",
     .help = "a table, of whose rows no two may have the same values of `of`",
     .example = "orders",
     .is_head = true,
     .where = kInCheck},
    {.name = "nulls",
     .help = "a table, in whose rows no column of `of` may be NULL",
     .example = "orders",
     .is_head = true,
     .where = kInCheck},
    {.name = "referential",
     .help = "a table, whose column `of` may only hold what stands in `to`, or NULL",
     .example = "orders",
     .is_head = true,
     .where = kInCheck},
    {.name = "freshness",
     .help = "a table, whose newest row may not be older than `at_most`",
     .example = "orders",
     .is_head = true,
     .where = kInCheck},
    {.name = "rows",
     .help = "a table, whose rows are compared with those of another system: how many, and a hash "
             "of the columns `of`",
     .example = "orders",
     .is_head = true,
     .where = kInCheck},
    {.name = "of",
     .type = WordType::kTextOrList,
     .help = "columns",
     .example = "[number, buyer]",
     .of = "duplicates|nulls|referential|freshness|rows",
     .required = true,
     .where = kInCheck},
    {.name = "to",
     .help = "table and column that are referred to",
     .example = "customers.id",
     .of = "referential",
     .required = true,
     .where = kInCheck},
    {.name = "where",
     .help = "which rows, as an SQL condition",
     .example = "\"state = 'new'\"",
     .of = "count|duplicates|nulls|referential|rows",
     .where = kInCheck},
    {.name = "at_most",
     .type = WordType::kDuration,
     .help = "how old, by the clock of the system",
     .example = "5s",
     .of = "freshness",
     .required = true,
     .where = kInCheck},
    ExpectWord("sql|count|duplicates|nulls|referential"),
    EqualToWord("sql|count|rows"),
});

// A driver's words, and these.
template <std::size_t kCount>
constexpr auto WithSqlChecks(const std::array<WordSpec, kCount>& words) {
  std::array<WordSpec, kCount + kSqlCheckWords.size()> all{};
  std::copy(words.begin(), words.end(), all.begin());
  std::copy(kSqlCheckWords.begin(), kSqlCheckWords.end(), all.begin() + kCount);
  return all;
}

struct SqlCheck {
  ValueCheck value;
  std::string sql;
  Ticks at_most = 0;  // of an age in seconds; 0: the value is none
};

// What is wrong is added to `complaints`; `table`: words that have kSqlCheckWords among them.
SqlCheck ReadSqlCheck(const DriverWords& table, SqlDialect dialect, const StatementSpec& spec,
                      Complaints* complaints);

// `answer`: the first value; "": there was none, or NULL.
CheckResult JudgeSqlCheck(const SqlCheck& check, const std::string& answer);

}  // namespace mbench
