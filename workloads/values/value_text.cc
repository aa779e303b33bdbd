// SPDX-License-Identifier: Apache-2.0
#include "workloads/values/value_text.h"

#include <algorithm>

#include "harness/base/rng.h"

namespace mbench {
namespace {

constexpr std::uint8_t Character(std::uint64_t bits) {
  return static_cast<std::uint8_t>(detail::Characters(bits & 0x3f));
}

constexpr std::uint8_t kNoCharacter = 0xff;
constexpr auto kBitsOfCharacter = [] {
  std::array<std::uint8_t, 256> bits{};
  bits.fill(kNoCharacter);
  for (std::uint8_t i = 0; i < 64; ++i) bits[Character(i)] = i;
  return bits;
}();

}  // namespace

// Filled at compile time.
constexpr TextSource::Pool TextSource::kPool = [] {
  Pool pool{};
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    word = i % 8 == 0 ? Mix64(i) : word >> 8;
    pool[i] = Character(word);
  }
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

void TextSource::WriteShort(const std::uint8_t* slice, std::uint64_t mask, char* out,
                            std::size_t size) {
  std::array<char, 16> text;
  detail::CopyMasked(slice, mask, text.data());
  std::memcpy(out, text.data(), size);
}

bool ReadTag(const char* text, std::uint64_t* spread) {
  *spread = 0;
  for (int i = 7; i >= 0; --i) {
    const std::uint8_t bits = kBitsOfCharacter[static_cast<std::uint8_t>(text[i])];
    if (bits == kNoCharacter) return false;
    *spread = *spread << 8 | bits;
  }
  return true;
}

std::uint64_t GatherTag(std::uint64_t spread) {
  std::uint64_t bits48 = 0;
  for (int i = 7; i >= 0; --i) bits48 = bits48 << 6 | (spread >> (8 * i) & 0x3f);
  return bits48;
}

}  // namespace mbench
