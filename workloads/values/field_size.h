// SPDX-License-Identifier: Apache-2.0
//
// The size of a field, drawn by a hash, so that whoever knows the hash knows the size.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/plan/run_plan.h"
#include "workloads/alias_table.h"
#include "workloads/keys/zipf_table.h"

namespace mbench {

// Thread: any; immutable.
class FieldSizes {
 public:
  explicit FieldSizes(const FieldSize& plan);

  // REQUIRES: the hash is as good as 64 random bits.
  std::uint32_t Of(std::uint64_t hash) const {
    return choose_ == SizeChoice::kConstant ? max_ : Draw(hash);
  }
  // Whether some hash gives this size.
  bool Possible(std::uint64_t size) const;
  std::uint32_t Max() const { return max_; }

 private:
  std::uint32_t Draw(std::uint64_t hash) const;

  SizeChoice choose_;
  std::uint32_t min_, max_;
  std::optional<ZipfTable> zipf_;     // rank 0: the smallest size
  std::vector<std::uint32_t> sizes_;  // histogram: those with weight
  AliasTable weights_;
};

}  // namespace mbench
