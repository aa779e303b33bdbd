// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/point_shape.h"

#include <algorithm>
#include <charconv>

#include "harness/base/text.h"

namespace mbench {
namespace {

bool IsNumber(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// Of a value that no placeholder has a part in.
ValueType TypeOfConstant(const ValueNode& node) {
  if (!node.plain) return ValueType::kText;
  if (node.text == "true" || node.text == "false") return ValueType::kFlag;
  return IsNumber(node.text) ? ValueType::kDouble : ValueType::kText;
}

PointColumn ReadColumn(const ValueNode& node, StatementReader* reader) {
  PointColumn column{.name = node.key};
  if (node.key.empty()) reader->Complain(node, "a tag or a field without a name");
  if (!node.IsScalar()) {
    reader->Complain(node, fmt::format("{} is {}; expected a text such as \"{{value}}\"",
                                       Quote(node.key), Describe(node.kind)));
    return column;
  }
  column.value = reader->Parse(node.text, node);
  const std::vector<ValueType>& types = reader->Statement().types;
  const std::size_t argument = column.OnlyArgument();
  if (column.value.IsConstant()) {
    column.type = TypeOfConstant(node);
  } else if (argument < types.size()) {
    column.type = types[argument];
  }
  return column;
}

void ReadColumns(std::string_view word, StatementReader* reader,
                 std::vector<PointColumn>* columns) {
  const ValueNode* const map = reader->Find(word);
  if (map == nullptr) return;
  for (const ValueNode& node : map->children) {
    columns->push_back(ReadColumn(node, reader));
    const auto same = [&](const PointColumn& one) { return one.name == node.key; };
    if (std::count_if(columns->begin(), columns->end(), same) > 1) {
      reader->complaints()->Add(node.key_place,
                                fmt::format("a second {} in {}", Quote(node.key), word));
    }
  }
}

}  // namespace

std::size_t PointColumn::OnlyArgument() const {
  const std::vector<TextTemplate::Piece>& pieces = value.Pieces();
  const auto is_empty = [](const TextTemplate::Piece& piece) {
    return piece.text.empty() && piece.argument == TextTemplate::kNoArgument;
  };
  const bool ends = pieces.size() == 1 || (pieces.size() == 2 && is_empty(pieces[1]));
  return ends && pieces[0].text.empty() ? pieces[0].argument : TextTemplate::kNoArgument;
}

PointShape ReadPointShape(StatementReader* reader) {
  const std::string_view head = reader->Head()->name;
  PointShape shape{.table = reader->Text(head), .arguments = reader->Statement().arguments.size()};
  if (shape.table.empty()) reader->Complain(head, "it is empty; expected a name like sensors");
  ReadColumns("tags", reader, &shape.tags);
  ReadColumns("fields", reader, &shape.fields);
  if (reader->Says("fields") && shape.fields.empty())
    reader->Complain("fields", "a point has one field at least");
  if (const ValueNode* const time = reader->Find("time")) {
    shape.time = PointColumn{
        .name = "time", .value = reader->Parse(time->text, *time), .type = ValueType::kInteger};
    const std::size_t argument = shape.time->OnlyArgument();
    const std::vector<ValueType>& types = reader->Statement().types;
    const bool is_number = argument < types.size() && types[argument] == ValueType::kInteger;
    if (argument == TextTemplate::kNoArgument || (!types.empty() && !is_number)) {
      reader->Complain(*time,
                       "a time is one placeholder whose values are whole numbers, in ns since "
                       "1970; expected something like \"{time}\", which a fleet has");
    }
  }
  if (reader->Statement().batch > 1 && shape.arguments == 0) {
    reader->Complain("batch", "all points of a batch would be the same; expected a placeholder");
  }
  return shape;
}

}  // namespace mbench
