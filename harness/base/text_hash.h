// SPDX-License-Identifier: Apache-2.0
//
// A hash of a text that is the same in every run and on every machine: FNV-1a with 64 bits (Fowler,
// Noll, Vo). For marks that are stored, not for tables.
#pragma once

#include <cstdint>
#include <string_view>

namespace mbench {

constexpr std::uint64_t HashText(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace mbench
