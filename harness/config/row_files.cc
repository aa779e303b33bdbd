// SPDX-License-Identifier: Apache-2.0
#include "harness/config/row_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "harness/base/date.h"
#include "harness/base/text.h"
#include "harness/config/row_text.h"
#include "harness/config/text_file.h"

namespace mbench {
namespace {

constexpr std::size_t kMostDigits = 34;  // of a decimal, as IEEE 754 has them in 128 bits

template <class T>
bool IsWhole(std::string_view text, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

bool IsNumber(std::string_view text) {
  double value = 0;
  return IsWhole(text, &value) && std::isfinite(value);
}

bool IsDecimal(std::string_view text) {
  const std::string_view mantissa = text.substr(0, text.find_first_of("eE"));
  const auto digits = std::ranges::count_if(mantissa, [](char c) { return c >= '0' && c <= '9'; });
  return IsNumber(text) && static_cast<std::size_t>(digits) <= kMostDigits;
}

// Only the first bad byte is reported: a file in another encoding has thousands.
bool CheckUtf8(RowText* file) {
  const std::string_view text = file->text();
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = Utf8Length(text.substr(i));
    if (length == 0 || text[i] == '\0') {
      file->Add(i, fmt::format("the file is not text in UTF-8: byte \\x{:02x}; save it as UTF-8",
                               static_cast<unsigned char>(text[i])));
      return false;
    }
    i += length;
  }
  return true;
}

}  // namespace

std::string DescribeWrongValue(std::string_view text, ValueType type) {
  std::int64_t whole = 0;
  constexpr auto kFlags = std::to_array<std::string_view>({"true", "false", "yes", "no", "1", "0"});
  switch (type) {
    case ValueType::kInteger:
      return IsWhole(text, &whole) ? "" : fmt::format("not a whole number: {}", Quote(text));
    case ValueType::kDouble:
      return IsNumber(text) ? "" : fmt::format("not a number: {}", Quote(text));
    case ValueType::kDecimal:
      return IsDecimal(text) ? "" : fmt::format("not a decimal number: {}", Quote(text));
    case ValueType::kFlag:
      return std::ranges::find(kFlags, text) != kFlags.end()
                 ? ""
                 : fmt::format("not true or false: {}", Quote(text));
    case ValueType::kDate:
      return ParseDate(text) ? ""
                             : fmt::format(
                                   "not a date: {}; expected something like 2026-01-31 or "
                                   "2026-01-31T12:00:00Z,",
                                   Quote(text));
    default:
      return "";
  }
}

std::shared_ptr<const Rows> ReadRowFile(const RowFormat& format, const Place& place,
                                        Mistakes* mistakes) {
  Result<std::string> text = ReadWholeFile(format.path, format.largest);
  if (!text) {
    mistakes->Add(place, fmt::format("{}: {}", format.path, text.error().message));
    return nullptr;
  }
  RowText file(format.path, *std::move(text), mistakes);
  if (!CheckUtf8(&file)) return nullptr;
  std::shared_ptr<Rows> rows =
      format.json ? ReadJsonRows(format, &file) : ReadCsvRows(format, &file);
  if (file.Tired())
    file.AddWhole(fmt::format("the rest was not read, after {} mistakes", kMostRowMistakes));
  if (file.Count() > 0) return nullptr;
  if (rows == nullptr || rows->Count() == 0) {
    file.AddWhole(format.json ? R"(there are no rows; expected lines such as {"id": 1})"
                              : "there are no rows; expected a line with the names of the columns, "
                                "then one for each row");
    return nullptr;
  }
  return rows;
}

}  // namespace mbench
