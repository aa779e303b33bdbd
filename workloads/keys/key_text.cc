// SPDX-License-Identifier: Apache-2.0
#include "workloads/keys/key_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

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

// Eight digits at once: the number is halved into two 4-digit numbers in one word, these into
// 2-digit numbers, these into digits, the first digit in the lowest byte. Division by 100 and by 10
// is a multiplication with a reciprocal that is exact for numbers of this size.
std::uint64_t EightDigits(std::uint32_t number) {
  const std::uint64_t fours = number / 10'000 | static_cast<std::uint64_t>(number % 10'000) << 32;
  const std::uint64_t hundreds = fours * 10'486 >> 20 & 0x0000'007f'0000'007f;
  const std::uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
  const std::uint64_t tens = twos * 103 >> 10 & 0x000f'000f'000f'000f;
  return (tens | (twos - tens * 10) << 8) | 0x3030'3030'3030'3030;
}

// The kMaxDigits digits that end at `end`, zeros in front.
void WriteDigits(std::uint64_t number, char* end) {
  constexpr std::uint64_t kEight = 100'000'000;
  const std::uint64_t high = number / kEight;
  const auto top = static_cast<std::uint32_t>(high / kEight);  // at most 1844
  const std::uint64_t low8 = EightDigits(static_cast<std::uint32_t>(number % kEight));
  const std::uint64_t middle8 = EightDigits(static_cast<std::uint32_t>(high % kEight));
  const auto top4 = static_cast<std::uint32_t>(EightDigits(top) >> 32);
  std::memcpy(end - 8, &low8, 8);
  std::memcpy(end - 16, &middle8, 8);
  std::memcpy(end - 20, &top4, 4);
}

}  // namespace

void KeyText::Write(std::uint64_t record, std::string* out) const {
  const std::uint64_t number = format_.order == KeyOrder::kHashed ? FnvHash64(record) : record;
  const std::string& prefix = format_.prefix;
  const std::size_t digits = std::max<std::size_t>(CountDigits(number), format_.digits);
  out->resize(prefix.size() + digits);
  char* const begin = out->data();
  char* const end = begin + out->size();
  if (out->size() >= kMaxDigits && digits <= kMaxDigits && prefix.size() == kOften) [[likely]] {
    // More digits than wanted may be written, as the prefix comes over them. Constant sizes are
    // moves; a memcpy of a size known only here would be a call.
    WriteDigits(number, end);
    std::memcpy(begin, prefix.data(), kOften);
    return;
  }
  std::array<char, kMaxDigits> text;
  WriteDigits(number, text.data() + kMaxDigits);
  const std::size_t copied = std::min(digits, kMaxDigits);
  std::memset(begin, '0', out->size());
  std::memcpy(begin, prefix.data(), prefix.size());
  std::memcpy(end - copied, text.data() + (kMaxDigits - copied), copied);
}

}  // namespace mbench
