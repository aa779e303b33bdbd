// SPDX-License-Identifier: Apache-2.0
//
// MB_CHECK: what must hold if our own code is right. Always on; aborts with the values. Never for
// bad input: that is a Result (result.h).
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace mbench::detail {
[[noreturn]] inline void CheckFailed(const char* file, int line, const char* condition,
                                     const std::string& message) {
  std::fprintf(stderr, "%s:%d: bug: %s does not hold: %s\n", file, line, condition,
               message.c_str());
  std::abort();
}
}  // namespace mbench::detail

// MB_CHECK(begin <= end, "begin {} end {}", begin, end)
#define MB_CHECK(condition, ...)                                                               \
  do {                                                                                         \
    if (!(condition)) [[unlikely]]                                                             \
      ::mbench::detail::CheckFailed(__FILE__, __LINE__, #condition, fmt::format(__VA_ARGS__)); \
  } while (false)
