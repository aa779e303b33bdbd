// SPDX-License-Identifier: Apache-2.0
//
// BSON, appended to a string that is used again and again, so that nothing is allocated per op.
// The format: https://bsonspec.org/spec.html (little endian, as are the machines we run on).
//
//   std::string out;
//   const std::size_t document = BeginDocument(&out);
//   PutText("_id", "a", &out);
//   EndDocument(document, &out);
#pragma once

#include <bson/bson.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace mbench::mongodb {

// The first byte of an element.
enum class BsonType : char {
  kDouble = 0x01,
  kText = 0x02,
  kDocument = 0x03,
  kArray = 0x04,
  kBinary = 0x05,
  kObjectId = 0x07,
  kFlag = 0x08,
  kDate = 0x09,
  kNull = 0x0a,
  kInt32 = 0x10,
  kInt64 = 0x12,
  kDecimal = 0x13,
};

template <class T>
void PutRaw(T value, std::string* out) {
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}

// Where the document begins: for EndDocument, which fills in its length.
inline std::size_t BeginDocument(std::string* out) {
  PutRaw<std::int32_t>(0, out);
  return out->size() - sizeof(std::int32_t);
}

inline void EndDocument(std::size_t begin, std::string* out) {
  out->push_back(0);
  const auto size = static_cast<std::int32_t>(out->size() - begin);
  std::memcpy(out->data() + begin, &size, sizeof size);
}

// A NUL would end the name; names have none.
inline void PutName(BsonType type, std::string_view name, std::string* out) {
  out->push_back(static_cast<char>(type));
  out->append(name.substr(0, name.find('\0')));
  out->push_back(0);
}

// A document or an array within: to be ended with EndDocument.
inline std::size_t Begin(BsonType type, std::string_view name, std::string* out) {
  PutName(type, name, out);
  return BeginDocument(out);
}

inline void PutTextValue(std::string_view value, std::string* out) {
  PutRaw(static_cast<std::int32_t>(value.size() + 1), out);
  out->append(value);
  out->push_back(0);
}

inline void PutText(std::string_view name, std::string_view value, std::string* out) {
  PutName(BsonType::kText, name, out);
  PutTextValue(value, out);
}

inline void PutBinary(std::string_view name, std::string_view value, std::string* out) {
  PutName(BsonType::kBinary, name, out);
  PutRaw(static_cast<std::int32_t>(value.size()), out);
  out->push_back(0);  // generic
  out->append(value);
}

inline void PutInt32(std::string_view name, std::int32_t value, std::string* out) {
  PutName(BsonType::kInt32, name, out);
  PutRaw(value, out);
}

inline void PutInt64(std::string_view name, std::int64_t value, std::string* out) {
  PutName(BsonType::kInt64, name, out);
  PutRaw(value, out);
}

inline void PutFlag(std::string_view name, bool value, std::string* out) {
  PutName(BsonType::kFlag, name, out);
  out->push_back(value ? 1 : 0);
}

// The same bytes for libbson, as long as they stay where they are. Points into itself.
class BsonView {
 public:
  explicit BsonView(std::string_view bytes)
      : valid_(bson_init_static(&bson_, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                bytes.size())) {}
  BsonView(const BsonView&) = delete;
  BsonView& operator=(const BsonView&) = delete;
  bool Valid() const { return valid_; }
  const bson_t* get() const { return &bson_; }

 private:
  bson_t bson_;
  bool valid_;
};

}  // namespace mbench::mongodb
