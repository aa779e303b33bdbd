// SPDX-License-Identifier: Apache-2.0
//
// A number to 20 decimal digits, zeros in front. Making the text of a key was the dearest step of
// an op.
//
// Digits are not taken off one by one. The number is cut into two of 8 digits (and 4 more in
// front), these into numbers of 4 digits, these into 2, these into 1, all pieces of a size at once,
// side by side in one word. Division by a constant is multiplication with a reciprocal that is
// exact for numbers of that size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace mbench {

inline constexpr std::size_t kMaxDigits = 20;  // of 2^64 - 1

namespace detail {

// Of two numbers below 10^4, of the one in the low half of the word first; the first digit in the
// lowest byte.
inline std::uint64_t DigitsOfFours(std::uint64_t fours) {
  const std::uint64_t hundreds = fours * 10'486 >> 20 & 0x0000'007f'0000'007f;
  const std::uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
  const std::uint64_t tens = twos * 103 >> 10 & 0x000f'000f'000f'000f;
  return (tens | (twos - tens * 10) << 8) | 0x3030'3030'3030'3030;
}

// The 8 digits of `high` and the 8 digits of `low`, both below 10^8.
inline void WriteTwoEightsPortably(std::uint64_t high, std::uint64_t low, char* out) {
  const std::uint64_t first = DigitsOfFours(high / 10'000 | high % 10'000 << 32);
  const std::uint64_t second = DigitsOfFours(low / 10'000 | low % 10'000 << 32);
  std::memcpy(out, &first, sizeof first);
  std::memcpy(out + sizeof first, &second, sizeof second);
}

#if defined(__SSE2__)
// The same with all 16 digits in one register.
inline void WriteTwoEights(std::uint64_t high, std::uint64_t low, char* out) {
  const __m128i eights =
      _mm_set_epi64x(static_cast<std::int64_t>(low), static_cast<std::int64_t>(high));
  // x / 10^4 = x * 3518437209 >> 45 for all x of 32 bits.
  const __m128i q4 = _mm_srli_epi64(_mm_mul_epu32(eights, _mm_set1_epi64x(3'518'437'209)), 45);
  const __m128i r4 = _mm_sub_epi64(eights, _mm_mul_epu32(q4, _mm_set1_epi64x(10'000)));
  const __m128i fours = _mm_or_si128(q4, _mm_slli_epi64(r4, 32));
  // x / 100 = x * 5243 >> 19 for x < 10^4.
  const __m128i q2 = _mm_srli_epi16(_mm_mulhi_epu16(fours, _mm_set1_epi16(5'243)), 3);
  const __m128i r2 = _mm_sub_epi16(fours, _mm_mullo_epi16(q2, _mm_set1_epi16(100)));
  const __m128i twos = _mm_or_si128(q2, _mm_slli_epi32(r2, 16));
  // x / 10 = x * 6554 >> 16 for x < 100.
  const __m128i q1 = _mm_mulhi_epu16(twos, _mm_set1_epi16(6'554));
  const __m128i r1 = _mm_sub_epi16(twos, _mm_mullo_epi16(q1, _mm_set1_epi16(10)));
  const __m128i ones = _mm_or_si128(q1, _mm_slli_epi16(r1, 8));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_or_si128(ones, _mm_set1_epi8('0')));
}
#else
inline void WriteTwoEights(std::uint64_t high, std::uint64_t low, char* out) {
  WriteTwoEightsPortably(high, low, out);
}
#endif

}  // namespace detail

// The kMaxDigits digits that end at `end`.
inline void WriteDigits(std::uint64_t number, char* end) {
  constexpr std::uint64_t kEight = 100'000'000;
  const std::uint64_t high = number / kEight;
  const auto top =
      static_cast<std::uint32_t>(detail::DigitsOfFours(high / kEight));  // of up to 1844
  detail::WriteTwoEights(high % kEight, number % kEight, end - 16);
  std::memcpy(end - kMaxDigits, &top, sizeof top);
}

}  // namespace mbench
