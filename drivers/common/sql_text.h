// SPDX-License-Identifier: Apache-2.0
//
// SQL as far as a driver has to know it before a server does: where a placeholder stands, and what
// a statement would do to the connection that others use after it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/statement_reader.h"

namespace mbench {

// Comments and quotes differ.
enum class SqlDialect { kMysql, kPostgres };

enum class SqlPlace { kCode, kQuotes, kComment };

// Where whatever follows `sql` would stand.
SqlPlace PlaceAtEnd(std::string_view sql, SqlDialect dialect);

// Its keywords and names outside of quotes and comments, in capital letters.
std::vector<std::string> SqlWords(std::string_view sql, SqlDialect dialect);

// Where the parameters $1, $2 ... of PostgreSQL stand: position, number.
std::vector<std::pair<std::size_t, std::size_t>> FindParameters(std::string_view sql);

// Why a text cannot be a statement of its own, or a step of a transaction: it would leave its
// connection in another state than it has found it in, or wait for ever. "": it can.
std::string WrongWithSql(std::string_view sql, SqlDialect dialect, bool is_step);

// Adds what is wrong with the SQL at `said`, which `text` was made of: also placeholders that would
// be none.
void CheckSql(const TextTemplate& text, std::span<const std::string> arguments, SqlDialect dialect,
              bool is_step, const ValueNode& said, StatementReader* reader);

}  // namespace mbench
