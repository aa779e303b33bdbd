// SPDX-License-Identifier: Apache-2.0
//
// How the fields of a record travel in Op::value and Completion::value.
//
// A record of one field is the bare bytes, so that a 100-byte value is 100 bytes everywhere. A
// record of several fields is a header and the bytes, back to back:
//
//     u32 end[0] ... u32 end[fields-1]  |  bytes of field 0  |  bytes of field 1  | ...
//
// end[i] counts from the first byte after the header; little endian. One field alone (Op::field is
// not kAllFields) is bare bytes again. Stores of blobs keep a record exactly so.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace mbench {

class RecordView {
 public:
  RecordView(std::string_view bytes, std::uint16_t fields) : bytes_(bytes), fields_(fields) {}

  static constexpr std::size_t HeaderSize(std::uint16_t fields) {
    return fields == 1 ? 0 : fields * sizeof(std::uint32_t);
  }

  // False for bytes that are no record of so many fields. Everything below REQUIRES it to be true.
  bool Valid() const {
    if (fields_ == 1) return true;
    if (fields_ == 0 || bytes_.size() < HeaderSize(fields_)) return false;
    std::uint32_t previous = 0;
    for (std::uint16_t i = 0; i < fields_; ++i) {
      if (End(i) < previous) return false;
      previous = End(i);
    }
    return previous == bytes_.size() - HeaderSize(fields_);
  }

  std::uint16_t Fields() const { return fields_; }

  std::string_view Field(std::uint16_t index) const {
    if (fields_ == 1) return bytes_;
    const std::uint32_t begin = index == 0 ? 0 : End(static_cast<std::uint16_t>(index - 1));
    return bytes_.substr(HeaderSize(fields_) + begin, End(index) - begin);
  }

 private:
  std::uint32_t End(std::uint16_t index) const {
    std::uint32_t end = 0;
    std::memcpy(&end, bytes_.data() + index * sizeof end, sizeof end);
    return end;
  }

  std::string_view bytes_;
  std::uint16_t fields_;
};

// The record of these fields, into `out` (its storage is reused).
inline void MakeRecord(std::span<const std::string_view> fields, std::string* out) {
  out->clear();
  std::uint32_t end = 0;
  for (std::size_t i = 0; fields.size() > 1 && i < fields.size(); ++i) {
    end += static_cast<std::uint32_t>(fields[i].size());
    out->append(reinterpret_cast<const char*>(&end), sizeof end);
  }
  for (const std::string_view field : fields) out->append(field);
}

// The record with one field replaced, into `out` (its storage is reused).
inline void ReplaceField(const RecordView& record, std::uint16_t index, std::string_view value,
                         std::string* out) {
  out->clear();
  std::uint32_t end = 0;
  for (std::uint16_t i = 0; record.Fields() > 1 && i < record.Fields(); ++i) {
    end += static_cast<std::uint32_t>(i == index ? value.size() : record.Field(i).size());
    out->append(reinterpret_cast<const char*>(&end), sizeof end);
  }
  for (std::uint16_t i = 0; i < record.Fields(); ++i)
    out->append(i == index ? value : record.Field(i));
}

}  // namespace mbench
