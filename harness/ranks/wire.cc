// SPDX-License-Identifier: Apache-2.0
#include "harness/ranks/wire.h"

namespace mbench {
namespace {

constexpr int kRealBytes = 8;

}  // namespace

void WireWriter::Count(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
  bytes_ += static_cast<char>(value);
}

void WireWriter::Real(double value) {
  auto bits = std::bit_cast<std::uint64_t>(value);
  for (int i = 0; i < kRealBytes; ++i, bits >>= 8) bytes_ += static_cast<char>(bits);
}

std::uint64_t WireReader::Count() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) break;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  ok_ = false;
  return 0;
}

double WireReader::Real() {
  if (rest_.size() < kRealBytes) {
    ok_ = false;
    return 0;
  }
  std::uint64_t bits = 0;
  for (int i = kRealBytes - 1; i >= 0; --i)
    bits = bits << 8 | static_cast<unsigned char>(rest_[static_cast<std::size_t>(i)]);
  rest_.remove_prefix(kRealBytes);
  return std::bit_cast<double>(bits);
}

std::string WireReader::Text() {
  const std::uint64_t size = Count();
  if (size > rest_.size()) {
    ok_ = false;
    return "";
  }
  std::string text(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return text;
}

}  // namespace mbench
