// SPDX-License-Identifier: Apache-2.0
//
// Random-looking text with 6 bits of entropy a byte, and nothing in it that needs escaping in JSON,
// SQL, XML or CSV: no quotes, backslash, angle brackets, '&', comma or space.
//
// The alphabet is made for speed. Its 64 characters are 16 whole groups of four that differ in
// their lowest two bits only:
//
//     0123 4567 89:; @ABC DEFG HIJK LMNO PQRS TUVW XYZ[ defg hijk lmno pqrs tuvw xyz{
//
// So XOR with a mask of 0..3 in every byte leads from the alphabet into the alphabet. A text is a
// slice of a fixed pool of such characters, masked; slice and mask come from a hash. That costs one
// load, one XOR and one store per 16 bytes, and without the mask a compressor would find slices
// that overlap.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mbench {

namespace detail {
constexpr std::uint64_t RepeatByte(std::uint64_t byte) { return byte * 0x0101'0101'0101'0101; }

// Eight 6-bit numbers, one in each byte, to their characters. The alphabet is three ranges of the
// ASCII table, of 12, 28 and 24 characters. Adding 128 - begin carries into the top bit of a byte
// that has reached the range that begins there, and into no other byte.
constexpr std::uint64_t Characters(std::uint64_t numbers) {
  const std::uint64_t second = (numbers + RepeatByte(128 - 12)) >> 7 & RepeatByte(1);
  const std::uint64_t third = (numbers + RepeatByte(128 - 40)) >> 7 & RepeatByte(1);
  return numbers + RepeatByte('0') + second * ('@' - ';' - 1) + third * ('d' - '[' - 1);
}

// Vectors of GCC and clang.
using Bytes16 = std::uint64_t __attribute__((vector_size(16)));

inline void CopyMasked(const char* from, std::uint64_t mask, char* to) {
  Bytes16 bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  bytes ^= Bytes16{mask, mask};
  std::memcpy(to, &bytes, sizeof bytes);
}
}  // namespace detail

// Which text: made of a hash.
class TextSource {
 public:
  // Texts are made in pieces of at most so many bytes, each from a slice of its own.
  static constexpr std::size_t kPiece = 4096;

  explicit TextSource(std::uint64_t hash) : hash_(hash) {}

  // Bytes [0, size) of the text.
  void Write(char* out, std::size_t size) const {
    if (size > kPiece) [[unlikely]]
      return WriteLong(out, size);
    WritePiece(hash_, out, size);
  }
  // Piece number `piece` alone: bytes from piece * kPiece on. REQUIRES: size <= kPiece.
  void WritePieceOf(std::size_t piece, char* out, std::size_t size) const;

 private:
  static constexpr std::size_t kSlices = 1 << 16;  // a slice may begin at any of so many bytes
  using Pool = std::array<std::uint64_t, (kSlices + kPiece + 16) / 8>;
  static const Pool kPool;  // the same in every run

  // The mask is eight bytes again and again. The last bytes are written as one more block that ends
  // where the text ends: it overlaps the one before, and its mask is rotated to fit.
  static void WritePiece(std::uint64_t hash, char* out, std::size_t size) {
    const char* const slice = reinterpret_cast<const char*>(kPool.data()) + hash % kSlices;
    const std::uint64_t mask = std::rotl(hash, 32) & detail::RepeatByte(0x03);
    if (size < 16) [[unlikely]]
      return WriteShort(slice, mask, out, size);
    std::size_t at = 0;
    for (; at + 32 <= size; at += 32) {
      detail::CopyMasked(slice + at, mask, out + at);
      detail::CopyMasked(slice + at + 16, mask, out + at + 16);
    }
    if (at + 16 <= size) detail::CopyMasked(slice + at, mask, out + at);
    const auto turn = static_cast<int>(size % 8 * 8);
    detail::CopyMasked(slice + size - 16, std::rotr(mask, turn), out + size - 16);
  }
  static void WriteShort(const char* slice, std::uint64_t mask, char* out, std::size_t size);
  void WriteLong(char* out, std::size_t size) const;

  std::uint64_t hash_;
};

// The character of the lowest 6 bits.
inline char TextCharacter(std::uint64_t bits) {
  return static_cast<char>(detail::Characters(bits & 0x3f));
}

// A tag is 48 bits as 8 characters. They are first spread out to 6 bits in each byte of a word,
// halves being moved apart three times: 48 -> 2 x 24 -> 4 x 12 -> 8 x 6.
constexpr std::uint64_t SpreadTag(std::uint64_t bits48) {
  std::uint64_t x = (bits48 & 0xffff'ff00'0000) << 8 | (bits48 & 0x00ff'ffff);
  x = (x & 0x00ff'f000'00ff'f000) << 4 | (x & 0x0000'0fff'0000'0fff);
  return (x & 0x0fc0'0fc0'0fc0'0fc0) << 2 | (x & 0x003f'003f'003f'003f);
}
inline constexpr std::uint64_t kTagBits = detail::RepeatByte(0x3f);

// `spread`: within kTagBits.
inline void WriteTag(std::uint64_t spread, char* out) {
  const std::uint64_t text = detail::Characters(spread);
  std::memcpy(out, &text, sizeof text);
}
// False: one of the characters is none that a tag has.
bool ReadTag(const char* text, std::uint64_t* spread);
std::uint64_t GatherTag(std::uint64_t spread);

}  // namespace mbench
