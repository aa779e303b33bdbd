// SPDX-License-Identifier: Apache-2.0
//
// What goes into the parameters of a text, and what is read from its rows.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "drivers/mysql/mysql_line.h"
#include "drivers/record.h"
#include "harness/base/date.h"

namespace mbench::mysql {
namespace {

constexpr std::size_t kDaySize = std::string_view("2026-01-31").size();

template <class Number>
bool ParseWhole(std::string_view text, Number* number) {
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, *number);
  return parsed.ec == std::errc{} && parsed.ptr == end;
}

// Nothing but what a DECIMAL may have: "-12.50", and not "1e9".
bool IsPlainNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("-.0123456789") == std::string_view::npos;
}

// In UTC.
bool ReadTime(std::string_view text, MYSQL_TIME* time) {
  const std::optional<std::int64_t> ms = ParseDate(text);
  if (!ms) return false;
  using std::chrono::days, std::chrono::milliseconds;
  const std::chrono::sys_time<milliseconds> point{milliseconds(*ms)};
  const auto day = std::chrono::floor<days>(point);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<milliseconds> clock(point - day);
  *time = {};
  time->year = static_cast<unsigned>(static_cast<int>(date.year()));
  time->month = static_cast<unsigned>(date.month());
  time->day = static_cast<unsigned>(date.day());
  time->hour = static_cast<unsigned>(clock.hours().count());
  time->minute = static_cast<unsigned>(clock.minutes().count());
  time->second = static_cast<unsigned>(clock.seconds().count());
  time->second_part = static_cast<unsigned long>(clock.subseconds().count()) * 1000;
  time->time_type = text.size() > kDaySize ? MYSQL_TIMESTAMP_DATETIME : MYSQL_TIMESTAMP_DATE;
  return true;
}

}  // namespace

// ---- parameters ----

MYSQL_BIND* SqlLine::AddParameter(std::string_view value, enum_field_types type) {
  MYSQL_BIND& bind = owner_->parameters_.emplace_back();
  bind = {};
  bind.buffer_type = type;
  bind.buffer = const_cast<char*>(value.data());
  bind.buffer_length = value.size();
  calls().First()->AddSent(value.size());
  return &bind;
}

void SqlLine::Bind(const Op& op) {
  owner_->parameters_.clear();
  if (progress_.statement == nullptr) {
    BindVerb(op);
  } else {
    const SqlText& text = progress_.statement->steps[progress_.step];
    const std::size_t count = text.arguments.size();
    if (owner_->bound_.size() < count) owner_->bound_.resize(count);
    for (std::size_t i = 0; i < count; ++i)
      AddArgument(op.arguments[text.arguments[i]], text.types[i], &owner_->bound_[i]);
  }
  for (MYSQL_BIND& bind : owner_->parameters_) {
    if (bind.buffer_type != MYSQL_TYPE_LONGLONG) bind.length = &bind.buffer_length;
  }
}

// A value that is not what its type says goes as text, and the server complains.
void SqlLine::AddArgument(std::string_view value, ValueType type, BoundValue* bound) {
  MYSQL_BIND* const bind = AddParameter(value, MYSQL_TYPE_STRING);
  if (value.data() == nullptr) {
    bind->buffer_type = MYSQL_TYPE_NULL;
    return;
  }
  switch (type) {
    case ValueType::kInteger:
      if (!ParseWhole(value, &bound->number)) return;
      bind->buffer_type = MYSQL_TYPE_LONGLONG;
      bind->buffer = &bound->number;
      return;
    case ValueType::kFlag:
      bound->number = value == "true" ? 1 : 0;
      bind->buffer_type = MYSQL_TYPE_LONGLONG;
      bind->buffer = &bound->number;
      return;
    case ValueType::kDouble:  // in digits, and so exact
    case ValueType::kDecimal:
      if (IsPlainNumber(value)) bind->buffer_type = MYSQL_TYPE_NEWDECIMAL;
      return;
    case ValueType::kDate:
      if (!ReadTime(value, &bound->time)) return;
      bind->buffer_type = value.size() > kDaySize ? MYSQL_TYPE_DATETIME : MYSQL_TYPE_DATE;
      bind->buffer = &bound->time;
      return;
    case ValueType::kText:
    case ValueType::kPoint:
      return;
  }
}

