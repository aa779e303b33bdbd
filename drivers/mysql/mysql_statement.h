// SPDX-License-Identifier: Apache-2.0
//
// SQL with placeholders, as it stands in a workload file, turned into what is prepared and sent.
//
//   {sql: "SELECT name FROM users WHERE id = {id}"}
//   {transaction: [{name: debit, sql: "..."}, {name: credit, sql: "..."}],
//    isolation: serializable, retry: {on: [1213, 1205], times: 3}}
//
// A placeholder becomes a parameter (?) and never part of the text, so quotes around it would make
// it a question mark in a string; that is refused.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "drivers/statement.h"
#include "harness/base/result.h"

namespace mbench::mysql {

// One text to be prepared.
struct SqlText {
  std::string name;                    // of the step or the statement
  std::string sql;                     // with ? for parameters
  std::vector<std::size_t> arguments;  // of each ?: which of Op::arguments
};

struct Statement {
  std::vector<SqlText> steps;  // a transaction has several
  bool transaction = false;
  std::string isolation;           // "REPEATABLE READ"; "": as the server has it
  std::vector<unsigned> retry_on;  // error numbers
  unsigned retries = 0;
};

// Fails with kUsage, naming the statement.
Result<std::vector<Statement>> ReadStatements(std::span<const StatementSpec> specs);

}  // namespace mbench::mysql
