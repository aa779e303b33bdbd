// SPDX-License-Identifier: Apache-2.0
//
// Exact draws from the Zipf distribution: rank i = 0 .. n-1 with weight (i+1)^-theta.
//
// The usual generator (Gray et al., SIGMOD 1994, which YCSB uses) is an approximation and calls
// pow() for each draw, 20-25 ns. Here ranks are put into groups, the first 128 of them alone
// and the others in groups whose width grows in proportion to their rank:
//
//     rank   0 1 2 3 ... 127 | 128 129 | 130 131 | ... | 10^6 .. 10^6 + 15624 | ...
//     width  1 1 1 1 ...   1 |       2 |       2 |     |                15625 |
//
// An alias table draws the group, with the exact sum of its weights. Within a group weights differ
// by about theta %, so a uniform rank is right nearly always: it is kept with probability weight /
// largest weight of the group, and that takes pow() only when a random number falls between the
// smallest ratio and 1.
#pragma once

#include <cstdint>
#include <vector>

#include "workloads/alias_table.h"

namespace mbench {

// Thread: any; immutable.
class ZipfTable {
 public:
  // About 64 (1 + ln(n / 64)) groups of 40 bytes, so that they stay in the first level cache, made
  // in well under a millisecond. REQUIRES: n > 0, 0 < theta <= 10.
  ZipfTable(std::uint64_t n, double theta);

  std::uint64_t Size() const { return size_; }

  // `random`: Next() gives 64 uniform bits.
  template <class Random>
  std::uint64_t Draw(Random& random) const {
    const Group& group = groups_[table_.Pick(random.Next())];
    while (true) {
      const WideProduct product = Multiply(random.Next(), group.width);
      const std::uint64_t rank = group.begin + product.high;
      if (product.low <= group.always) [[likely]]
        return rank;
      if (Accept(group, rank, product.low)) return rank;
    }
  }

 private:
  struct Group {
    std::uint64_t begin, width;
    std::uint64_t always;  // smallest weight / largest weight, as a part of 2^64
  };
  bool Accept(const Group& group, std::uint64_t rank, std::uint64_t random) const;

  std::uint64_t size_;
  double theta_;
  std::vector<Group> groups_;
  AliasTable table_;
};

// The sum of (i+1)^-theta for i in [begin, end), to about 15 digits.
double ZipfWeight(std::uint64_t begin, std::uint64_t end, double theta);

}  // namespace mbench
