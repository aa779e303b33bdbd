// SPDX-License-Identifier: Apache-2.0
//
// What the ops of a run are in SQL: verbs on a table of ours, and the statements of the workload
// file. Made once, then shared by all sessions.
//
// A {name} in a text becomes a parameter $n of a prepared statement, the same name the same n, and
// its value is sent beside the text: it can never be read as SQL. (With `prepare: simple` it is
// sent as a quoted literal.)
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/common/sql_checks.h"
#include "drivers/common/version_words.h"
#include "drivers/driver.h"
#include "drivers/postgres/point_arrays.h"
#include "drivers/postgres/point_rows.h"
#include "drivers/postgres/values.h"
#include "drivers/postgres/wire.h"
#include "drivers/statement_reader.h"

namespace mbench::postgres {

// How the server takes a text (option prepare).
enum class PrepareMode : std::uint8_t {
  kNamed,    // prepared once on a connection
  kUnnamed,  // prepared for each op, in the same batch: a pooler may change the connection between
  kSimple,   // one query with the values in it, as psql sends it
};

// A text with parameters, and the parts of its messages that are the same each time.
class Prepared {
 public:
  // What is asked for: of parameters, where there are any, and of results.
  struct Formats {
    std::uint16_t parameters = kTextFormat, results = kTextFormat;
  };

  Prepared() = default;
  // `arguments`: which of Op::arguments is $1, $2, ...
  Prepared(std::string sql, std::vector<std::uint16_t> arguments, Formats formats,
           PrepareMode mode);
  // The same text with types of its parameters (numbers of PostgreSQL; 0: as the server infers).
  Prepared WithTypes(std::vector<std::uint32_t> types) const;
  // The same text with a parameter of its own for each place, where one has several.
  Prepared WithParametersApart() const;

  // Stands for the text and the types: whoever else has a statement of that name means the same.
  // "": it has none.
  const std::string& Name() const { return name_; }
  const std::string& Sql() const { return sql_; }
  const std::vector<std::uint16_t>& Arguments() const { return arguments_; }
  const std::vector<std::uint32_t>& Types() const { return types_; }
  bool IsSimple() const { return mode_ == PrepareMode::kSimple; }

  // Closes what has that name (nothing is no error) and prepares it. Nothing without a name.
  void AppendParse(std::string* out) const;
  // What runs it. `put_values(into)` gives the parameters, as many as Arguments(), to into.Put,
  // PutOrNull or PutNumber.
  template <class PutValues>
  void AppendRun(std::string* out, PutValues put_values) const {
    if (IsSimple()) [[unlikely]] {
      Literals literals;
      put_values(literals);
      return AppendQuery(TextWith(literals), out);
    }
    const std::size_t begin = out->size();
    out->append(head_);
    put_values(Parameters{out});
    out->append(result_format_);
    SetLength(begin + length_at_, out);
    out->append(execute_);
  }
  // The query of kSimple.
  std::string TextWith(const Literals& literals) const;

 private:
  void MakeMessages();

  std::string name_, sql_;
  std::vector<std::uint16_t> arguments_;
  std::vector<std::uint32_t> types_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;  // of $n in the text: position, n
  Formats formats_;
  PrepareMode mode_ = PrepareMode::kNamed;
  std::string head_, result_format_, execute_;
  std::size_t length_at_ = 1;  // of Bind, in the head
};

// Its table, and what the verbs are there. Keys and fields travel in binary format, which for text
// and bytea alike is their bytes.
class Verbs {
 public:
  Verbs() = default;
  // `table`: with its schema or without, as a person writes it. `type`: text or bytea.
  Verbs(const std::string& table, const std::string& type, std::uint16_t fields,
        PrepareMode mode = PrepareMode::kNamed);

  std::string CreateTable() const;
  std::string CopyIn() const;

  const std::vector<Prepared>& All() const { return all_; }
  // The index in All() of what `op` is. REQUIRES: op.kind is a verb.
  std::size_t IndexOf(const Op& op) const;

 private:
  void Add(std::string sql, std::size_t parameters);

  std::string table_, type_;
  std::uint16_t fields_ = 1;
  PrepareMode mode_ = PrepareMode::kNamed;
  std::vector<Prepared> all_;
};

// "a.b" as identifiers: "a"."b".
std::string QuoteIdentifiers(std::string_view name);

enum class Host : std::uint8_t { kPrimary, kReplica };

// One statement of the workload file, a transaction or not.
struct Request {
  struct Step {
    std::string name;
    Prepared statement;
    PointArrays arrays;    // its parameters are these and no arguments, unless it is empty
    PointRows rows;        // it is a COPY of these, unless it is empty
    bool settled = false;  // the server has seen it, and its parameters have types
  };
  std::string name;
  Host host = Host::kPrimary;
  bool label_host = false;  // Completion::label says which host has answered
  bool reads = false;       // its first value is a version
  bool is_transaction = false;
  std::vector<Step> steps;       // of no transaction: the only one
  std::vector<ValueType> types;  // of Op::arguments
  Prepared begin, commit, rollback;
  std::vector<std::string> retry_on;  // SQLSTATEs
  std::uint32_t retry_times = 0;
};

inline constexpr auto kRetryWords = std::to_array<WordSpec>({
    {.name = "on",
     .type = WordType::kList,
     .help = "SQLSTATEs; not said: 40001 and 40P01, a serialization failure and a deadlock",
     .example = "[40001, 40P01]"},
    RetryTimesWord(),
});
constexpr std::string_view kPointHeads = "write|copy";
inline constexpr auto kWords = WithSqlChecks(std::to_array<WordSpec>({
    {.name = "sql",
     .type = WordType::kTemplate,
     .help = "one SQL text; placeholders become parameters",
     .example = "\"SELECT name FROM users WHERE id = {id}\"",
     .is_head = true,
     .where = kInStatement | kInStep | kInSetUp},
    WriteWord("table that points are written to, a row each; with a fleet its points",
              kInStatement),
    {.name = "copy",
     .type = WordType::kText,
     .help = "the same by COPY, which is quicker for long batches and has no clauses",
     .example = "sensors",
     .is_head = true,
     .where = kInStatement},
    TagsWord("columns of each row; values are texts", kInStatement, kPointHeads),
    FieldsWord("columns of each row", kInStatement, kPointHeads),
    PointTimeWord("the column \"time\": ns since 1970, made a timestamptz", kInStatement,
                  kPointHeads),
    PointBatchWord(kInStatement, kPointHeads),
    {.name = "host",
     .type = WordType::kChoice,
     .help = "which server it goes to",
     .example = "replica",
     .fallback = "primary",
     .choices = "primary|replica",
     .where = kInStatement | kInTransaction | kInSetUp},
    {.name = "label",
     .type = WordType::kChoice,
     .help = "splits the results by the server that has answered",
     .example = "host",
     .choices = "host",
     .where = kInStatement | kInTransaction},
    WritesWord("sql"),
    SqlReadsWord("sql"),
    IsolationWord("read committed"),
    RetryWord("{on: [40001, 40P01], times: 3}", kRetryWords),
}));

// How a run wants its statements.
struct RequestFormat {
  std::uint16_t results = kTextFormat;
  PrepareMode mode = PrepareMode::kNamed;
};

// What is wrong is added to `complaints`.
Request ReadRequest(const StatementSpec& spec, const RequestFormat& format, Complaints* complaints);

}  // namespace mbench::postgres
