// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/wire.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>
#include <utility>

namespace mbench::postgres {
namespace {

// A length that is more is taken for garbage: the server's own limit of a value is 1 GiB.
constexpr std::uint32_t kMostLength = 0x40000000;

// By their numbers, the types of messages that a server sends.
constexpr std::array<bool, 256> kMessageTypes = [] {
  std::array<bool, 256> known{};
  for (const char type : std::string_view("123ACDEGHIKNRSTVWZcdnstv"))
    known[static_cast<unsigned char>(type)] = true;
  return known;
}();

static_assert(std::endian::native == std::endian::little);

std::uint32_t GetInt32(std::string_view in) {
  std::uint32_t value = 0;
  std::memcpy(&value, in.data(), sizeof value);
  return __builtin_bswap32(value);
}

void PutString(std::string_view text, std::string* out) {
  out->append(text);
  out->push_back('\0');
}

using Named = std::pair<std::string_view, std::string_view>;

constexpr auto kStates = std::to_array<Named>({
    {"08006", "connection_failure"},
    {"08P01", "protocol_violation"},
    {"0A000", "feature_not_supported"},
    {"22001", "string_data_right_truncation"},
    {"22003", "numeric_value_out_of_range"},
    {"22012", "division_by_zero"},
    {"22021", "character_not_in_repertoire"},
    {"22P02", "invalid_text_representation"},
    {"23502", "not_null_violation"},
    {"23503", "foreign_key_violation"},
    {"23505", "unique_violation"},
    {"23514", "check_violation"},
    {"23P01", "exclusion_violation"},
    {"25006", "read_only_sql_transaction"},
    {"25P02", "in_failed_sql_transaction"},
    {"25P03", "idle_in_transaction_session_timeout"},
    {"26000", "invalid_sql_statement_name (behind a pooler set prepare: unnamed)"},
    {"28000", "invalid_authorization_specification"},
    {"28P01", "invalid_password"},
    {"3D000", "invalid_catalog_name"},
    {"40001", "serialization_failure"},
    {"40P01", "deadlock_detected"},
    {"42501", "insufficient_privilege"},
    {"42601", "syntax_error"},
    {"42703", "undefined_column"},
    {"42804", "datatype_mismatch"},
    {"42883", "undefined_function"},
    {"42P01", "undefined_table"},
    {"42P05", "duplicate_prepared_statement (behind a pooler set prepare: unnamed)"},
    {"53100", "disk_full"},
    {"53200", "out_of_memory"},
    {"53300", "too_many_connections"},
    {"53400", "configuration_limit_exceeded"},
    {"55000", "object_not_in_prerequisite_state"},
    {"55P03", "lock_not_available"},
    {"57014", "query_canceled"},
    {"57P01", "admin_shutdown"},
    {"57P02", "crash_shutdown"},
    {"57P03", "cannot_connect_now"},
    {"57P04", "database_dropped"},
    {"57P05", "idle_session_timeout"},
    {"58030", "io_error"},
    {"P0001", "raise_exception"},
});

constexpr auto kClasses = std::to_array<Named>({
    {"08", "connection_exception"},
    {"0A", "feature_not_supported"},
    {"21", "cardinality_violation"},
    {"22", "data_exception"},
    {"23", "integrity_constraint_violation"},
    {"25", "invalid_transaction_state"},
    {"26", "invalid_sql_statement_name"},
    {"28", "invalid_authorization_specification"},
    {"40", "transaction_rollback"},
    {"42", "syntax_error_or_access_rule_violation"},
    {"53", "insufficient_resources"},
    {"54", "program_limit_exceeded"},
    {"55", "object_not_in_prerequisite_state"},
    {"57", "operator_intervention"},
    {"58", "system_error"},
    {"P0", "plpgsql_error"},
    {"XX", "internal_error"},
});

std::string_view Find(std::span<const Named> table, std::string_view code) {
  const auto found = std::ranges::find(table, code, &Named::first);
  return found == table.end() ? std::string_view() : found->second;
}

}  // namespace

// ---- to the server ----

void PutInt16(std::uint16_t value, std::string* out) {
  value = __builtin_bswap16(value);
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}

void PutInt32(std::uint32_t value, std::string* out) {
  value = __builtin_bswap32(value);
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}

void PutInt64(std::uint64_t value, std::string* out) {
  value = __builtin_bswap64(value);
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}

void SetLength(std::size_t at, std::string* out) {
  const std::uint32_t length = __builtin_bswap32(static_cast<std::uint32_t>(out->size() - at));
  std::memcpy(out->data() + at, &length, sizeof length);
}

MessageScope::MessageScope(char type, std::string* out) : out_(out) {
  out->push_back(type);
  length_at_ = out->size();
  out->append(4, '\0');
}

MessageScope::~MessageScope() { SetLength(length_at_, out_); }

void AppendParse(std::string_view name, std::string_view sql, std::span<const std::uint32_t> types,
                 std::string* out) {
  const MessageScope message('P', out);
  PutString(name, out);
  PutString(sql, out);
  PutInt16(static_cast<std::uint16_t>(types.size()), out);
  for (const std::uint32_t type : types) PutInt32(type, out);
}

void AppendClose(std::string_view name, std::string* out) {
  const MessageScope message('C', out);
  out->push_back('S');
  PutString(name, out);
}

void AppendQuery(std::string_view sql, std::string* out) {
  const MessageScope message('Q', out);
  PutString(sql, out);
}

void AppendSync(std::string* out) { const MessageScope message('S', out); }

std::string QuoteLiteral(std::string_view value) {
  std::string quoted = value.find('\\') == std::string_view::npos ? "'" : " E'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += c;
    quoted += c;
  }
  return quoted + '\'';
}

