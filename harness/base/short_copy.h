// SPDX-License-Identifier: Apache-2.0
//
// Copies texts of a few bytes without a call: names, numbers.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace mbench {

// Returns the end of what was written. REQUIRES: room for all of `text`, which lies elsewhere.
inline char* CopyShort(std::string_view text, char* to) {
  const std::size_t size = text.size();
  if (size > 16) [[unlikely]] {
    std::memcpy(to, text.data(), size);
  } else if (size >= 8) {  // two words, which overlap
    std::uint64_t first, last;
    std::memcpy(&first, text.data(), 8);
    std::memcpy(&last, text.data() + size - 8, 8);
    std::memcpy(to, &first, 8);
    std::memcpy(to + size - 8, &last, 8);
  } else if (size >= 4) {
    std::uint32_t first, last;
    std::memcpy(&first, text.data(), 4);
    std::memcpy(&last, text.data() + size - 4, 4);
    std::memcpy(to, &first, 4);
    std::memcpy(to + size - 4, &last, 4);
  } else {
    for (std::size_t i = 0; i < size; ++i) to[i] = text[i];
  }
  return to + size;
}

}  // namespace mbench
