// SPDX-License-Identifier: Apache-2.0
#include "workloads/values/value_text.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "harness/base/rng.h"

namespace mbench {
namespace {

// ---- 6 bits -> character: "./0123456789", "A..Z", "a..z"
// -------------------------------------------

constexpr std::uint8_t kFirst = '.';
constexpr std::uint8_t kUpper = 12, kUpperJump = 'A' - '9' - 1;
constexpr std::uint8_t kLower = 38, kLowerJump = 'a' - 'Z' - 1;

constexpr std::uint8_t Character(std::uint8_t bits6) {
  return static_cast<std::uint8_t>(bits6 + kFirst + (bits6 >= kUpper ? kUpperJump : 0) +
                                   (bits6 >= kLower ? kLowerJump : 0));
}

constexpr std::uint8_t kNoCharacter = 0xff;
constexpr auto kBitsOfCharacter = [] {
  std::array<std::uint8_t, 256> bits{};
  bits.fill(kNoCharacter);
  for (std::uint8_t i = 0; i < 64; ++i) bits[Character(i)] = i;
  return bits;
}();

constexpr std::uint64_t Repeat(std::uint64_t byte) { return byte * 0x0101'0101'0101'0101; }

// The same for eight numbers in one word: adding 128 - limit carries into the top bit of a byte
// that has reached the limit, and into no other byte.
std::uint64_t Characters(std::uint64_t numbers) {
  const std::uint64_t upper = (numbers + Repeat(128 - kUpper)) >> 7 & Repeat(1);
  const std::uint64_t lower = (numbers + Repeat(128 - kLower)) >> 7 & Repeat(1);
  return numbers + Repeat(kFirst) + upper * kUpperJump + lower * kLowerJump;
}

// And for sixteen: vectors of GCC and clang, where a comparison gives all ones in the bytes where
// it holds.
using Bytes16 = std::uint8_t __attribute__((vector_size(16)));
using Signed16 = std::int8_t __attribute__((vector_size(16)));

inline Bytes16 Load16(const void* from) {
  Bytes16 bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

inline Bytes16 Characters(Bytes16 numbers) {
  const auto compared = reinterpret_cast<Signed16>(numbers);
  const auto upper = reinterpret_cast<Bytes16>(compared >= static_cast<std::int8_t>(kUpper));
  const auto lower = reinterpret_cast<Bytes16>(compared >= static_cast<std::int8_t>(kLower));
  return numbers + kFirst + (upper & kUpperJump) + (lower & kLowerJump);
}

// ---- the pool
// --------------------------------------------------------------------------------------

constexpr std::size_t kSlices = 1 << 16;  // a slice may begin at any of so many bytes
constexpr std::uint64_t kSixBits = Repeat(0x3f);

// 6-bit numbers, the same in every run. Filled at compile time: it is a constant.
constexpr auto kPool = [] {
  std::array<std::uint8_t, kSlices + TextSource::kPiece + 16> pool{};
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    word = i % 8 == 0 ? Mix64(i) : word >> 8;
    pool[i] = word & 0x3f;
  }
  return pool;
}();

}  // namespace

std::uint64_t TextSource::HashOfPiece(std::size_t piece) const {
  return piece == 0 ? hash_ : Mix64(hash_ + piece);
}

void TextSource::WriteLong(char* out, std::size_t size) const {
  for (std::size_t at = 0; at < size; at += kPiece) {
    WritePieceOf(at / kPiece, out + at, std::min(kPiece, size - at));
  }
}

// The mask is eight bytes again and again. The last bytes are written as one more block that ends
// where the text ends, so it overlaps the one before and its mask is rotated to fit.
void TextSource::WritePiece(std::uint64_t hash, char* out, std::size_t size) {
  const std::uint8_t* const slice = kPool.data() + hash % kSlices;
  const std::uint64_t mask = std::rotl(hash, 32) & kSixBits;
  const auto rotated = [mask](std::size_t at) {
    return std::rotr(mask, static_cast<int>(at % 8 * 8));
  };
  if (size >= 16) [[likely]] {
    const auto write = [&](std::size_t at, std::uint64_t word) {
      const std::array<std::uint64_t, 2> twice = {word, word};
      const Bytes16 text = Characters(Load16(slice + at) ^ Load16(twice.data()));
      std::memcpy(out + at, &text, 16);
    };
    for (std::size_t at = 0; at + 16 <= size; at += 16) write(at, mask);
    if (size % 16 != 0) write(size - 16, rotated(size));
    return;
  }
  std::array<std::uint64_t, 2> text;
  std::memcpy(text.data(), slice, 16);
  for (std::uint64_t& word : text) word = Characters(word ^ mask);
  std::memcpy(out, text.data(), size);
}

void EncodeTag(std::uint64_t bits48, char* out) {
  // Halves moved apart three times: 48 bits -> 2 x 24 -> 4 x 12 -> 8 x 6, each in a byte.
  std::uint64_t x = bits48;
  x = (x & 0xffff'ff00'0000) << 8 | (x & 0x00ff'ffff);
  x = (x & 0x00ff'f000'00ff'f000) << 4 | (x & 0x0000'0fff'0000'0fff);
  x = (x & 0x0fc0'0fc0'0fc0'0fc0) << 2 | (x & 0x003f'003f'003f'003f);
  x = Characters(x);
  std::memcpy(out, &x, sizeof x);
}

bool DecodeTag(const char* text, std::uint64_t* bits48) {
  *bits48 = 0;
  for (int i = 7; i >= 0; --i) {
    const std::uint8_t bits = kBitsOfCharacter[static_cast<std::uint8_t>(text[i])];
    if (bits == kNoCharacter) return false;
    *bits48 = *bits48 << 6 | bits;
  }
  return true;
}

char TextCharacter(std::uint64_t bits6) {
  return static_cast<char>(Character(static_cast<std::uint8_t>(bits6 & 0x3f)));
}

}  // namespace mbench
