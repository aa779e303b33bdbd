// SPDX-License-Identifier: Apache-2.0
//
// SQL with placeholders, as it stands in a workload file, turned into what is prepared and sent.
//
//   {sql: "SELECT name FROM users WHERE id = {id}"}
//   {transaction: [{name: debit, sql: "..."}, {name: credit, sql: "..."}],
//    isolation: serializable, retry: {on: [1213, 1205], times: 3}}
//
// A placeholder becomes a parameter (?) and never part of the text. The server does not say what
// type it expects, so a parameter has that of its generator.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "drivers/common/sql_checks.h"
#include "drivers/common/version_words.h"
#include "drivers/statement_reader.h"

namespace mbench::mysql {

// One text to be prepared.
struct SqlText {
  std::string name;                    // of the step or the statement
  std::string sql;                     // with ? for parameters
  std::vector<std::size_t> arguments;  // of each ?: which of Op::arguments
  std::vector<ValueType> types;        // of each ?
};

struct Statement {
  std::vector<SqlText> steps;  // a transaction has several
  bool transaction = false;
  bool reads = false;              // its first value is a version
  std::string isolation;           // "REPEATABLE READ"; "": as the server has it
  std::vector<unsigned> retry_on;  // error numbers
  unsigned retries = 0;
};

inline constexpr auto kRetryWords = std::to_array<WordSpec>({
    {.name = "on",
     .type = WordType::kList,
     .help = "error numbers; not said: 1213 and 1205, a deadlock and a lock that did not come",
     .example = "[1213, 1205]"},
    RetryTimesWord(),
});
inline constexpr auto kWords = WithSqlChecks(std::to_array<WordSpec>({
    {.name = "sql",
     .type = WordType::kTemplate,
     .help = "one SQL text; placeholders become parameters",
     .example = "\"SELECT name FROM users WHERE id = {id}\"",
     .is_head = true,
     .where = kInStatement | kInStep | kInSetUp},
    WritesWord(),
    SqlReadsWord(),
    IsolationWord(""),
    RetryWord("{on: [1213, 1205], times: 3}", kRetryWords),
}));

// What is wrong is added to `complaints`.
Statement ReadStatement(const StatementSpec& spec, Complaints* complaints);

}  // namespace mbench::mysql
