// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/point_lines.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/short_copy.h"

namespace mbench {
namespace {

constexpr std::array<bool, 256> Marks(std::string_view marks) {
  std::array<bool, 256> table{};
  for (const char c : marks) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kTagMarks = Marks(", =\n\r\\");
constexpr std::array<bool, 256> kTextMarks = Marks("\"\\");

// A \ before what is escaped, or before the end, would be read as its escape.
char* CopyMarkedTag(std::string_view text, char* to) {
  const auto is_mark = [&](std::size_t at) {
    return kTagMarks[static_cast<unsigned char>(text[at])];
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!is_mark(i)) {
      *to++ = c;
    } else if (c == '\\') {
      *to++ = i + 1 == text.size() || is_mark(i + 1) ? '/' : c;
    } else {
      *to++ = '\\';
      *to++ = c == '\n' || c == '\r' ? ' ' : c;
    }
  }
  return to;
}

bool HasMark(const std::array<bool, 256>& marks, std::string_view text) {
  bool found = false;
  for (const char c : text) found |= marks[static_cast<unsigned char>(c)];
  return found;
}

char* CopyTag(std::string_view text, char* to) {
  return HasMark(kTagMarks, text) ? CopyMarkedTag(text, to) : CopyShort(text, to);
}

char* CopyText(std::string_view text, char* to) {
  if (!HasMark(kTextMarks, text)) return CopyShort(text, to);
  for (const char c : text) {
    if (kTextMarks[static_cast<unsigned char>(c)]) *to++ = '\\';
    *to++ = c;
  }
  return to;
}

std::string Escaped(std::string_view text, char* (*copy)(std::string_view, char*)) {
  std::string escaped(2 * text.size(), '\0');
  escaped.resize(static_cast<std::size_t>(copy(text, escaped.data()) - escaped.data()));
  return escaped;
}

// A name of a measurement may have = in it.
std::string EscapedName(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == ',' || c == ' ') escaped += '\\';
    escaped += c == '\n' || c == '\r' ? '_' : c;
  }
  return escaped;
}

}  // namespace

PointLines::PointLines(const PointShape& shape, TimeUnit unit)
    : name_(EscapedName(shape.table)),
      cut_(3 * static_cast<std::size_t>(unit)),
      arguments_(shape.arguments) {
  for (const PointColumn& tag : shape.tags) AddColumn(tag, true);
  for (const PointColumn& field : shape.fields) AddColumn(field, false);
  if (shape.time) time_ = shape.time->OnlyArgument();
  fixed_ = name_.size() + 2;  // the blank before the time, and the end
  for (const auto* pieces : {&tags_, &fields_})
    for (const Piece& piece : *pieces) fixed_ += piece.text.size();
  most_per_byte_.resize(arguments_);
  for (const auto* pieces : {&tags_, &fields_}) {
    for (const Piece& piece : *pieces) {
      if (piece.argument != TextTemplate::kNoArgument)
        most_per_byte_[piece.argument] += piece.escape == Escape::kNone ? 1 : 2;
    }
  }
  if (time_ != TextTemplate::kNoArgument) ++most_per_byte_[time_];
}

void PointLines::AddColumn(const PointColumn& column, bool is_tag) {
  std::vector<Piece>& pieces = is_tag ? tags_ : fields_;
  const bool is_number = column.type == ValueType::kInteger || column.type == ValueType::kDouble ||
                         column.type == ValueType::kDecimal || column.type == ValueType::kFlag;
  const bool is_text = !is_tag && !is_number;
  const Escape escape = is_tag ? Escape::kTag : is_text ? Escape::kText : Escape::kNone;
  std::string before = "," + Escaped(column.name, CopyTag) + "=" + (is_text ? "\"" : "");
  bool begins = true;
  for (const TextTemplate::Piece& piece : column.value.Pieces()) {
    before += is_tag    ? Escaped(piece.text, CopyTag)
              : is_text ? Escaped(piece.text, CopyText)
                        : piece.text;
    pieces.push_back({std::exchange(before, ""), piece.argument, escape, begins});
    begins = false;
  }
  if (is_text) before = "\"";
  if (!is_tag && column.type == ValueType::kInteger && !column.value.IsConstant()) before = "i";
  if (!before.empty()) pieces.push_back({before});
}

std::size_t PointLines::AppendTo(std::span<const std::string_view> arguments,
                                 std::string* out) const {
  const std::size_t count = arguments_ == 0 ? 1 : arguments.size() / arguments_;
  std::size_t most = count * fixed_;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t argument = 0; argument < arguments_; ++argument)
      most += most_per_byte_[argument] * arguments[i * arguments_ + argument].size();
  }
  const std::size_t before = out->size();
  out->resize(before + most);
  char* to = out->data() + before;
  for (std::size_t i = 0; i < count; ++i)
    to = AppendLine(arguments.subspan(i * arguments_, arguments_), to);
  out->resize(static_cast<std::size_t>(to - out->data()));
  return count;
}

char* PointLines::AppendLine(std::span<const std::string_view> values, char* to) const {
  char* const begin = to;
  to = AppendColumns(tags_, values, CopyShort(name_, to));
  char* const fields = to;
  to = AppendColumns(fields_, values, to);
  if (to == fields) return begin;
  *fields = ' ';
  if (time_ != TextTemplate::kNoArgument) {
    *to++ = ' ';
    to = AppendValue(values[time_], Escape::kNone, to);
    to -= std::min(cut_, values[time_].size());
  }
  *to++ = '\n';
  return to;
}

char* PointLines::AppendColumns(std::span<const Piece> pieces,
                                std::span<const std::string_view> values, char* to) {
  char* column = to;
  bool missing = false;
  for (const Piece& piece : pieces) {
    if (piece.begins) {
      column = to;
      missing = false;
    }
    if (missing) continue;
    to = CopyShort(piece.text, to);
    if (piece.argument == TextTemplate::kNoArgument) continue;
    const std::string_view value = values[piece.argument];
    // An empty tag is one that is not there.
    missing = value.data() == nullptr || (value.empty() && piece.escape == Escape::kTag);
    to = missing ? column : AppendValue(value, piece.escape, to);
  }
  return to;
}

char* PointLines::AppendValue(std::string_view value, Escape escape, char* to) {
  switch (escape) {
    case Escape::kTag:
      return CopyTag(value, to);
    case Escape::kText:
      return CopyText(value, to);
    case Escape::kNone:
      break;
  }
  return CopyShort(value, to);
}

}  // namespace mbench
