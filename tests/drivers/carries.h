// SPDX-License-Identifier: Apache-2.0
//
// What Completion::bytes_sent and bytes_received should be, for a protocol that puts words around
// what it carries.
#pragma once

#include <gmock/gmock.h>

#include <cstddef>

namespace mbench::testing {

MATCHER_P2(Carries, size, words, "") { return arg >= size && arg <= size + words; }
template <class Size>
auto Carries(Size size) {
  return Carries(static_cast<std::size_t>(size), std::size_t{400});
}

}  // namespace mbench::testing
