// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/point_arrays.h"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/postgres/requests.h"

namespace mbench::postgres {
namespace {

std::string_view ArrayTypeOf(ValueType type) {
  switch (type) {
    case ValueType::kInteger:
      return "bigint[]";
    case ValueType::kDouble:
      return "float8[]";
    case ValueType::kDecimal:
      return "numeric[]";
    case ValueType::kFlag:
      return "boolean[]";
    case ValueType::kDate:
      return "timestamptz[]";
    case ValueType::kText:
    case ValueType::kPoint:
      break;
  }
  return "text[]";
}

bool IsQuoted(ValueType type) {
  return type == ValueType::kText || type == ValueType::kPoint || type == ValueType::kDate;
}

void AppendQuoted(std::string_view text, std::string* out) {
  for (const char c : text) {
    if (c == '"' || c == '\\') out->push_back('\\');
    out->push_back(c);
  }
}

}  // namespace

PointArrays::PointArrays(const PointShape& shape)
    : table_(shape.table), has_time_(shape.time.has_value()), arguments_(shape.arguments) {
  if (shape.time) columns_.push_back(*shape.time);
  for (const auto* columns : {&shape.tags, &shape.fields})
    columns_.insert(columns_.end(), columns->begin(), columns->end());
}

std::string PointArrays::Sql() const {
  std::string names, values, types, aliases;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::string_view comma = i == 0 ? "" : ", ";
    const bool is_time = has_time_ && i == 0;
    names += fmt::format("{}{}", comma, QuoteIdentifiers(columns_[i].name));
    values += is_time ? std::string("to_timestamp(c0 / 1e9)") : fmt::format("{}c{}", comma, i);
    types += fmt::format("{}${}::{}", comma, i + 1, ArrayTypeOf(columns_[i].type));
    aliases += fmt::format("{}c{}", comma, i);
  }
  return fmt::format("INSERT INTO {} ({}) SELECT {} FROM unnest({}) AS points ({})",
                     QuoteIdentifiers(table_), names, values, types, aliases);
}

void PointArrays::AppendColumn(std::size_t column, std::span<const std::string_view> arguments,
                               std::string* out) const {
  const std::size_t points = arguments_ == 0 ? 1 : arguments.size() / arguments_;
  out->push_back('{');
  for (std::size_t i = 0; i < points; ++i) {
    if (i > 0) out->push_back(',');
    AppendValue(columns_[column], arguments.subspan(i * arguments_, arguments_), out);
  }
  out->push_back('}');
}

void PointArrays::AppendValue(const PointColumn& column, std::span<const std::string_view> values,
                              std::string* out) {
  const std::vector<TextTemplate::Piece>& pieces = column.value.Pieces();
  const auto is_missing = [&](const TextTemplate::Piece& piece) {
    return piece.argument != TextTemplate::kNoArgument && values[piece.argument].data() == nullptr;
  };
  if (std::ranges::any_of(pieces, is_missing)) {
    out->append("NULL");
    return;
  }
  const bool quoted = IsQuoted(column.type);
  if (quoted) out->push_back('"');
  for (const TextTemplate::Piece& piece : pieces) {
    AppendQuoted(piece.text, out);
    if (piece.argument == TextTemplate::kNoArgument) continue;
    if (quoted) {
      AppendQuoted(values[piece.argument], out);
    } else {
      out->append(values[piece.argument]);
    }
  }
  if (quoted) out->push_back('"');
}

}  // namespace mbench::postgres
