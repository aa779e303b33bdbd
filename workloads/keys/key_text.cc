// SPDX-License-Identifier: Apache-2.0
#include "workloads/keys/key_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "workloads/keys/fnv_hash.h"

namespace mbench {
namespace {

constexpr std::size_t kMaxDigits = 20;  // of 2^64 - 1
constexpr std::size_t kOften = 4;       // length of the prefix "user"

constexpr auto kPowersOfTen = [] {
  std::array<std::uint64_t, kMaxDigits> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

std::size_t CountDigits(std::uint64_t number) {
  // Bits times log10(2), rounded down: right, or one too few.
  const auto guess = static_cast<std::size_t>(std::bit_width(number | 1)) * 1233 >> 12;
  return guess + (guess < kMaxDigits && (number | 1) >= kPowersOfTen[guess] ? 1 : 0);
}

// The digits of two numbers below 10^4 at once, of the one in the low half of the word first: each
// is cut into 2-digit numbers, these into digits, the first one in the lowest byte. Division by 100
// and by 10 is a multiplication with a reciprocal that is exact for numbers of this size.
std::uint64_t DigitsOfFours(std::uint64_t fours) {
  const std::uint64_t hundreds = fours * 10'486 >> 20 & 0x0000'007f'0000'007f;
  const std::uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
  const std::uint64_t tens = twos * 103 >> 10 & 0x000f'000f'000f'000f;
  return (tens | (twos - tens * 10) << 8) | 0x3030'3030'3030'3030;
}
std::uint64_t EightDigits(std::uint64_t number) {
  return DigitsOfFours(number / 10'000 | number % 10'000 << 32);
}

// The kMaxDigits digits that end at `end`, zeros in front.
void WriteDigits(std::uint64_t number, char* end) {
  constexpr std::uint64_t kEight = 100'000'000;
  const std::uint64_t high = number / kEight;
  const std::uint64_t low8 = EightDigits(number % kEight), middle8 = EightDigits(high % kEight);
  const auto top4 = static_cast<std::uint32_t>(DigitsOfFours(high / kEight));  // at most 1844
  std::memcpy(end - 8, &low8, 8);
  std::memcpy(end - 16, &middle8, 8);
  std::memcpy(end - 20, &top4, 4);
}

}  // namespace

KeyText::KeyText(KeyFormat format)
    : format_(std::move(format)),
      max_size_(format_.prefix.size() + std::max<std::size_t>(kMaxDigits, format_.digits)) {
  std::memcpy(short_prefix_.data(), format_.prefix.data(),
              std::min(format_.prefix.size(), short_prefix_.size()));
}

std::string_view KeyText::Write(std::uint64_t record, std::string* storage) const {
  if (storage->size() < max_size_) [[unlikely]]
    storage->resize(max_size_);
  const std::uint64_t number = format_.order == KeyOrder::kHashed ? FnvHash64(record) : record;
  const std::size_t digits = std::max<std::size_t>(CountDigits(number), format_.digits);
  const std::size_t prefix = format_.prefix.size();
  char* const end = storage->data() + max_size_;
  char* const begin = end - digits - prefix;
  if (digits > kMaxDigits) [[unlikely]]
    std::memset(begin + prefix, '0', digits - kMaxDigits);
  WriteDigits(number, end);
  // Over zeros that are too many. Moved in a constant size wherever possible: that is an
  // instruction, and a memcpy of a size known only at run time is a call.
  if (prefix == kOften) [[likely]] {
    std::memcpy(begin, short_prefix_.data(), kOften);
  } else {
    std::memcpy(begin, format_.prefix.data(), prefix);
  }
  return {begin, prefix + digits};
}

}  // namespace mbench
