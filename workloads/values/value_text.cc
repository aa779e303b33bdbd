// SPDX-License-Identifier: Apache-2.0
#include "workloads/values/value_text.h"

#include <algorithm>

#include "harness/base/rng.h"

namespace mbench {

// Filled at compile time.
constexpr TextSource::Pool TextSource::kPool = [] {
  Pool pool{};
  std::uint64_t i = 0;
  for (std::uint64_t& word : pool) word = detail::Characters(Mix64(i++) & kTagBits);
  return pool;
}();

void TextSource::WritePieceOf(std::size_t piece, char* out, std::size_t size) const {
  WritePiece(piece == 0 ? hash_ : Mix64(hash_ + piece), out, size);
}

void TextSource::WriteLong(char* out, std::size_t size) const {
  for (std::size_t at = 0; at < size; at += kPiece) {
    WritePieceOf(at / kPiece, out + at, std::min(kPiece, size - at));
  }
}

void TextSource::WriteShort(const char* slice, std::uint64_t mask, char* out, std::size_t size) {
  std::array<char, 16> text;
  detail::CopyMasked(slice, mask, text.data());
  std::memcpy(out, text.data(), size);
}

// The ranges of the alphabet begin at 0x30, 0x40 and 0x64: two bits tell them apart. Of bytes
// outside of it something comes out that does not lead back to them.
bool ReadTag(const char* text, std::uint64_t* spread) {
  std::uint64_t x = 0;
  std::memcpy(&x, text, sizeof x);
  const std::uint64_t second = x >> 6 & detail::RepeatByte(1);
  const std::uint64_t third = x >> 5 & second;
  *spread = (x - detail::RepeatByte('0') - second * 4 - third * 8) & kTagBits;
  return detail::Characters(*spread) == x;
}

std::uint64_t GatherTag(std::uint64_t x) {
  x = (x & 0x3f00'3f00'3f00'3f00) >> 2 | (x & 0x003f'003f'003f'003f);
  x = (x & 0x0fff'0000'0fff'0000) >> 4 | (x & 0x0000'0fff'0000'0fff);
  return (x & 0x00ff'ffff'0000'0000) >> 8 | (x & 0x00ff'ffff);
}

}  // namespace mbench
