// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/requests.h"

#include <algorithm>
#include <span>
#include <utility>

#include "drivers/postgres/wire.h"
#include "harness/base/text.h"
#include "harness/base/text_template.h"

namespace mbench::postgres {

// ---- prepared statements ----

Prepared::Prepared(std::string name, std::string sql, std::vector<std::uint16_t> arguments,
                   std::uint16_t parameter_format, std::uint16_t result_format)
    : name_(std::move(name)), sql_(std::move(sql)), arguments_(std::move(arguments)) {
  head_ = std::string("B\0\0\0\0\0", 6) + name_ + '\0';  // the portal has no name
  PutInt16(1, &head_);
  PutInt16(parameter_format, &head_);
  PutInt16(static_cast<std::uint16_t>(arguments_.size()), &head_);
  PutInt16(1, &result_format_);
  PutInt16(result_format, &result_format_);
  const MessageScope message('E', &execute_);
  execute_.push_back('\0');
  PutInt32(0, &execute_);  // all rows
}

void Prepared::AppendParse(std::string* out) const { postgres::AppendParse(name_, sql_, out); }

// ---- verbs ----

namespace {

enum Verb : std::size_t { kRead, kScan, kInsert, kUpdate, kDelete, kFirstOfFields };

// "field0, field1", each as `format` says with its number and that of its parameter.
template <class Format>
std::string EachField(std::uint16_t fields, Format format) {
  std::string text;
  for (int i = 0; i < fields; ++i) {
    if (i > 0) text += ", ";
    text += format(i);
  }
  return text;
}

}  // namespace

std::string QuoteIdentifiers(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c == '.' ? "\".\"" : std::string(1, c);
  }
  return quoted + '"';
}

Verbs::Verbs(const std::string& table, const std::string& type, std::uint16_t fields)
    : table_(QuoteIdentifiers(table)), type_(type), fields_(fields) {
  const std::string columns = EachField(fields, [](int i) { return fmt::format("field{}", i); });
  const auto assign = [](int i) { return fmt::format("field{} = ${}", i, i + 2); };
  const auto replace = [](int i) { return fmt::format("field{0} = EXCLUDED.field{0}", i); };
  const std::string parameters = EachField(fields, [](int i) { return fmt::format("${}", i + 2); });
  const std::size_t all = 1u + fields;
  // In the order of Verb.
  Add(fmt::format("SELECT {} FROM {} WHERE key = $1", columns, table_), 1);
  Add(fmt::format("SELECT key, {} FROM {} WHERE key >= $1 ORDER BY key LIMIT $2", columns, table_),
      2);
  Add(fmt::format("INSERT INTO {} (key, {}) VALUES ($1, {}) ON CONFLICT (key) DO UPDATE SET {}",
                  table_, columns, parameters, EachField(fields, replace)),
      all);
  Add(fmt::format("UPDATE {} SET {} WHERE key = $1", table_, EachField(fields, assign)), all);
  Add(fmt::format("DELETE FROM {} WHERE key = $1", table_), 1);
  for (int i = 0; i < fields; ++i) {
    Add(fmt::format("SELECT field{} FROM {} WHERE key = $1", i, table_), 1);
    Add(fmt::format("UPDATE {} SET field{} = $2 WHERE key = $1", table_, i), 2);
  }
}

void Verbs::Add(std::string sql, std::size_t parameters) {
  all_.emplace_back(fmt::format("v{}", all_.size()), std::move(sql),
                    std::vector<std::uint16_t>(parameters), kBinaryFormat, kBinaryFormat);
}

std::size_t Verbs::IndexOf(const Op& op) const {
  const std::size_t of_field = kFirstOfFields + 2u * op.field;
  switch (op.kind) {
    case OpKind::kRead:
      return op.field == kAllFields ? std::size_t{kRead} : of_field;
    case OpKind::kUpdate:
      return op.field == kAllFields ? std::size_t{kUpdate} : of_field + 1;
    case OpKind::kInsert:
      return kInsert;
    case OpKind::kScan:
      return kScan;
    default:
      return kDelete;
  }
}

