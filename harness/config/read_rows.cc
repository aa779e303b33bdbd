// SPDX-License-Identifier: Apache-2.0
//
// data:
//   rows: {csv: patients.csv, columns: {age: int, born: date}}
#include "harness/base/text.h"
#include "harness/config/row_files.h"
#include "harness/config/sections.h"
#include "harness/config/text_file.h"

namespace mbench {
namespace {

constexpr std::string_view kRowsExample = "{csv: patients.csv}";

void ReadColumnTypes(const ValueNode& node, const ReadState& state, RowFormat* format) {
  MapReader map(node, "data.rows.columns", "{age: int, born: date}", state.mistakes);
  for (const ValueNode& child : node.children) {
    RowColumn column{.name = child.key};
    if (map.Choice(child.key, kColumnTypes, &column.type)) format->columns.push_back(column);
  }
  map.Finish();
}

// The columns whose type was given have to be there.
void CheckColumnTypes(const ValueNode& node, const Rows& rows, const ReadState& state) {
  std::vector<std::string_view> names;
  for (const RowColumn& column : rows.Columns()) names.push_back(column.name);
  for (const ValueNode& child : node.children) {
    if (rows.Find(child.key) < names.size()) continue;
    state.mistakes->Add(child.key_place, fmt::format("the rows have no column {}{}",
                                                     Quote(child.key), Suggest(child.key, names)));
  }
}

}  // namespace

void ReadSeparator(MapReader* map, char* separator) {
  std::string text;
  if (!map->Text("separator", &text)) return;
  if (text.size() != 1 || text == "\"" || text == "\n" || text == "\r") {
    return map->Complain("separator", fmt::format("not a separator: {}; expected one character, "
                                                  "such as ';' or \"\\t\"",
                                                  Quote(text)));
  }
  *separator = text[0];
}

void ReadRows(const ValueNode& node, const ReadState& state) {
  RowFormat format;
  std::string path;
  MapReader map(node, "data.rows", kRowsExample, state.mistakes);
  format.json = map.Has("jsonl");
  const std::string_view kind = format.json ? "jsonl" : "csv";
  if (format.json) {
    map.Refuse("csv", "'csv' does not go with jsonl; rows come from one file");
    map.Refuse("separator", "'separator' does not go with jsonl");
  } else {
    map.Need("csv", "csv: patients.csv");
    map.Find("jsonl");
    ReadSeparator(&map, &format.separator);
  }
  const std::size_t mistakes_before = state.mistakes->Count();
  state.plan->data.rows = std::make_shared<const Rows>(std::vector<RowColumn>{});
  const ValueNode* const columns = map.Find("columns");
  if (columns != nullptr) ReadColumnTypes(*columns, state, &format);
  const bool named = map.Text(kind, &path);
  map.Finish();
  if (!named || state.mistakes->Count() != mistakes_before) return;
  format.path = PathBeside(state.plan->file, path);
  const auto rows = ReadRowFile(format, node.Child(kind)->place, state.mistakes);
  if (rows == nullptr) return;
  state.plan->data.rows = rows;
  if (columns != nullptr) CheckColumnTypes(*columns, *rows, state);
}

}  // namespace mbench
