// SPDX-License-Identifier: Apache-2.0
#include "workloads/alias_table.h"

#include <algorithm>
#include <numeric>

#include "harness/base/check.h"

namespace mbench {
namespace {

// `part` of 2^64, for 0 <= part < 1.
std::uint64_t Fixed64(double part) {
  return part >= 1 ? UINT64_MAX : static_cast<std::uint64_t>(part * 0x1.0p64);
}

}  // namespace

AliasTable::AliasTable(std::span<const double> weights) : boxes_(weights.size()) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  MB_CHECK(sum > 0, "{} weights, sum {}", weights.size(), sum);

  // Weights in units of one box. Each round fills the box of a small one up with a piece of a large
  // one.
  std::vector<double> rest;
  std::vector<std::size_t> small, large;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    rest.push_back(weights[i] / sum * static_cast<double>(weights.size()));
    (rest[i] < 1 ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const std::size_t poor = small.back(), rich = large.back();
    boxes_[poor] = {.keep = Fixed64(rest[poor]), .other_xor_own = rich ^ poor};
    small.pop_back();
    rest[rich] -= 1 - rest[poor];
    if (rest[rich] < 1) {
      large.pop_back();
      small.push_back(rich);
    }
  }
  // What is left in either list is a full box but for rounding and keeps its own index, unless its
  // weight is zero: that must never be drawn.
  const auto largest = std::max_element(weights.begin(), weights.end()) - weights.begin();
  for (const std::size_t i : small) {
    if (weights[i] == 0) {
      boxes_[i] = {.keep = 0, .other_xor_own = static_cast<std::uint64_t>(largest) ^ i};
    }
  }
}

}  // namespace mbench
