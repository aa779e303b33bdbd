// SPDX-License-Identifier: Apache-2.0
//
// The hash that YCSB makes keys and scrambled ranks with.
//
// FNV-1a with 64 bits (Fowler, Noll, Vo) over the eight bytes of the number, lowest first, then the
// absolute value as of a signed number. (Java has no absolute value of -2^63; no number that a run
// could reach is known to hash to it.)
#pragma once

#include <array>
#include <cstdint>

namespace mbench {

namespace detail {
inline constexpr std::uint64_t kFnvBasis = 0xcbf29ce484222325;
inline constexpr std::uint64_t kFnvPrime = 0x100000001b3;

// kFnvPrime to the power of 0 .. 8.
inline constexpr auto kFnvPowers = [] {
  std::array<std::uint64_t, 9> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * kFnvPrime;
  return powers;
}();

// A step for a zero byte only multiplies, so the steps of all leading zero bytes are one
// multiplication.
template <int kBytes>
constexpr std::uint64_t FnvOfLowBytes(std::uint64_t number) {
  std::uint64_t hash = kFnvBasis;
  for (int i = 0; i < kBytes; ++i) hash = (hash ^ (number >> (8 * i) & 0xff)) * kFnvPrime;
  return hash * kFnvPowers[8 - kBytes];
}
}  // namespace detail

constexpr std::uint64_t FnvHash64(std::uint64_t number) {
  // Few cases, so that the branch is always the same one in a run.
  const std::uint64_t hash = number < (1ULL << 24)   ? detail::FnvOfLowBytes<3>(number)
                             : number < (1ULL << 40) ? detail::FnvOfLowBytes<5>(number)
                                                     : detail::FnvOfLowBytes<8>(number);
  return hash >> 63 ? ~hash + 1 : hash;
}

}  // namespace mbench
