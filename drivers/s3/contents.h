// SPDX-License-Identifier: Apache-2.0
//
// What stands in an object: a pure function of (its name, offset), so that any range of it can be
// made, and checked, without the rest.
//
// A block of 4 KiB is a slice of a fixed pool of random bytes under a mask of eight bytes; slice
// and mask come from a hash of the name and the number of the block. That costs one load, one XOR
// and one store per eight bytes, and no two blocks are alike for a compressor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mbench::s3 {

class Contents {
 public:
  static constexpr std::size_t kBlock = 4096;

  // `name`: of the object, whole.
  explicit Contents(std::string_view name);

  // Bytes [offset, offset + size).
  void Write(std::uint64_t offset, char* out, std::size_t size) const;
  // Whether those bytes are these.
  bool Match(std::uint64_t offset, std::string_view bytes) const;

 private:
  // Bytes within one block. REQUIRES: at + size <= kBlock.
  void WriteBlock(std::uint64_t block, std::size_t at, char* out, std::size_t size) const;

  std::uint64_t hash_;
};

}  // namespace mbench::s3
