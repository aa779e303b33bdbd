// SPDX-License-Identifier: Apache-2.0
#include "drivers/op.h"

#include <array>

namespace mbench {

std::string_view Name(OpKind kind) {
  static constexpr std::array<std::string_view, kOpKinds> kNames = {"read", "update", "insert",
                                                                    "scan", "delete", "statement"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view Name(Outcome outcome) {
  static constexpr std::array<std::string_view, kOutcomes> kNames = {
      "ok", "not_found", "mismatch", "failed", "timed_out", "rejected"};
  return kNames[static_cast<std::size_t>(outcome)];
}

}  // namespace mbench
