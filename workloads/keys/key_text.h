// SPDX-License-Identifier: Apache-2.0
//
// Record number -> key text, as YCSB writes it: "user6284781860667377211" (hashed) or "user5"
// (ordered).
#pragma once

#include <cstdint>
#include <string>

#include "harness/plan/run_plan.h"

namespace mbench {

// Thread: any; immutable.
class KeyText {
 public:
  explicit KeyText(KeyFormat format) : format_(std::move(format)) {}

  // Writes the key into `out`; its storage is used again, so nothing is allocated after the first
  // time.
  void Write(std::uint64_t record, std::string* out) const;

 private:
  KeyFormat format_;
};

}  // namespace mbench
