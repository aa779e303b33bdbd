// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/point_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>

#include "drivers/postgres/requests.h"
#include "drivers/postgres/wire.h"

namespace mbench::postgres {
namespace {

// Bytes of rows in one message: the server takes each as a whole.
constexpr std::size_t kRowBytes = 64 * 1024;

// What the text format gives a meaning of its own, and the letter that stands for it behind a \.
constexpr char EscapeOf(char c) {
  switch (c) {
    case '\\':
      return '\\';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    default:
      return '\0';
  }
}

// Whether one of eight bytes may be of those: a \, or one below 14. Bytes next to such a one may be
// taken for it, which costs a look and nothing else.
bool MayNeedEscape(const char* eight) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = kOnes * 0x80;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, eight, sizeof bytes);
  const std::uint64_t slash = bytes ^ (kOnes * '\\');
  const std::uint64_t is_slash = (slash - kOnes) & ~slash;
  const std::uint64_t is_low = (bytes - kOnes * 14) & ~bytes;
  return ((is_slash | is_low) & kHighs) != 0;
}

void AppendEscaped(std::string_view text, std::string* out) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text.size() - at >= 8 && !MayNeedEscape(text.data() + at)) {
      at += 8;
      continue;
    }
    const char escape = EscapeOf(text[at]);
    if (escape != '\0') {
      out->append(text, begin, at - begin);
      out->push_back('\\');
      out->push_back(escape);
      begin = at + 1;
    }
    ++at;
  }
  out->append(text, begin);
}

// `digits` of a number that is not negative and not longer.
void PutDigits(std::uint64_t value, int digits, char* to) {
  for (int i = digits; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

void AppendTimestamp(std::string_view ns, std::string* out) {
  using std::chrono::days, std::chrono::microseconds, std::chrono::nanoseconds;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(ns.data(), ns.data() + ns.size(), count);
  if (error != std::errc() || end != ns.data() + ns.size()) return AppendEscaped(ns, out);
  const auto since = std::chrono::floor<microseconds>(nanoseconds(count));
  const auto day = std::chrono::floor<days>(since);
  const std::chrono::year_month_day date{std::chrono::sys_days(day)};
  const auto of_day = static_cast<std::uint64_t>((since - day).count());
  constexpr std::uint64_t kSecond_us = 1'000'000;
  char text[] = "0000-00-00 00:00:00.000000+00";  // 64 bits of ns are years 1677 to 2262
  PutDigits(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4, text);
  PutDigits(static_cast<unsigned>(date.month()), 2, text + 5);
  PutDigits(static_cast<unsigned>(date.day()), 2, text + 8);
  PutDigits(of_day / kSecond_us / 3600, 2, text + 11);
  PutDigits(of_day / kSecond_us / 60 % 60, 2, text + 14);
  PutDigits(of_day / kSecond_us % 60, 2, text + 17);
  PutDigits(of_day % kSecond_us, 6, text + 20);
  out->append(text, sizeof text - 1);
}

PointRows::PointRows(const PointShape& shape)
    : table_(shape.table), has_time_(shape.time.has_value()), arguments_(shape.arguments) {
  if (shape.time) columns_.push_back(*shape.time);
  for (const auto* columns : {&shape.tags, &shape.fields})
    columns_.insert(columns_.end(), columns->begin(), columns->end());
}

std::string PointRows::Names() const {
  std::string names;
  for (const PointColumn& column : columns_)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", QuoteIdentifiers(column.name));
  return names;
}

std::string PointRows::Sql() const {
  return fmt::format("COPY {} ({}) FROM STDIN", QuoteIdentifiers(table_), Names());
}

std::string PointRows::ProbeSql() const {
  return fmt::format("SELECT {} FROM {}", Names(), QuoteIdentifiers(table_));
}

void PointRows::AppendTo(std::span<const std::string_view> arguments, std::string* out) const {
  const std::size_t rows = RowsIn(arguments.size());
  for (std::size_t i = 0; i < rows;) {
    const MessageScope message('d', out);
    const std::size_t begin = out->size();
    for (; i < rows && out->size() - begin < kRowBytes; ++i)
      AppendRow(arguments.subspan(i * arguments_, arguments_), out);
  }
  const MessageScope done('c', out);
}

void PointRows::AppendRow(std::span<const std::string_view> values, std::string* out) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out->push_back('\t');
    const std::size_t time = has_time_ && i == 0 ? columns_[i].OnlyArgument() : values.size();
    if (time < values.size() && values[time].data() != nullptr) {
      AppendTimestamp(values[time], out);
    } else {
      AppendColumn(columns_[i], values, out);
    }
  }
  out->push_back('\n');
}

void PointRows::AppendColumn(const PointColumn& column, std::span<const std::string_view> values,
                             std::string* out) {
  const std::vector<TextTemplate::Piece>& pieces = column.value.Pieces();
  const auto is_missing = [&](const TextTemplate::Piece& piece) {
    return piece.argument != TextTemplate::kNoArgument && values[piece.argument].data() == nullptr;
  };
  if (std::ranges::any_of(pieces, is_missing)) {
    out->append("\\N");
    return;
  }
  for (const TextTemplate::Piece& piece : pieces) {
    AppendEscaped(piece.text, out);
    if (piece.argument != TextTemplate::kNoArgument) AppendEscaped(values[piece.argument], out);
  }
}

}  // namespace mbench::postgres
