// SPDX-License-Identifier: Apache-2.0
//
// A digest of what is stored, so that a digit that changed on the way is not shown as truth. It
// finds accidents and careless edits; it is no signature.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace mbench {

// CRC-32 of bytes that come in pieces.
class Digest {
 public:
  void Add(std::string_view bytes);
  std::string Text() const;  // "crc32:0a1b2c3d"

 private:
  std::uint32_t crc_ = 0;
};

// What closes a run.json: its last member, the digest of all that stands before it, and the brace.
std::string ClosingOfRunDocument(const Digest& digest);

// Whether the run.json at `path` is as it was written: kInvalid, naming both digests.
Status CheckRunDocument(const std::string& path);

// Of the whole file; "" when it cannot be read.
std::string DigestOfFile(const std::string& path);

}  // namespace mbench
