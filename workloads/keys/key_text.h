// SPDX-License-Identifier: Apache-2.0
//
// Record number -> key text, as YCSB writes it: "user6284781860667377211" (hashed) or "user5"
// (ordered).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/plan/run_plan.h"

namespace mbench {

// Thread: any; immutable.
class KeyText {
 public:
  explicit KeyText(KeyFormat format);

  // The key, somewhere in `storage`: that grows to the size of the longest key once and is used
  // again and again, so that keys of different lengths cost neither an allocation nor a branch.
  std::string_view Write(std::uint64_t record, std::string* storage) const;

 private:
  KeyFormat format_;
  std::size_t max_size_;
  std::array<char, 16> short_prefix_{};  // as much of the prefix as fits
};

}  // namespace mbench
