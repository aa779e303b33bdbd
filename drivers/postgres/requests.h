// SPDX-License-Identifier: Apache-2.0
//
// What the ops of a run are in SQL: verbs on a table of ours, and the statements of the workload
// file. Made once, then shared by all sessions.
//
// A {name} in a text becomes a parameter $n of a prepared statement, the same name the same n, and
// its value is sent beside the text: it can never be read as SQL.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/driver.h"
#include "drivers/postgres/wire.h"
#include "drivers/statement_reader.h"

namespace mbench::postgres {

// A prepared statement, and the parts of its messages that are the same each time.
class Prepared {
 public:
  Prepared() = default;
  // `format`: of parameters, where `parameters` is theirs, and of results.
  Prepared(std::string name, std::string sql, std::vector<std::uint16_t> arguments,
           std::uint16_t parameter_format, std::uint16_t result_format);

  const std::string& Name() const { return name_; }
  const std::string& Sql() const { return sql_; }
  // Which of Op::arguments is $1, $2, ...
  const std::vector<std::uint16_t>& Arguments() const { return arguments_; }

  void AppendParse(std::string* out) const;
  // Bind and Execute. `put_values` appends the parameters with PutValue, as many as Arguments().
  template <class PutValues>
  void AppendBind(std::string* out, PutValues put_values) const {
    const std::size_t begin = out->size();
    out->append(head_);
    put_values(out);
    out->append(result_format_);
    SetLength(begin + 1, out);
    out->append(execute_);
  }

 private:
  std::string name_, sql_;
  std::vector<std::uint16_t> arguments_;
  std::string head_, result_format_, execute_;
};

// Its table, and what the verbs are there. Keys and fields travel in binary format, which for text
// and bytea alike is their bytes.
class Verbs {
 public:
  Verbs() = default;
  // `table`: with its schema or without, as a person writes it. `type`: text or bytea.
  Verbs(const std::string& table, const std::string& type, std::uint16_t fields);

  std::string CreateTable() const;
  std::string CopyIn() const;

  const std::vector<Prepared>& All() const { return all_; }
  // The index in All() of what `op` is. REQUIRES: op.kind is a verb.
  std::size_t IndexOf(const Op& op) const;

 private:
  void Add(std::string sql, std::size_t parameters);

  std::string table_, type_;
  std::uint16_t fields_ = 1;
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
  };
  std::string name;
  Host host = Host::kPrimary;
  bool label_host = false;  // Completion::label says which host has answered
  bool is_transaction = false;
  std::vector<Step> steps;  // of no transaction: the only one
  Prepared begin;
  std::vector<std::string> retry_on;  // SQLSTATEs
  std::uint32_t retry_times = 0;
};

// Ends of transactions; their beginnings are in Request::begin.
const Prepared& Commit();
const Prepared& Rollback();

inline constexpr auto kRetryWords = std::to_array<WordSpec>({
    {.name = "on",
     .type = WordType::kList,
     .help = "SQLSTATEs; not said: 40001 and 40P01, a serialization failure and a deadlock",
     .example = "[40001, 40P01]"},
    RetryTimesWord(),
});
inline constexpr auto kWords = std::to_array<WordSpec>({
    {.name = "sql",
     .type = WordType::kTemplate,
     .help = "one SQL text; placeholders become parameters",
     .example = "\"SELECT name FROM users WHERE id = {id}\"",
     .is_head = true,
     .where = kInStatement | kInStep | kInSetUp},
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
    IsolationWord("read committed"),
    RetryWord("{on: [40001, 40P01], times: 3}", kRetryWords),
});

// The number is that of the statement among all. What is wrong is added to `complaints`.
Request ReadRequest(const StatementSpec& spec, std::size_t number, std::uint16_t result_format,
                    Complaints* complaints);

}  // namespace mbench::postgres
