// SPDX-License-Identifier: Apache-2.0
//
// Draws an index with given weights in constant time: one multiplication and one comparison.
//
// The alias method (A. J. Walker, 1977) with M. D. Vose's construction (1991). The n weights are
// cut and packed into n boxes of equal size, each shared by at most two indices: a random number
// chooses the box, and its position within the box chooses which of the two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/base/uint128.h"

namespace mbench {

// a * b in full.
struct WideProduct {
  std::uint64_t high, low;
};
inline WideProduct Multiply(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<Uint128>(a) * b;
  return {static_cast<std::uint64_t>(product >> 64), static_cast<std::uint64_t>(product)};
}

// Thread: any; immutable.
class AliasTable {
 public:
  AliasTable() = default;
  // REQUIRES: no weight is negative, one is positive, fewer than 2^32 of them.
  explicit AliasTable(std::span<const double> weights);

  std::size_t Size() const { return boxes_.size(); }

  // `random`: 64 uniform bits. REQUIRES: Size() > 0.
  std::size_t Pick(std::uint64_t random) const {
    // The high word is uniform over the boxes, the low word uniform within the box.
    const WideProduct product = Multiply(random, boxes_.size());
    const Box& box = boxes_[product.high];
    // Not written as a condition: that becomes a branch, and nobody can predict it.
    const std::uint64_t use_other = -static_cast<std::uint64_t>(product.low >= box.keep);
    return product.high ^ (box.other_xor_own & use_other);
  }

 private:
  struct Box {
    std::uint64_t keep = UINT64_MAX;  // below it is the box's own index
    std::uint64_t other_xor_own = 0;
  };
  std::vector<Box> boxes_;
};

}  // namespace mbench
