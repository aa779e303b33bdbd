// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/requests.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
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

using Json = nlohmann::json;

// {name} -> $n.
Result<Prepared> ParseSql(std::string name, std::string_view text,
                          std::span<const std::string> arguments, std::uint16_t result_format) {
  const Result<TextTemplate> parsed = TextTemplate::Parse(text, arguments);
  if (!parsed) return Failed(parsed);
  std::string sql;
  std::vector<std::uint16_t> used;
  for (const TextTemplate::Piece& piece : parsed->Pieces()) {
    sql += piece.text;
    if (piece.argument == TextTemplate::kNoArgument) continue;
    const auto argument = static_cast<std::uint16_t>(piece.argument);
    auto found = std::ranges::find(used, argument);
    if (found == used.end()) found = used.insert(found, argument);
    sql += fmt::format("${}", found - used.begin() + 1);
  }
  return Prepared(std::move(name), std::move(sql), std::move(used), kTextFormat, result_format);
}

Status CheckKeys(const StatementSpec& spec, std::span<const std::string_view> known) {
  for (const auto& [key, value] : spec.body) {
    if (std::ranges::find(known, key) != known.end()) continue;
    const std::string_view meant = ClosestMatch(key, known);
    return BadConfig("unknown key {}{}; expected {}", Quote(key),
                     meant.empty() ? "" : fmt::format(", did you mean {}?", Quote(meant)),
                     fmt::join(known, ", "));
  }
  return {};
}

std::string ValueOf(const StatementSpec& spec, const std::string& key, std::string fallback) {
  const auto found = spec.body.find(key);
  return found == spec.body.end() ? std::move(fallback) : found->second;
}

Result<Request::Step> MakeStep(const StatementSpec& spec, std::string name,
                               std::uint16_t result_format) {
  const std::string text = ValueOf(spec, "sql", "");
  if (text.empty()) return BadConfig("it has no SQL; write sql: \"SELECT ...\"");
  Result<Prepared> prepared = ParseSql(std::move(name), text, spec.arguments, result_format);
  if (!prepared) return Failed(prepared);
  return Request::Step{.name = spec.name, .statement = *std::move(prepared)};
}

Status ReadHost(const StatementSpec& spec, Request* request) {
  const std::string host = ValueOf(spec, "host", "primary");
  if (host != "primary" && host != "replica") {
    return BadConfig("host is primary or replica, not {}", Quote(host));
  }
  request->host = host == "replica" ? Host::kReplica : Host::kPrimary;
  if (!spec.label.empty() && spec.label != "host") {
    return BadConfig("label can only be host here, not {}", Quote(spec.label));
  }
  request->label_host = !spec.label.empty();
  return {};
}

Status ReadIsolation(const StatementSpec& spec, Request* request) {
  constexpr auto kLevels =
      std::to_array<std::string_view>({"read committed", "repeatable read", "serializable"});
  const std::string level = ValueOf(spec, "isolation", "read committed");
  const auto found = std::ranges::find(kLevels, level);
  if (found == kLevels.end()) {
    return BadConfig("isolation is one of {}, not {}", fmt::join(kLevels, ", "), Quote(level));
  }
  request->begin =
      Prepared(fmt::format("begin{}", found - kLevels.begin()),
               fmt::format("BEGIN ISOLATION LEVEL {}", level), {}, kTextFormat, kTextFormat);
  return {};
}

// retry: {on: [40001, 40P01], times: 3}
Status ReadRetry(const StatementSpec& spec, Request* request) {
  request->retry_on = {"40001", "40P01"};
  request->retry_times = 3;
  const std::string text = ValueOf(spec, "retry", "");
  if (text.empty()) return {};
  const Json json = Json::parse(text, nullptr, false);
  constexpr std::string_view kExample = "{on: [40001, 40P01], times: 3}";
  if (!json.is_object())
    return BadConfig("retry is not right: {}; write {}", Quote(text), kExample);
  for (const auto& [key, value] : json.items()) {
    // Values may have come as text or as numbers.
    const auto plain = [](const Json& item) {
      return item.is_string() ? item.get<std::string>() : item.dump();
    };
    if (key == "times") {
      const std::string times = plain(value);
      if (times.empty() || times.size() > 3 ||
          times.find_first_not_of("0123456789") != std::string::npos) {
        return BadConfig("retry.times is a count of at most 999, not {}", Quote(times));
      }
      request->retry_times = static_cast<std::uint32_t>(std::stoul(times));
    } else if (key == "on" && value.is_array()) {
      request->retry_on.clear();
      for (const Json& item : value) {
        const std::string code = plain(item);
        if (code.size() != 5) {
          return BadConfig("retry.on has SQLSTATEs of five characters, not {}", Quote(code));
        }
        request->retry_on.push_back(code);
      }
    } else {
      return BadConfig("retry is not right: {}; write {}", Quote(text), kExample);
    }
  }
  return {};
}

Status FillTransaction(const StatementSpec& spec, std::size_t number, std::uint16_t result_format,
                       Request* request) {
  constexpr auto kKnown = std::to_array<std::string_view>({"host", "isolation", "retry"});
  constexpr auto kKnownOfStep = std::to_array<std::string_view>({"sql"});
  request->is_transaction = true;
  if (Status keys = CheckKeys(spec, kKnown); !keys) return keys;
  if (Status isolation = ReadIsolation(spec, request); !isolation) return isolation;
  if (Status retry = ReadRetry(spec, request); !retry) return retry;
  for (const StatementSpec& step : spec.steps) {
    const auto fail = [&step](const auto& failed) {
      return BadConfig("step {}: {}", Quote(step.name), failed.error().message);
    };
    if (Status keys = CheckKeys(step, kKnownOfStep); !keys) return fail(keys);
    Result<Request::Step> made =
        MakeStep(step, fmt::format("t{}_{}", number, request->steps.size()), result_format);
    if (!made) return fail(made);
    request->steps.push_back(*std::move(made));
  }
  return {};
}

Status FillRequest(const StatementSpec& spec, std::size_t number, std::uint16_t result_format,
                   Request* request) {
  constexpr auto kKnown = std::to_array<std::string_view>({"sql", "host"});
  if (Status host = ReadHost(spec, request); !host) return host;
  if (!spec.steps.empty()) return FillTransaction(spec, number, result_format, request);
  if (Status keys = CheckKeys(spec, kKnown); !keys) return keys;
  Result<Request::Step> made = MakeStep(spec, fmt::format("s{}", number), result_format);
  if (!made) return Failed(made);
  request->steps.push_back(*std::move(made));
  return {};
}

}  // namespace

const Prepared& Commit() {
  static const Prepared kCommit("commit", "COMMIT", {}, kTextFormat, kTextFormat);
  return kCommit;
}

const Prepared& Rollback() {
  static const Prepared kRollback("rollback", "ROLLBACK", {}, kTextFormat, kTextFormat);
  return kRollback;
}

Result<Request> MakeRequest(const StatementSpec& spec, std::size_t number,
                            std::uint16_t result_format) {
  Request request{.name = spec.name};
  const Status filled = FillRequest(spec, number, result_format, &request);
  if (!filled) return BadConfig("statement {}: {}", Quote(spec.name), filled.error().message);
  return request;
}

}  // namespace mbench::postgres