void AppendCopyHeader(std::string* out) {
  const MessageScope message('d', out);
  out->append("PGCOPY\n\377\r\n\0", 11);
  PutInt32(0, out);  // flags
  PutInt32(0, out);  // length of what else the header has
}

void AppendCopyTrailer(std::string* out) {
  {
    const MessageScope message('d', out);
    PutInt16(0xffff, out);
  }
  const MessageScope done('c', out);
}

// ---- from the server ----

Cut CutMessage(std::string_view in, Message* message) {
  if (in.empty()) return Cut::kPart;
  if (!kMessageTypes[static_cast<unsigned char>(in[0])]) return Cut::kBad;
  if (in.size() < 5) return Cut::kPart;
  const std::uint32_t length = GetInt32(in.substr(1));
  if (length < 4 || length > kMostLength) return Cut::kBad;
  if (in.size() < length + 1) return Cut::kPart;
  *message = {.type = in[0], .body = in.substr(5, length - 4), .size = length + 1};
  return Cut::kWhole;
}

RowReader::RowReader(std::string_view body) {
  if (body.size() < 2) return;
  columns_ = static_cast<std::uint16_t>(static_cast<unsigned char>(body[0]) << 8 |
                                        static_cast<unsigned char>(body[1]));
  rest_ = body.substr(2);
}

std::string_view RowReader::Next() {
  if (rest_.size() < 4) return {};
  const std::uint32_t length = GetInt32(rest_);
  rest_.remove_prefix(4);
  if (length > rest_.size()) return {};  // NULL has the length -1
  const std::string_view value = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return value;
}

std::string_view ErrorField(std::string_view body, char field) {
  while (!body.empty() && body[0] != '\0') {
    const std::size_t end = std::min(body.find('\0'), body.size());
    if (body[0] == field) return body.substr(1, end - 1);
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return {};
}

bool EndsConnection(std::string_view error_body) {
  const std::string_view severity = ErrorField(error_body, 'V');
  return severity == "FATAL" || severity == "PANIC";
}

bool IsStale(std::string_view error_body) {
  constexpr std::string_view kUnknown = "26000", kNotSupported = "0A000";
  const std::string_view code = ErrorField(error_body, 'C');
  // "cached plan must not change result type": a table has other columns now.
  return code == kUnknown ||
         (code == kNotSupported && ErrorField(error_body, 'R') == "RevalidateCachedQuery");
}

std::optional<std::uint64_t> RowsOfTag(std::string_view tag) {
  while (!tag.empty() && tag.back() == '\0') tag.remove_suffix(1);
  const std::size_t space = tag.rfind(' ');
  if (space == std::string_view::npos) return std::nullopt;
  std::uint64_t rows = 0;
  for (const char c : tag.substr(space + 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    rows = 10 * rows + static_cast<std::uint64_t>(c - '0');
  }
  return rows;
}

std::string SqlStateName(std::string_view code) {
  std::string_view name = Find(kStates, code);
  if (name.empty()) name = Find(kClasses, code.substr(0, 2));
  std::string full(code);
  if (!name.empty()) full.append(" ").append(name);
  return full;
}

}  // namespace mbench::postgres
