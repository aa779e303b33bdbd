// SPDX-License-Identifier: Apache-2.0
//
// Where something stands that a person wrote, so that a message can point to it.
#pragma once

#include <compare>
#include <cstdint>

namespace mbench {

// A stretch of one line of one source. Lines and columns count from 1, in bytes; line 0: the source
// as a whole.
struct Place {
  std::uint32_t source = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 1;
  std::uint32_t width = 1;

  auto operator<=>(const Place&) const = default;
};

}  // namespace mbench