void SqlLine::BindVerb(const Op& op) {
  const bool updates = op.kind == OpKind::kUpdate;
  if (!updates) AddParameter(op.key, MYSQL_TYPE_BLOB);
  if (updates && op.field != kAllFields) {
    AddParameter(op.value, MYSQL_TYPE_BLOB);
  } else if (updates || op.kind == OpKind::kInsert) {
    const RecordView record(op.value, owner_->plan().fields);
    for (std::uint16_t i = 0; i < record.Fields(); ++i) {
      AddParameter(record.Field(i), MYSQL_TYPE_BLOB);
    }
  }
  if (updates) AddParameter(op.key, MYSQL_TYPE_BLOB);
  if (op.kind == OpKind::kScan) {
    owner_->limit_ = op.scan_limit;
    MYSQL_BIND& bind = owner_->parameters_.emplace_back();
    bind = {};
    bind.buffer_type = MYSQL_TYPE_LONGLONG;
    bind.buffer = &owner_->limit_;
  }
}

// ---- rows ----

// Rows that were read, of all results; else as the server counts what a statement has written.
std::uint32_t SqlLine::ItemsOf(MYSQL_STMT* statement) const {
  const bool selects = progress_.rows > 0 || mysql_stmt_field_count(statement) > 0;
  if (selects) return static_cast<std::uint32_t>(progress_.rows);
  const bool counts = progress_.statement != nullptr;
  return counts ? static_cast<std::uint32_t>(mysql_stmt_affected_rows(statement)) : 1;
}

// They are here already, stored: nothing in here waits.
void SqlLine::ReadRows() {
  Prepared& prepared = Current();
  MYSQL_STMT* statement = prepared.statement;
  const std::size_t columns = mysql_stmt_field_count(statement);
  if (prepared.lengths.size() != columns) {
    prepared.lengths.assign(columns, 0);
    std::vector<MYSQL_BIND> binds(columns);  // no buffers: the lengths are enough
    for (std::size_t i = 0; i < columns; ++i) {
      binds[i] = {};
      binds[i].buffer_type = MYSQL_TYPE_STRING;
      binds[i].length = &prepared.lengths[i];
    }
    mysql_stmt_bind_result(statement, binds.data());
  }
  for (;;) {
    std::ranges::fill(prepared.lengths, 0ul);  // that of a NULL is not set
    const int code = mysql_stmt_fetch(statement);
    if (code != 0 && code != MYSQL_DATA_TRUNCATED) return;
    for (const unsigned long length : prepared.lengths) {
      calls().First()->AddReceived(length);
    }
    if (progress_.rows++ == 0 && owner_->plan().want_values) ReadValue(statement, columns);
  }
}

// A record, or the first column.
void SqlLine::ReadValue(MYSQL_STMT* statement, std::size_t columns) {
  const std::vector<unsigned long>& lengths = Current().lengths;
  const bool record = progress_.statement == nullptr && columns > 1;
  std::string& value = owner_->value_;
  value.clear();
  std::uint32_t end = 0;
  for (std::size_t i = 0; record && i < columns; ++i) {
    end += static_cast<std::uint32_t>(lengths[i]);
    value.append(reinterpret_cast<const char*>(&end), sizeof end);
  }
  for (std::size_t i = 0; i < (record ? columns : 1); ++i) {
    std::string& column = owner_->column_;
    column.resize(lengths[i] + 1);
    MYSQL_BIND bind{};
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = column.data();
    bind.buffer_length = column.size();
    mysql_stmt_fetch_column(statement, &bind, static_cast<unsigned>(i), 0);
    value.append(column, 0, lengths[i]);
  }
  // Also a NULL, or nothing at all, is something that stands there.
  if (value.empty() && progress_.statement != nullptr && progress_.statement->reads) value = "NULL";
  progress_.answer.value = value;
}

}  // namespace mbench::mysql
