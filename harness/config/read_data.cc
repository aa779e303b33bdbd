// SPDX-License-Identifier: Apache-2.0
//
// data: {records: 100k, value: {fields: 10, size: 100B}}
#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/data_files.h"
#include "harness/config/limits.h"
#include "harness/config/sections.h"
#include "harness/config/text_file.h"

namespace mbench {
namespace {

constexpr Range<std::int64_t> kSizes = {1, limits::kFieldBytes, "1B to 64MiB"};

void ReadKey(const ValueNode& node, const ReadState& state, KeyFormat* key) {
  MapReader map(node, "data.key", "{prefix: user, order: hashed}", state.mistakes);
  if (map.Text("prefix", &key->prefix) && key->prefix.size() > 256) {
    map.Complain("prefix", "a prefix has at most 256 bytes");
  }
  map.Choice("order", &key->order);
  map.Count("digits", {1, limits::kKeyDigits, "1 to 100"}, &key->digits);
  map.Finish();
}

void ReadSizeScalar(const ValueNode& node, const ReadState& state, FieldSize* size) {
  const std::string* const text = ScalarText(node, "size", state.mistakes);
  if (text == nullptr) return;
  const Result<std::int64_t> bytes = ParseBytes(*text);
  if (!bytes) {
    state.mistakes->Add(node.place, bytes.error().message);
  } else if (*bytes < kSizes.min || *bytes > kSizes.max) {
    state.mistakes->Add(node.place, fmt::format("{} is out of range for size; expected {}",
                                                Quote(*text), kSizes.text));
  } else {
    size->max = static_cast<std::uint32_t>(*bytes);
  }
}

void ReadHistogram(MapReader* map, const ReadState& state, FieldSize* size) {
  for (const std::string_view key : {"choose", "min", "max"}) {
    map->Refuse(key, fmt::format("'{}' does not go with a histogram, which has all sizes", key));
  }
  std::string path;
  if (!map->Text("histogram", &path)) return;
  size->choose = SizeChoice::kHistogram;
  auto bars = ReadSizeHistogram(PathBeside(state.plan->file, path));
  if (!bars) return map->Complain("histogram", bars.error().message);
  size->histogram = *std::move(bars);
  size->min = std::ranges::min(size->histogram).first;
  size->max = std::ranges::max(size->histogram).first;
}

void ReadSizeRange(MapReader* map, FieldSize* size) {
  map->Choice("choose", {SizeChoice::kConstant, SizeChoice::kUniform, SizeChoice::kZipfian},
              &size->choose);
  if (map->Node().kind == ValueNode::Kind::kMap) map->Need("max", "max: 100B");
  map->Bytes("max", kSizes, &size->max);
  if (size->choose == SizeChoice::kConstant) {
    map->Refuse("min", "'min' does not go with constant sizes; write choose: uniform or zipfian");
    return;
  }
  map->Bytes("min", kSizes, &size->min);
  if (size->min > size->max) {
    map->Complain("min", fmt::format("min ({}) is above max ({})", size->min, size->max));
  }
}

void ReadSize(const ValueNode& node, const ReadState& state, FieldSize* size) {
  if (node.kind != ValueNode::Kind::kMap) return ReadSizeScalar(node, state, size);
  MapReader map(node, "data.value.size", "{choose: uniform, min: 1, max: 100B}", state.mistakes);
  if (map.Has("histogram")) {
    ReadHistogram(&map, state, size);
  } else {
    ReadSizeRange(&map, size);
    if (!map.Has("max")) map.Find("histogram");
  }
  map.Finish();
}

void ReadValue(const ValueNode& node, const ReadState& state, ValuePlan* value) {
  MapReader map(node, "data.value", "{fields: 10, size: 100B}", state.mistakes);
  map.Count("fields", {1, limits::kFields, "1 to 10k"}, &value->fields);
  if (const ValueNode* const size = map.Find("size")) ReadSize(*size, state, &value->size);
  map.Fraction("compressible", &value->compressible);
  map.Finish();
  const std::int64_t largest = std::int64_t{value->fields} * value->size.max;
  if (largest > limits::kRecordBytes) {
    state.mistakes->Add(
        node.Head(),
        fmt::format("a record of {} fields of {} has {}; expected at most 1GiB", value->fields,
                    FormatBytes(value->size.max), FormatBytes(static_cast<double>(largest))));
  }
}

// Record `first` + i is row i, and by default there are as many records as rows.
void ReadRecords(MapReader* map, DataPlan* data) {
  const std::size_t rows = data->rows == nullptr ? 0 : data->rows->Count();
  if (rows != 0) data->records = rows;
  map->Count("records", {1, limits::kRecords, "1 to 1T"}, &data->records);
  if (rows != 0 && data->records > rows) {
    map->Complain("records", fmt::format("records ({}) is more than there are rows ({})",
                                         data->records, rows));
  }
}

}  // namespace

void ReadData(const ValueNode& node, const ReadState& state) {
  DataPlan& data = state.plan->data;
  MapReader map(node, "data", "{records: 100k}", state.mistakes);
  if (const ValueNode* const rows = map.Find("rows")) ReadRows(*rows, state);
  ReadRecords(&map, &data);
  map.Count("first", {0, limits::kRecords, "0 to 1T"}, &data.first);
  map.Count("load_records", {1, limits::kRecords, "1 to 1T, and at most 'records'"},
            &data.load_records);
  if (data.load_records > data.records) {
    map.Complain("load_records", fmt::format("load_records ({}) is more than records ({})",
                                             data.load_records, data.records));
  }
  map.Choice("load", &data.load);
  if (const ValueNode* const key = map.Find("key")) ReadKey(*key, state, &data.key);
  if (const ValueNode* const value = map.Find("value")) ReadValue(*value, state, &data.value);
  // Read once the generators are known: ReadDataStatements.
  for (const std::string_view key : {"load_statement", "before_load", "after_load"}) map.Find(key);
  if (map.Has("rows") && !map.Has("load_statement")) {
    map.Complain("rows",
                 "rows are what load_statement loads, and there is none; expected "
                 "something like load_statement: {insert: patients, document: {...}}");
  }
  map.Finish();
}

}  // namespace mbench
