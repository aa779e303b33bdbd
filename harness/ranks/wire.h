// SPDX-License-Identifier: Apache-2.0
//
// Numbers and texts as bytes, for ranks of one version of the program.
//
// Whole numbers are LEB128 (seven bits a byte, the lowest first), signed ones ZigZag before that,
// so that counts of a histogram take a byte or two each; the others are their eight bytes.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace mbench {

class WireWriter {
 public:
  void Count(std::uint64_t value);
  void Signed(std::int64_t value) {
    Count(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  void Real(double value);
  void Flag(bool value) { Count(value ? 1 : 0); }
  void Text(std::string_view text) {
    Count(text.size());
    bytes_ += text;
  }

  const std::string& Bytes() const { return bytes_; }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what a WireWriter wrote, in the same order. Behind the end everything is 0, and Ok() false.
class WireReader {
 public:
  // `bytes` outlives the reader.
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t Count();
  std::int64_t Signed() {
    const std::uint64_t value = Count();
    return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1)));
  }
  double Real();
  bool Flag() { return Count() != 0; }
  std::string Text();

  bool AtEnd() const { return rest_.empty(); }
  bool Ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// Any of these by its type: numbers, texts, and arrays and vectors of them.
template <class T>
void Put(const T& value, WireWriter* to) {
  if constexpr (std::is_same_v<T, bool>) {
    to->Flag(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    to->Real(value);
  } else if constexpr (std::is_unsigned_v<T>) {
    to->Count(value);
  } else if constexpr (std::is_integral_v<T>) {
    to->Signed(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    to->Text(value);
  } else {
    if constexpr (requires { value.capacity(); }) to->Count(value.size());
    for (const auto& one : value) Put(one, to);
  }
}

template <class T>
void Get(WireReader* from, T* value) {
  if constexpr (std::is_same_v<T, bool>) {
    *value = from->Flag();
  } else if constexpr (std::is_floating_point_v<T>) {
    *value = from->Real();
  } else if constexpr (std::is_unsigned_v<T>) {
    *value = static_cast<T>(from->Count());
  } else if constexpr (std::is_integral_v<T>) {
    *value = static_cast<T>(from->Signed());
  } else if constexpr (std::is_same_v<T, std::string>) {
    *value = from->Text();
  } else if constexpr (requires { value->capacity(); }) {
    for (std::uint64_t left = from->Count(); left > 0 && from->Ok(); --left)
      Get(from, &value->emplace_back());
  } else {
    for (auto& one : *value) Get(from, &one);
  }
}

}  // namespace mbench
