// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/sql_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr std::size_t kNoEnd = std::string_view::npos;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordPart(char c) {
  return c == '_' || IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c < 0;
}

// What begins at a place of a text and is no code; `end` is there too when code begins.
struct Skipped {
  std::size_t end;  // kNoEnd: it goes on behind the text
  SqlPlace place;
};

// A quote that is doubled begins a string anew, which comes to the same.
Skipped SkipQuotes(std::string_view sql, std::size_t at, bool escapes) {
  const char quote = sql[at];
  for (std::size_t i = at + 1; i < sql.size(); ++i) {
    if (escapes && sql[i] == '\\') {
      ++i;
    } else if (sql[i] == quote) {
      return {i + 1, SqlPlace::kQuotes};
    }
  }
  return {kNoEnd, SqlPlace::kQuotes};
}

Skipped SkipLine(std::string_view sql, std::size_t at) {
  return {sql.find('\n', at), SqlPlace::kComment};
}

// Those of PostgreSQL may have others in them.
Skipped SkipComment(std::string_view sql, std::size_t at, bool nests) {
  int depth = 0;
  for (std::size_t i = at; i + 1 < sql.size(); ++i) {
    const std::string_view two = sql.substr(i, 2);
    if (two == "/*" && (nests || depth == 0)) {
      ++depth;
      ++i;
    } else if (two == "*/") {
      if (--depth == 0) return {i + 2, SqlPlace::kComment};
      ++i;
    }
  }
  return {kNoEnd, SqlPlace::kComment};
}

// $tag$ text $tag$
Skipped SkipDollars(std::string_view sql, std::size_t at) {
  std::size_t end = at + 1;
  while (end < sql.size() && IsWordPart(sql[end])) ++end;
  const bool begins = end < sql.size() && sql[end] == '$' && !IsDigit(sql[at + 1]) &&
                      (at == 0 || !IsWordPart(sql[at - 1]));
  if (!begins) return {at, SqlPlace::kCode};
  const std::string_view tag = sql.substr(at, end + 1 - at);
  const std::size_t close = sql.find(tag, end + 1);
  return {close == kNoEnd ? kNoEnd : close + tag.size(), SqlPlace::kQuotes};
}

// "--" of MySQL needs a blank behind it: 5--1 is 6.
Skipped SkipMysql(std::string_view sql, std::size_t at) {
  const char next = at + 1 < sql.size() ? sql[at + 1] : ' ';
  switch (sql[at]) {
    case '\'':
    case '"':
      return SkipQuotes(sql, at, true);
    case '`':
      return SkipQuotes(sql, at, false);
    case '#':
      return SkipLine(sql, at);
    case '-': {
      const bool blank = at + 2 >= sql.size() || (sql[at + 2] >= 0 && sql[at + 2] <= ' ');
      if (next == '-' && blank) return SkipLine(sql, at);
      break;
    }
    case '/': {
      // /*! and /*M! are code for this server.
      const std::string_view behind = sql.substr(std::min(at + 2, sql.size()));
      const bool is_code = behind.starts_with('!') || behind.starts_with("M!");
      if (next == '*' && !is_code) return SkipComment(sql, at, false);
      break;
    }
    default:
      break;
  }
  return {at, SqlPlace::kCode};
}

Skipped SkipPostgres(std::string_view sql, std::size_t at) {
  const char next = at + 1 < sql.size() ? sql[at + 1] : ' ';
  switch (sql[at]) {
    case '\'': {
      const bool escapes = at > 0 && (sql[at - 1] == 'E' || sql[at - 1] == 'e') &&
                           (at == 1 || !IsWordPart(sql[at - 2]));
      return SkipQuotes(sql, at, escapes);
    }
    case '"':
      return SkipQuotes(sql, at, false);
    case '-':
      if (next == '-') return SkipLine(sql, at);
      break;
    case '/':
      if (next == '*') return SkipComment(sql, at, true);
      break;
    case '$':
      return SkipDollars(sql, at);
    default:
      break;
  }
  return {at, SqlPlace::kCode};
}

// Calls on_code(position) for every character that is code; where the end stands.
template <class OnCode>
SqlPlace Scan(std::string_view sql, SqlDialect dialect, OnCode on_code) {
  for (std::size_t at = 0; at < sql.size();) {
    const Skipped skipped =
        dialect == SqlDialect::kMysql ? SkipMysql(sql, at) : SkipPostgres(sql, at);
    if (skipped.end == kNoEnd) return skipped.place;
    if (skipped.end == at) on_code(at);
    at = std::max(skipped.end, at + 1);
  }
  return SqlPlace::kCode;
}

constexpr auto kTransactionWords = std::to_array<std::string_view>(
    {"ABORT", "BEGIN", "COMMIT", "END", "RELEASE", "ROLLBACK", "SAVEPOINT", "START", "XA"});

