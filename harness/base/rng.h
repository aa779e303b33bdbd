// SPDX-License-Identifier: Apache-2.0
//
// Random numbers that are fast, seeded, and the same everywhere.
//
// xoshiro256** 1.0 and SplitMix64 are by Blackman and Vigna, "Scrambled linear pseudorandom number
// generators" (ACM TOMS 2021): 1.3 ns a number against 7 ns for std::mt19937_64. The standard
// distributions are not used: their results differ between libraries.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "harness/base/uint128.h"

namespace mbench {

// The finaliser of SplitMix64: a bijection in which every input bit moves every output bit.
constexpr std::uint64_t Mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}
constexpr std::uint64_t Mix64(std::uint64_t a, std::uint64_t b) { return Mix64(Mix64(a) ^ b); }

// Thread: one per thread.
class Rng {
 public:
  explicit constexpr Rng(std::uint64_t seed) {
    for (std::uint64_t& word : state_) word = seed = Mix64(seed);
  }

  constexpr std::uint64_t Next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // Uniform in [0, bound). Lemire's multiplication without the rejection step: the bias is below
  // bound / 2^64, far under what any run could see. REQUIRES: bound > 0.
  constexpr std::uint64_t Below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<Uint128>(Next()) * bound) >> 64);
  }
  // Uniform in [0, 1), 53 bits.
  constexpr double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }
  // Exponential with mean 1.
  double Exponential() { return -std::log1p(-Unit()); }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace mbench
