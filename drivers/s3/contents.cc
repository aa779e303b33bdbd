// SPDX-License-Identifier: Apache-2.0
#include "drivers/s3/contents.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "harness/base/rng.h"
#include "harness/base/text_hash.h"

namespace mbench::s3 {
namespace {

constexpr std::size_t kSlices = 1 << 16;  // a slice begins at any of so many bytes
using Pool = std::array<std::uint64_t, (kSlices + Contents::kBlock) / 8 + 1>;

const Pool& PoolOfBytes() {
  static const Pool pool = [] {
    Pool made{};
    Rng rng(0x5333);
    for (std::uint64_t& word : made) word = rng.Next();
    return made;
  }();
  return pool;
}

}  // namespace

Contents::Contents(std::string_view name) : hash_(Mix64(HashText(name))) {}

void Contents::WriteBlock(std::uint64_t block, std::size_t at, char* out, std::size_t size) const {
  const std::uint64_t draw = Mix64(hash_, block);
  const char* from = reinterpret_cast<const char*>(PoolOfBytes().data()) + draw % kSlices + at;
  // The mask as it stands from byte `at` on; words are little endian.
  const std::uint64_t mask = std::rotr(Mix64(draw), static_cast<int>(at % 8 * 8));
  std::uint64_t word = 0;
  for (; size >= 8; size -= 8, from += 8, out += 8) {
    std::memcpy(&word, from, 8);
    word ^= mask;
    std::memcpy(out, &word, 8);
  }
  if (size == 0) return;
  word = 0;
  std::memcpy(&word, from, size);
  word ^= mask;
  std::memcpy(out, &word, size);
}

void Contents::Write(std::uint64_t offset, char* out, std::size_t size) const {
  while (size > 0) {
    const auto at = static_cast<std::size_t>(offset % kBlock);
    const std::size_t here = std::min(size, kBlock - at);
    WriteBlock(offset / kBlock, at, out, here);
    offset += here;
    out += here;
    size -= here;
  }
}

bool Contents::Match(std::uint64_t offset, std::string_view bytes) const {
  std::array<char, kBlock> right;
  while (!bytes.empty()) {
    const auto at = static_cast<std::size_t>(offset % kBlock);
    const std::size_t here = std::min(bytes.size(), kBlock - at);
    WriteBlock(offset / kBlock, at, right.data(), here);
    if (std::memcmp(right.data(), bytes.data(), here) != 0) return false;
    offset += here;
    bytes.remove_prefix(here);
  }
  return true;
}

}  // namespace mbench::s3
