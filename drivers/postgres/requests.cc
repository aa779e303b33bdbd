// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/requests.h"

#include <algorithm>
#include <span>
#include <utility>

#include "drivers/common/sql_text.h"
#include "drivers/postgres/types.h"
#include "drivers/postgres/wire.h"
#include "harness/base/text.h"
#include "harness/base/text_hash.h"
#include "harness/base/text_template.h"

namespace mbench::postgres {

// ---- prepared statements ----

namespace {

std::string NameOf(std::string_view sql, const std::vector<std::uint32_t>& types) {
  std::uint64_t hash = HashText(sql);
  for (const std::uint32_t type : types) hash = HashText(std::to_string(type) + ',', hash);
  return fmt::format("mbench_{:016x}", hash);
}

}  // namespace

Prepared::Prepared(std::string sql, std::vector<std::uint16_t> arguments, Formats formats,
                   PrepareMode mode)
    : sql_(std::move(sql)), arguments_(std::move(arguments)), formats_(formats), mode_(mode) {
  MakeMessages();
}

Prepared Prepared::WithTypes(std::vector<std::uint32_t> types) const {
  Prepared made = *this;
  made.types_ = std::move(types);
  made.MakeMessages();
  return made;
}

Prepared Prepared::WithParametersApart() const {
  std::string sql;
  std::vector<std::uint16_t> arguments;
  std::size_t end = 0;
  for (const auto& [at, number] : places_) {
    arguments.push_back(arguments_[number - 1]);
    sql.append(sql_, end, at - end).append(fmt::format("${}", arguments.size()));
    end = at + 1 + std::to_string(number).size();
  }
  sql.append(sql_, end);
  return Prepared(std::move(sql), std::move(arguments), formats_, mode_);
}

// The portal has no name.
void Prepared::MakeMessages() {
  name_ = mode_ == PrepareMode::kNamed ? NameOf(sql_, types_) : "";
  places_ = FindParameters(sql_);
  std::erase_if(places_, [this](const auto& place) { return place.second > arguments_.size(); });
  head_.clear(), result_format_.clear(), execute_.clear();
  if (mode_ == PrepareMode::kUnnamed) postgres::AppendParse("", sql_, types_, &head_);
  length_at_ = head_.size() + 1;
  head_ += std::string("B\0\0\0\0\0", 6) + name_ + '\0';
  PutInt16(1, &head_);
  PutInt16(formats_.parameters, &head_);
  PutInt16(static_cast<std::uint16_t>(arguments_.size()), &head_);
  PutInt16(1, &result_format_);
  PutInt16(formats_.results, &result_format_);
  const MessageScope message('E', &execute_);
  execute_.push_back('\0');
  PutInt32(0, &execute_);  // all rows
}

void Prepared::AppendParse(std::string* out) const {
  if (name_.empty()) return;
  AppendClose(name_, out);
  postgres::AppendParse(name_, sql_, types_, out);
}

std::string Prepared::TextWith(const Literals& literals) const {
  std::string text;
  std::size_t end = 0;
  for (const auto& [at, number] : places_) {
    const std::size_t index = number - 1;
    text.append(sql_, end, at - end).append(literals.All()[index]);
    if (index < types_.size() && types_[index] != 0)
      text.append("::").append(TypeName(types_[index]));
    end = at + 1 + std::to_string(number).size();
  }
  return text.append(sql_, end);
}

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

Verbs::Verbs(const std::string& table, const std::string& type, std::uint16_t fields,
             PrepareMode mode)
    : table_(QuoteIdentifiers(table)), type_(type), fields_(fields), mode_(mode) {
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
  all_.emplace_back(std::move(sql), std::vector<std::uint16_t>(parameters),
                    Prepared::Formats{kBinaryFormat, kBinaryFormat}, mode_);
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
Prepared PrepareSql(const TextTemplate& text, const RequestFormat& format) {
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
  return Prepared(std::move(sql), std::move(used), {kTextFormat, format.results}, format.mode);
}

// A parameter for each column, whichever arguments that has.
Request::Step ReadPoints(StatementReader* reader, const RequestFormat& format) {
  Request::Step step{.name = reader->Statement().name,
                     .arrays = PointArrays(ReadPointShape(reader))};
  step.statement = Prepared(step.arrays.Sql(), std::vector<std::uint16_t>(step.arrays.Columns()),
                            {kTextFormat, format.results}, format.mode);
  return step;
}

// The rows travel behind it.
Request::Step ReadCopy(StatementReader* reader, const RequestFormat& format) {
  Request::Step step{.name = reader->Statement().name, .rows = PointRows(ReadPointShape(reader))};
  step.statement = Prepared(step.rows.Sql(), {}, {kTextFormat, format.results}, format.mode);
  return step;
}

Request::Step ReadStep(StatementReader* reader, std::span<const std::string> arguments,
                       bool is_step, const RequestFormat& format) {
  if (reader->Head() != nullptr && reader->Head()->name == "write")
    return ReadPoints(reader, format);
  if (reader->Head() != nullptr && reader->Head()->name == "copy") return ReadCopy(reader, format);
  const TextTemplate text = reader->Template("sql");
  if (const ValueNode* const said = reader->Find("sql"))
    CheckSql(text, arguments, SqlDialect::kPostgres, is_step, *said, reader);
  return {.name = reader->Statement().name, .statement = PrepareSql(text, format)};
}

void ReadEnds(const StatementReader& reader, PrepareMode mode, Request* request) {
  const std::string begin = fmt::format("BEGIN ISOLATION LEVEL {}", reader.Text("isolation"));
  request->begin = Prepared(begin, {}, {}, mode);
  request->commit = Prepared("COMMIT", {}, {}, mode);
  request->rollback = Prepared("ROLLBACK", {}, {}, mode);
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

Request ReadRequest(const StatementSpec& spec, const RequestFormat& format,
                    Complaints* complaints) {
  const DriverWords table{"postgres", kWords};
  Request request{.name = spec.name, .is_transaction = !spec.steps.empty(), .types = spec.types};
  StatementReader reader(table, spec, complaints);
  request.host = reader.Text("host") == "replica" ? Host::kReplica : Host::kPrimary;
  request.label_host = reader.Says("label");
  request.reads = reader.Says("reads");
  if (!request.is_transaction) {
    RequestFormat own = format;
    if (request.reads) own.results = kTextFormat;
    request.steps.push_back(ReadStep(&reader, spec.arguments, false, own));
    return request;
  }
  ReadEnds(reader, format.mode, &request);
  ReadRetry(&reader, &request);
  for (const StatementSpec& step : spec.steps) {
    StatementReader step_reader(table, step, spec, complaints);
    request.steps.push_back(ReadStep(&step_reader, spec.arguments, true, format));
  }
  return request;
}

}  // namespace mbench::postgres