// Keys compare as bytes, as they do in every driver.
std::string Verbs::CreateTable() const {
  const auto column = [this](int i) { return fmt::format("field{} {}", i, type_); };
  return fmt::format("CREATE TABLE {} (key {}{} PRIMARY KEY, {})", table_, type_,
                     type_ == "text" ? " COLLATE \"C\"" : "", EachField(fields_, column));
}

std::string Verbs::CopyIn() const {
  return fmt::format("COPY {} FROM STDIN (FORMAT binary)", table_);
}

// ---- statements ----

namespace {

// {name} -> $n.
Prepared PrepareSql(std::string name, const TextTemplate& text, std::uint16_t result_format) {
  std::string sql;
  std::vector<std::uint16_t> used;
  for (const TextTemplate::Piece& piece : text.Pieces()) {
    sql += piece.text;
    if (piece.argument == TextTemplate::kNoArgument) continue;
    const auto argument = static_cast<std::uint16_t>(piece.argument);
    auto found = std::ranges::find(used, argument);
    if (found == used.end()) found = used.insert(found, argument);
    sql += fmt::format("${}", found - used.begin() + 1);
  }
  return Prepared(std::move(name), std::move(sql), std::move(used), kTextFormat, result_format);
}

Request::Step ReadStep(StatementReader* reader, std::string name, std::uint16_t result_format) {
  const ValueNode* const said = reader->Find("sql");
  if (said != nullptr && Trim(said->text).empty())
    reader->Complain(*said, "sql is empty; write sql: \"SELECT ...\"");
  return {.name = reader->Statement().name,
          .statement = PrepareSql(std::move(name), reader->Template("sql"), result_format)};
}

Prepared BeginOf(const StatementReader& reader) {
  const std::string level = reader.Text("isolation");
  std::string name = "begin_" + level;
  std::ranges::replace(name, ' ', '_');
  return Prepared(std::move(name), fmt::format("BEGIN ISOLATION LEVEL {}", level), {}, kTextFormat,
                  kTextFormat);
}

void ReadRetry(StatementReader* reader, Request* request) {
  const WordMap retry(kRetryWords, reader->Find("retry"));
  request->retry_times = static_cast<std::uint32_t>(retry.Count("times"));
  request->retry_on = {"40001", "40P01"};
  const ValueNode* const on = retry.Find("on");
  if (on == nullptr) return;
  request->retry_on.clear();
  for (const ValueNode& code : on->children) {
    constexpr std::size_t kCodeSize = 5;
    if (code.text.size() != kCodeSize) {
      reader->Complain(code,
                       fmt::format("{} is no SQLSTATE; expected five characters such as 40001",
                                   Quote(TextOf(code))));
    }
    request->retry_on.push_back(code.text);
  }
}

}  // namespace

Request ReadRequest(const StatementSpec& spec, std::size_t number, std::uint16_t result_format,
                    Complaints* complaints) {
  const DriverWords table{"postgres", kWords};
  Request request{.name = spec.name, .is_transaction = !spec.steps.empty()};
  StatementReader reader(table, spec, complaints);
  request.host = reader.Text("host") == "replica" ? Host::kReplica : Host::kPrimary;
  request.label_host = reader.Says("label");
  if (!request.is_transaction) {
    request.steps.push_back(ReadStep(&reader, fmt::format("s{}", number), result_format));
    return request;
  }
  request.begin = BeginOf(reader);
  ReadRetry(&reader, &request);
  for (const StatementSpec& step : spec.steps) {
    StatementReader step_reader(table, step, spec, complaints);
    request.steps.push_back(
        ReadStep(&step_reader, fmt::format("t{}_{}", number, request.steps.size()), result_format));
  }
  return request;
}

const Prepared& Commit() {
  static const Prepared kCommit("commit", "COMMIT", {}, kTextFormat, kTextFormat);
  return kCommit;
}

const Prepared& Rollback() {
  static const Prepared kRollback("rollback", "ROLLBACK", {}, kTextFormat, kTextFormat);
  return kRollback;
}

}  // namespace mbench::postgres
