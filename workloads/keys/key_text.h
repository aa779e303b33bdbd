// SPDX-License-Identifier: Apache-2.0
//
// Record number -> key text, as YCSB writes it: "user6284781860667377211" (hashed) or "user5"
// (ordered).
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "harness/plan/run_plan.h"

namespace mbench {

// Thread: any; immutable.
class KeyText {
 public:
  explicit KeyText(KeyFormat format);

  // Writes the key into `out`; its storage is used again, so nothing is allocated after the first
  // time.
  void Write(std::uint64_t record, std::string* out) const;

 private:
  using ShortPrefix = std::array<char, 16>;

  KeyFormat format_;
  ShortPrefix short_prefix_{};  // as much of the prefix as fits
};

}  // namespace mbench
