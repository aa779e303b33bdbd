// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace mbench::mongodb {
namespace {

// "field7", without making a string of it each time.
class FieldName {
 public:
  explicit FieldName(std::uint16_t field) {
    const auto end = fmt::format_to(text_.begin(), "field{}", field);
    size_ = static_cast<std::size_t>(end - text_.begin());
  }
  std::string_view get() const { return {text_.data(), size_}; }

 private:
  std::array<char, 16> text_;
  std::size_t size_;
};

// The bytes of a field, which may be of either type, whatever this run writes.
std::string_view BytesOf(const bson_iter_t& at) {
  std::uint32_t size = 0;
  if (BSON_ITER_HOLDS_BINARY(&at)) {
    const std::uint8_t* bytes = nullptr;
    bson_iter_binary(&at, nullptr, &size, &bytes);
    return {reinterpret_cast<const char*>(bytes), size};
  }
  if (!BSON_ITER_HOLDS_UTF8(&at)) return {};
  const char* const text = bson_iter_utf8(&at, &size);
  return {text, size};
}

// The number of a field name, or kAllFields for another name.
std::uint16_t FieldNumber(std::string_view name) {
  constexpr std::string_view kPrefix = "field";
  std::uint16_t number = 0;
  if (!name.starts_with(kPrefix)) return kAllFields;
  name.remove_prefix(kPrefix.size());
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? number : kAllFields;
}

void PutField(const Setup& setup, std::uint16_t field, std::string_view value, std::string* out) {
  if (setup.binary) {
    PutBinary(FieldName(field).get(), value, out);
  } else {
    PutText(FieldName(field).get(), value, out);
  }
}

// A member that is a document made by `put`.
template <class Put>
void PutMember(std::string_view name, std::string* out, Put put) {
  PutName(BsonType::kDocument, name, out);
  put();
}

void PutNumber(std::uint64_t number, std::string* out) {
  if (number != 0) PutInt64(kNumberField, static_cast<std::int64_t>(number), out);
}

}  // namespace

void PutFields(const Setup& setup, const RecordView& record, std::string* out) {
  for (std::uint16_t i = 0; i < record.Fields(); ++i) PutField(setup, i, record.Field(i), out);
}

void PutRecord(const Setup& setup, std::string_view key, const RecordView& record, std::string* out,
               std::uint64_t number) {
  const std::size_t document = BeginDocument(out);
  PutText("_id", key, out);
  PutFields(setup, record, out);
  PutNumber(number, out);
  EndDocument(document, out);
}

void PutKey(std::string_view key, std::string* out) {
  const std::size_t filter = BeginDocument(out);
  PutText("_id", key, out);
  EndDocument(filter, out);
}

void PutUpdate(const Setup& setup, const Op& op, std::uint16_t fields, std::string* out,
               std::uint64_t number) {
  const std::size_t update = BeginDocument(out);
  const std::size_t set = Begin(BsonType::kDocument, "$set", out);
  if (op.field != kAllFields) {
    PutField(setup, op.field, op.value, out);
  } else {
    PutFields(setup, RecordView(op.value, fields), out);
  }
  PutNumber(number, out);
  EndDocument(set, out);
  EndDocument(update, out);
}

// ---- commands ----

void PutReadCommand(const Setup& setup, const Op& op, std::string* out) {
  PutText("find", setup.collection, out);
  PutMember("filter", out, [&] { PutKey(op.key, out); });
  if (op.field != kAllFields) {
    const std::size_t projection = Begin(BsonType::kDocument, "projection", out);
    PutInt32(FieldName(op.field).get(), 1, out);
    EndDocument(projection, out);
  }
  PutInt32("limit", 1, out);
  PutFlag("singleBatch", true, out);
}

void PutScanCommand(const Setup& setup, const Op& op, std::string* out) {
  PutText("find", setup.collection, out);
  const std::size_t filter = Begin(BsonType::kDocument, "filter", out);
  const std::size_t id = Begin(BsonType::kDocument, "_id", out);
  PutText("$gte", op.key, out);
  EndDocument(id, out);
  EndDocument(filter, out);
  const std::size_t sort = Begin(BsonType::kDocument, "sort", out);
  PutInt32("_id", 1, out);
  EndDocument(sort, out);
  const std::uint32_t limit = std::max(1u, op.scan_limit);
  PutInt64("limit", limit, out);
  PutInt64("batchSize", limit, out);
}

void PutWriteCommand(const Setup& setup, const Op& op, std::uint16_t fields, bool replaces,
                     std::string* out) {
  const bool inserts = op.kind == OpKind::kInsert && !replaces;
  const bool deletes = op.kind == OpKind::kDelete;
  PutText(inserts ? "insert" : deletes ? "delete" : "update", setup.collection, out);
  const std::size_t list = Begin(BsonType::kArray,
                                 inserts   ? "documents"
                                 : deletes ? "deletes"
                                           : "updates",
                                 out);
  if (inserts) {
    PutMember("0", out, [&] { PutRecord(setup, op.key, RecordView(op.value, fields), out); });
  } else {
    const std::size_t item = Begin(BsonType::kDocument, "0", out);
    PutMember("q", out, [&] { PutKey(op.key, out); });
    if (deletes) {
      PutInt32("limit", 1, out);
    } else if (replaces) {
      PutMember("u", out, [&] { PutRecord(setup, op.key, RecordView(op.value, fields), out); });
      PutFlag("upsert", true, out);
    } else {
      PutMember("u", out, [&] { PutUpdate(setup, op, fields, out); });
    }
    EndDocument(item, out);
  }
  EndDocument(list, out);
}

void PutGetMore(std::int64_t id, std::string_view collection, std::int32_t batch_size,
                std::string* out) {
  PutInt64("getMore", id, out);
  PutText("collection", collection, out);
  if (batch_size > 0) PutInt32("batchSize", batch_size, out);
}

void PutKillCursor(std::int64_t id, std::string_view collection, std::string* out) {
  PutText("killCursors", collection, out);
  const std::size_t list = Begin(BsonType::kArray, "cursors", out);
  PutInt64("0", id, out);
  EndDocument(list, out);
}

// ---- answers ----

std::string CollectionOfCursor(const bson_t& reply) {
  bson_iter_t iter, found;
  if (!bson_iter_init(&iter, &reply) || !bson_iter_find_descendant(&iter, "cursor.ns", &found))
    return "";
  const std::string ns = BSON_ITER_HOLDS_UTF8(&found) ? bson_iter_utf8(&found, nullptr) : "";
  return ns.substr(ns.find('.') + 1);
}

bool FieldReader::Take(const Op& op, const bson_iter_t& document) {
  std::fill(fields_.begin(), fields_.end(), std::string_view());
  bson_iter_t field;
  if (op.kind == OpKind::kScan && op.scan_limit == 0) return false;
  if (!bson_iter_recurse(&document, &field)) return false;
  while (bson_iter_next(&field)) {
    const std::uint16_t number = FieldNumber(bson_iter_key(&field));
    if (number < fields_.size()) fields_[number] = BytesOf(field);
  }
  return true;
}

std::string_view FieldReader::ValueOf(const Op& op, std::string* storage) const {
  if (op.field != kAllFields) return op.field < fields_.size() ? fields_[op.field] : "";
  MakeRecord(fields_, storage);
  return *storage;
}

}  // namespace mbench::mongodb