bool Follow(const std::vector<std::string>& words, std::string_view first,
            std::string_view second) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == first && words[i + 1] == second) return true;
  return false;
}

// BEGIN NOT ATOMIC ... END is a block of MariaDB; START SLAVE and others begin no transaction.
bool RulesTransaction(const std::vector<std::string>& words) {
  const std::string_view second = words.size() > 1 ? std::string_view(words[1]) : "";
  if (words[0] == "BEGIN") return second != "NOT";
  if (words[0] == "START") return second == "TRANSACTION";
  if (words[0] == "PREPARE") return second == "TRANSACTION";
  return std::ranges::find(kTransactionWords, words[0]) != kTransactionWords.end();
}

// Within a transaction savepoints are its own business.
bool IsOfSavepoint(const std::vector<std::string>& words) {
  return words[0] == "SAVEPOINT" || words[0] == "RELEASE" ||
         (words[0] == "ROLLBACK" && std::ranges::find(words, "TO") != words.end());
}

}  // namespace

SqlPlace PlaceAtEnd(std::string_view sql, SqlDialect dialect) {
  return Scan(sql, dialect, [](std::size_t) {});
}

std::vector<std::string> SqlWords(std::string_view sql, SqlDialect dialect) {
  std::vector<std::string> words;
  std::size_t end = kNoEnd;  // of the last word
  Scan(sql, dialect, [&](std::size_t at) {
    if (!IsWordPart(sql[at])) return;
    if (end != at) words.emplace_back();
    end = at + 1;
    const bool small = sql[at] >= 'a' && sql[at] <= 'z';
    words.back() += small ? static_cast<char>(sql[at] - 'a' + 'A') : sql[at];
  });
  std::erase_if(words, [](const std::string& word) { return IsDigit(word[0]); });
  return words;
}

std::vector<std::pair<std::size_t, std::size_t>> FindParameters(std::string_view sql) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  Scan(sql, SqlDialect::kPostgres, [&](std::size_t at) {
    std::size_t number = 0;
    if (sql[at] != '$' || (at > 0 && IsWordPart(sql[at - 1]))) return;
    const auto parsed = std::from_chars(sql.data() + at + 1, sql.data() + sql.size(), number);
    if (parsed.ec == std::errc{} && number > 0) found.emplace_back(at, number);
  });
  return found;
}

std::string WrongWithSql(std::string_view sql, SqlDialect dialect, bool is_step) {
  const std::vector<std::string> words = SqlWords(sql, dialect);
  if (words.empty()) return "";
  if (words[0] == "COPY" && Follow(words, "FROM", "STDIN")) {
    return "COPY ... FROM STDIN waits for rows, and this statement has none to send; write copy: "
           "TABLE, which sends those of a batch, INSERT, or COPY from a file of the server";
  }
  const bool autocommit =
      words[0] == "SET" && std::ranges::find(words, "AUTOCOMMIT") != words.end();
  if (!autocommit && !RulesTransaction(words)) return "";
  if (is_step && IsOfSavepoint(words)) return "";
  const std::string what = autocommit ? "SET autocommit" : words[0];
  if (is_step) {
    return fmt::format(
        "{} does not go with a step; the transaction around it is begun and ended "
        "already",
        what);
  }
  return fmt::format(
      "{} would leave its connection with a transaction that other ops come into, "
      "or end one of theirs; write transaction: [{{sql: \"...\"}}, ...]",
      what);
}

void CheckSql(const TextTemplate& text, std::span<const std::string> arguments, SqlDialect dialect,
              bool is_step, const ValueNode& said, StatementReader* reader) {
  std::string sql;
  for (const TextTemplate::Piece& piece : text.Pieces()) {
    sql += piece.text;
    if (piece.argument == TextTemplate::kNoArgument) continue;
    const SqlPlace place = PlaceAtEnd(sql, dialect);
    const std::string& name = arguments[piece.argument];
    if (place == SqlPlace::kQuotes) {
      reader->Complain(said, fmt::format("{{{}}} stands in quotes, where it is only text; leave "
                                         "the quotes out",
                                         name));
    } else if (place == SqlPlace::kComment) {
      reader->Complain(said, fmt::format("{{{}}} stands in a comment, where it is only text; "
                                         "write {{{{{}}}}} for the text",
                                         name, name));
    }
    sql += '?';
  }
  if (Trim(sql).empty()) {
    reader->Complain(said, "sql is empty; write sql: \"SELECT ...\"");
  } else if (const std::string wrong = WrongWithSql(sql, dialect, is_step); !wrong.empty()) {
    reader->Complain(said, wrong);
  }
}

}  // namespace mbench
